package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;

/**
 * A memory card, or whatever else was mounted in the tree and has files of this installation on it, is not there, or another
 * one is; or one was mounted over files of this installation that the update does not bring once more. An update, or a
 * rollback, would leave a mixture. Nothing was changed. Bring back what was there, and try again; files that are only
 * hidden may also be copied to what hides them. If a store is gone for good, also if its files were copied to a new one,
 * {@link InstallationOptions#withReplacedStore} has the next update take what is there now, and a rollback leave it out.
 */
public final class MissingStoreException extends IOException {
    private static final long serialVersionUID = 1;

    private final String mount;

    private MissingStoreException(DevicePath mount, String reason) {
        super("waiting for %s: %s".formatted(mount, reason));
        this.mount = mount.value();
    }

    static MissingStoreException at(DevicePath mount) {
        return new MissingStoreException(
                mount, "the file store that belongs there is missing, or another one is there");
    }

    /** {@code file} was installed below {@code mount} when nothing was mounted there. */
    static MissingStoreException hidden(DevicePath file, DevicePath mount) {
        return new MissingStoreException(
                mount,
                "something was mounted there since %s was installed, and hides it: unmount it, or copy that file to it"
                        .formatted(file));
    }

    /** The folder of the tree where it belongs. */
    public DevicePath mount() {
        return new DevicePath(mount);
    }
}
