package io.overair.client.http;

import java.io.IOException;

/** {@code nmcli} ended with an error; package-private, since all that callers can do is show it. */
final class NmcliException extends IOException {
    /** The status that says that there is no such connection, device or network. */
    static final int NOTHING_SUCH = 10;

    private static final long serialVersionUID = 1;

    private final int status;

    NmcliException(int status, String command, String message) {
        super("nmcli %s: %s (status %d)".formatted(command, message, status));
        this.status = status;
    }

    int status() {
        return status;
    }
}
