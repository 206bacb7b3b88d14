package io.overair.install;

import io.overair.version.LooseVersion;
import java.util.Optional;

/**
 * How the last change of an installation ended: what a fleet wants to know.
 *
 * @param release which release it was about; empty if there was none
 * @param reason why, if it did not end as it was meant to, or if somebody said; its first 1,000 characters are kept
 */
public record Report(Outcome outcome, Optional<LooseVersion> release, Optional<String> reason) {
    /** Cuts a reason that is too long. */
    public Report {
        reason = reason.map(Excerpt::of);
    }

    static final Report NONE = new Report(Outcome.NONE, Optional.empty(), Optional.empty());

    static Report of(Outcome outcome, Optional<LooseVersion> release) {
        return new Report(outcome, release, Optional.empty());
    }
}
