package io.overair.install;

import java.io.IOException;

/** A command could not be started, or said by its status that it has failed: it ended by itself, and nobody made it. */
final class CommandFailedException extends IOException {
    private static final long serialVersionUID = 1;

    CommandFailedException(String message) {
        super(message);
    }

    CommandFailedException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
