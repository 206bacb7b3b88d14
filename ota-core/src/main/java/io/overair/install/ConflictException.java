package io.overair.install;

import java.io.IOException;

/** What is on the device stands in the way of a release: a folder with other files where a file belongs, a link or a
 * file among the parents of a path, a device file, a name the file store cannot tell from another. Nothing was changed. */
public final class ConflictException extends IOException {
    private static final long serialVersionUID = 1;

    private final String path;

    ConflictException(String path, String reason) {
        super(path + ": " + reason);
        this.path = path;
    }

    ConflictException(String path, String reason, Throwable cause) {
        super(path + ": " + reason, cause);
        this.path = path;
    }

    /** What is in the way, below the root. */
    public String path() {
        return path;
    }
}
