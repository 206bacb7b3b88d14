package io.overair.health;

import java.time.Duration;

/** Running time, and waiting. */
interface Ticker {
    /** Nanoseconds since some moment; never goes back. */
    long now();

    void sleep(Duration time) throws InterruptedException;

    static Ticker real() {
        return new Ticker() {
            @Override
            public long now() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration time) throws InterruptedException {
                Thread.sleep(time.toMillis());
            }
        };
    }
}
