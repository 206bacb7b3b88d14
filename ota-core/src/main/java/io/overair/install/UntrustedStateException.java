package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;

/** The state folder of an installation cannot be relied on: it is spoilt, or others may write into it. Nothing was
 * touched, and nothing will be until a person has looked at it. */
public final class UntrustedStateException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Path path;

    UntrustedStateException(Path path, String reason) {
        super(path + ": " + reason);
        this.path = path;
    }

    UntrustedStateException(Path path, String reason, Throwable cause) {
        super(path + ": " + reason + ": " + cause.getMessage(), cause);
        this.path = path;
    }

    /** The file or folder it is about. */
    public Path path() {
        return path;
    }
}
