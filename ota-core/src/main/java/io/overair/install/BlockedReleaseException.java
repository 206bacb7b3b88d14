package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;

/**
 * This device has refused the release before: it is not tried again until a higher one comes, or until
 * {@link Installation#unblock}. Nothing was changed.
 */
public final class BlockedReleaseException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient LooseVersion release;

    BlockedReleaseException(LooseVersion release) {
        super(release + " has failed on this device before and is blocked");
        this.release = release;
    }

    /** Which release. */
    public LooseVersion release() {
        return release;
    }
}
