package io.overair.install;

import java.io.IOException;

/** There is no version to go back to, or not all of it is left. Nothing was changed. */
public final class NoWayBackException extends IOException {
    private static final long serialVersionUID = 1;

    NoWayBackException(String reason) {
        super("cannot roll back: " + reason);
    }
}
