package io.overair.install;

import java.io.IOException;

/** What was read is not what this library wrote, though it could be read. */
final class SpoiltException extends IOException {
    private static final long serialVersionUID = 1;

    SpoiltException(String reason) {
        super(reason);
    }

    SpoiltException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
