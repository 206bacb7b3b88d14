package io.overair.install;

import java.io.IOException;

/** A change could not be made whole, and was undone: the device has what it had before. The cause says what failed. */
public final class UpdateUndoneException extends IOException {
    private static final long serialVersionUID = 1;

    UpdateUndoneException(Throwable cause) {
        super("could not be applied and was undone: " + cause.getMessage(), cause);
    }
}
