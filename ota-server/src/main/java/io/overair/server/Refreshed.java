package io.overair.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A value read from the disk, and read again once it is too old. However many threads ask at once, one reads; the others
 * get the value before it, or wait if there is none. While the value cannot be read, the one before stands in for it. A
 * failure is remembered, too: what took long to fail is not tried again by everybody who asks.
 */
final class Refreshed<T> {
    /** At most a twentieth of the time goes into reading in vain. */
    private static final int REST_AFTER_FAILURE = 20;

    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final Reader<T> reader;
    private final long freshNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Read<T> latest;
    private volatile @Nullable Failure failure;

    /** Reads the value anew. */
    interface Reader<T> {
        /** The value now, given the one before it. */
        T read(Optional<T> earlier) throws IOException;

        /** Is told why the value before stands in for one that cannot be read: once, until one can be read again. */
        default void standsIn(IOException problem) {}
    }

    /** @param nanoTime tells how old a value is */
    Refreshed(Duration freshness, LongSupplier nanoTime, Reader<T> reader) {
        this.freshNanos = freshness.toNanos();
        this.nanoTime = nanoTime;
        this.reader = reader;
    }

    T get() throws IOException {
        Read<T> seen = latest;
        if (seen != null && seen.isFresh(nanoTime)) {
            return seen.value;
        }
        if (seen == null) {
            reading.lock();
        } else if (!reading.tryLock()) {
            return seen.value;
        }
        try {
            return refresh();
        } finally {
            reading.unlock();
        }
    }

    private T refresh() throws IOException {
        Read<T> current = latest;
        if (current != null && current.isFresh(nanoTime)) {
            return current.value;
        }
        Failure last = failure;
        if (last != null && last.isRecent(nanoTime)) {
            if (current == null) {
                throw last.problem;
            }
            return current.value;
        }
        long start = nanoTime.getAsLong();
        try {
            T value = reader.read(Optional.ofNullable(current).map(read -> read.value));
            latest = new Read<>(value, nanoTime.getAsLong(), freshNanos);
            failure = null;
            return value;
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw e; // says something of this caller, nothing of the disk
        } catch (IOException e) {
            long end = nanoTime.getAsLong();
            long rest = Math.min(REST_AFTER_FAILURE * (end - start), LONGEST_REST.toNanos());
            failure = new Failure(e, end, freshNanos == 0 ? 0 : Math.max(freshNanos, rest));
            if (current == null) {
                throw e;
            }
            if (last == null) {
                reader.standsIn(e);
            }
            return current.value;
        }
    }

    /** Makes the next caller read, whatever the age. */
    void expire() {
        Read<T> current = latest;
        if (current != null) {
            latest = new Read<>(current.value, current.readAt, 0);
        }
        failure = null;
    }

    private record Read<T>(T value, long readAt, long lifetime) {
        boolean isFresh(LongSupplier nanoTime) {
            return nanoTime.getAsLong() - readAt < lifetime;
        }
    }

    private record Failure(IOException problem, long failedAt, long rest) {
        boolean isRecent(LongSupplier nanoTime) {
            return nanoTime.getAsLong() - failedAt < rest;
        }
    }
}
