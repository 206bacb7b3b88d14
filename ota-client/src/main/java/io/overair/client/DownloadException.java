package io.overair.client;

import java.io.IOException;

/**
 * Something could not be had in as many tries as the {@link RetryPolicy} allows, or is larger than the {@link Limits}
 * allow. The device is as it was before; parts that arrived are kept, so a later update fetches the rest.
 */
public final class DownloadException extends IOException {
    private static final long serialVersionUID = 1;

    private final String subject;
    private final int tries;

    DownloadException(String subject, int tries, IOException cause) {
        super(
                "%s: gave up after %d %s: %s; nothing was changed"
                        .formatted(subject, tries, tries == 1 ? "try" : "tries", reason(cause)),
                cause);
        this.subject = subject;
        this.tries = tries;
    }

    DownloadException(String subject, String problem) {
        super("%s: %s; nothing was changed".formatted(subject, problem));
        this.subject = subject;
        this.tries = 1;
    }

    private static String reason(IOException cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** What could not be had: a path on the device, {@code firmware} or {@code manifest}. */
    public String subject() {
        return subject;
    }

    /** How often it was tried, this last time included. */
    public int tries() {
        return tries;
    }
}
