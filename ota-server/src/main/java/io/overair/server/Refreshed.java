package io.overair.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A value read from the disk, and read again once it is too old. However many threads ask at once, one reads and the
 * others wait for it; a failed read leaves nothing behind and the next caller tries again.
 */
final class Refreshed<T> {
    /** A read that took long is not repeated soon: at most a twentieth of the time goes into reading. */
    private static final int REST_FACTOR = 20;

    private final Reader<T> reader;
    private final long freshNanos;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Read<T> latest;

    /** Reads the value anew. */
    interface Reader<T> {
        /** The value now, given the one before it. */
        T read(Optional<T> earlier) throws IOException;
    }

    Refreshed(Duration freshness, Reader<T> reader) {
        this.freshNanos = freshness.toNanos();
        this.reader = reader;
    }

    T get() throws IOException {
        Read<T> seen = latest;
        if (seen != null && seen.isFresh()) {
            return seen.value;
        }
        reading.lock();
        try {
            Read<T> current = latest;
            if (current != null && current.isFresh()) {
                return current.value;
            }
            long start = System.nanoTime();
            T value = reader.read(Optional.ofNullable(current).map(read -> read.value));
            long end = System.nanoTime();
            long lifetime = freshNanos == 0 ? 0 : Math.max(freshNanos, REST_FACTOR * (end - start));
            latest = new Read<>(value, end, lifetime);
            return value;
        } finally {
            reading.unlock();
        }
    }

    /** Makes the next caller read, whatever the age. */
    void expire() {
        Read<T> current = latest;
        if (current != null) {
            latest = new Read<>(current.value, current.readAt, 0);
        }
    }

    private record Read<T>(T value, long readAt, long lifetime) {
        boolean isFresh() {
            return System.nanoTime() - readAt < lifetime;
        }
    }
}
