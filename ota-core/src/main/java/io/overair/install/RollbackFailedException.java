package io.overair.install;

import java.io.IOException;

/** A change can be brought neither to its end nor back now. Nothing more is touched and nothing is lost; the next
 * {@link Installation#open} tries again. The cause says what stands in the way. */
public final class RollbackFailedException extends IOException {
    private static final long serialVersionUID = 1;

    RollbackFailedException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
