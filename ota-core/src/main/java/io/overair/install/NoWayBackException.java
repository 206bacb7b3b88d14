package io.overair.install;

import java.io.IOException;

/** There is no version to go back to, or not all of it is left. Nothing was changed. */
public final class NoWayBackException extends IOException {
    private static final long serialVersionUID = 1;

    private enum Lack {
        FOR_GOOD,
        FOR_NOW
    }

    private final Lack lack;

    NoWayBackException(String reason) {
        this(reason, Lack.FOR_GOOD);
    }

    private NoWayBackException(String reason, Lack lack) {
        super("cannot roll back: " + reason);
        this.lack = lack;
    }

    /** What is needed is away, and may come back. */
    static NoWayBackException forNow(String reason) {
        return new NoWayBackException(reason, Lack.FOR_NOW);
    }

    /** Whether it stays so; if not, what the message names is away, such as the firmware writer, and may come back. */
    public boolean isForGood() {
        return lack == Lack.FOR_GOOD;
    }
}
