package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;

/** A release is on trial: it has to be confirmed or rejected before there is another one. Nothing was changed. */
public final class InTrialException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient LooseVersion release;

    InTrialException(LooseVersion release) {
        super(release + " is on trial: confirm or reject it first");
        this.release = release;
    }

    /** Which release. */
    public LooseVersion release() {
        return release;
    }
}
