package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;

/** A release was to be confirmed or rejected that is not on trial, or not any more. Nothing was changed. */
public final class NotOnTrialException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient LooseVersion release;

    NotOnTrialException(LooseVersion release, String reason) {
        super(release + " is not on trial: " + reason);
        this.release = release;
    }

    /** Which release. */
    public LooseVersion release() {
        return release;
    }
}
