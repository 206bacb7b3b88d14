package io.overair.client;

import java.io.IOException;

/** A transfer failed for a reason that may be gone at the next try: the cause. */
final class BrokenTransferException extends IOException {
    private static final long serialVersionUID = 1;

    private final IOException reason;

    BrokenTransferException(IOException reason) {
        super(reason.getMessage(), reason);
        this.reason = reason;
    }

    IOException reason() {
        return reason;
    }
}
