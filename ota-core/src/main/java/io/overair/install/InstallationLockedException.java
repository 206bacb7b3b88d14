package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;

/** Another updater is at work on this installation. Nothing was changed; try again when it has ended. */
public final class InstallationLockedException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Path root;
    private final String holder;

    InstallationLockedException(Path root, String holder) {
        super(root + " is locked by " + holder);
        this.root = root;
        this.holder = holder;
    }

    /** Whose files these are. */
    public Path root() {
        return root;
    }

    /** Process id and program of whoever holds the lock, as far as known. */
    public String holder() {
        return holder;
    }
}
