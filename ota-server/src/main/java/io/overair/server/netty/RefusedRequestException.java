package io.overair.server.netty;

/** A request that is not well-formed, or more than this server takes. */
final class RefusedRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedRequestException(int status, String reason) {
        // No stack trace: it would cost an attacked server more than the request cost the attacker.
        super(reason, null, false, false);
        this.status = status;
    }

    /** The status to answer with, before the connection is closed. */
    int status() {
        return status;
    }
}
