package io.overair.examples.bench;

import java.io.InterruptedIOException;
import java.time.Duration;

/** Waiting for what cannot be waited for otherwise. */
final class Pause {
    private Pause() {}

    static void of(Duration time) throws InterruptedIOException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
