package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;

/**
 * A memory card, or whatever else was mounted in the tree and has files of this installation on it, is not there, or another
 * one is; an update, or a rollback, would leave a mixture on it. Nothing was changed. Bring it back and try again. If it is
 * gone for good, {@link InstallationOptions#withReplacedStore} has the next update take what is there now.
 */
public final class MissingStoreException extends IOException {
    private static final long serialVersionUID = 1;

    private final String mount;

    MissingStoreException(DevicePath mount) {
        super("waiting for %s: the file store that belongs there is missing, or another one is there".formatted(mount));
        this.mount = mount.value();
    }

    /** The folder of the tree where it belongs. */
    public DevicePath mount() {
        return new DevicePath(mount);
    }
}
