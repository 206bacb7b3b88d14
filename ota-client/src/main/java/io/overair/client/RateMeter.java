package io.overair.client;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How many bytes a second arrive, on average over the last minute, which slides in steps of a second. */
final class RateMeter {
    private static final int WINDOW_SECONDS = 60;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final long start;
    private final long[] bytesInSecond = new long[WINDOW_SECONDS];
    private long lastSecond;

    RateMeter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    void add(long bytes) {
        slide();
        bytesInSecond[(int) (lastSecond % WINDOW_SECONDS)] += bytes;
    }

    /** Time since this meter was made. */
    long elapsedNanos() {
        return nanoTime.getAsLong() - start;
    }

    boolean hasSeenAWholeWindow() {
        return elapsedNanos() >= TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);
    }

    long bytesPerSecond() {
        slide();
        double windowStart = Math.max(0, lastSecond - WINDOW_SECONDS + 1) * NANOS_PER_SECOND;
        double seconds = (elapsedNanos() - windowStart) / NANOS_PER_SECOND;
        return (long) (Arrays.stream(bytesInSecond).sum() / Math.max(seconds, 0.001));
    }

    /** Forgets the seconds that are no longer among the last. */
    private void slide() {
        long second = TimeUnit.NANOSECONDS.toSeconds(elapsedNanos());
        for (long gone = Math.max(lastSecond + 1, second - WINDOW_SECONDS + 1); gone <= second; gone++) {
            bytesInSecond[(int) (gone % WINDOW_SECONDS)] = 0;
        }
        lastSecond = second;
    }
}
