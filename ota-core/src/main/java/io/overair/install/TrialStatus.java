package io.overair.install;

import io.overair.version.LooseVersion;
import java.time.Duration;
import java.util.Optional;

/**
 * How far the trial of a release has come.
 *
 * @param release what is being tried
 * @param starts how often it may be started in all
 * @param startsLeft how often it may still be started; with 0 the next start brings back the version before
 * @param remaining how long it may still run
 * @param healthyStarts in how many starts it was found healthy
 * @param healthyStartsNeeded in how many starts it has to be
 * @param rejection why it was refused, if it was; then the next start or open brings back the version before; its first
 *     1,000 characters are kept
 */
public record TrialStatus(
        LooseVersion release,
        int starts,
        int startsLeft,
        Duration remaining,
        int healthyStarts,
        int healthyStartsNeeded,
        Optional<String> rejection) {
    /** Cuts a rejection that is too long. */
    public TrialStatus {
        rejection = rejection.map(Excerpt::of);
    }

    static TrialStatus begin(LooseVersion release, Trial trial) {
        return new TrialStatus(
                release, trial.starts(), trial.starts(), trial.deadline(), 0, trial.healthyStarts(), Optional.empty());
    }

    /** Whether nothing can save the release any more. */
    public boolean isRejected() {
        return rejection.isPresent();
    }

    TrialStatus withStartsLeft(int number) {
        return new TrialStatus(release, starts, number, remaining, healthyStarts, healthyStartsNeeded, rejection);
    }

    TrialStatus afterRunning(Duration time) {
        Duration left = remaining.minus(time);
        return new TrialStatus(
                release,
                starts,
                startsLeft,
                left.isNegative() ? Duration.ZERO : left,
                healthyStarts,
                healthyStartsNeeded,
                rejection);
    }

    TrialStatus afterHealthyStart() {
        return new TrialStatus(
                release, starts, startsLeft, remaining, healthyStarts + 1, healthyStartsNeeded, rejection);
    }

    TrialStatus rejected(String reason) {
        return new TrialStatus(release, starts, 0, remaining, healthyStarts, healthyStartsNeeded, Optional.of(reason));
    }
}
