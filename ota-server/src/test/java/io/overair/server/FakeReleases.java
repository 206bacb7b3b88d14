package io.overair.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A repository without releases that serves files and bytes by path, and counts what is open. */
public final class FakeReleases implements ReleaseRepository {
    private interface Opener {
        Content open() throws IOException;
    }

    private final Map<String, Opener> openers = new ConcurrentHashMap<>();
    private int opened;
    private int open;

    /** A repository of nothing. */
    public FakeReleases() {}

    /** Serves {@code bytes} through a channel that is not a file. */
    public FakeReleases with(String path, byte[] bytes) {
        return with(path, bytes, bytes.length);
    }

    /** Serves {@code bytes} as if they were {@code size}. */
    public FakeReleases with(String path, byte[] bytes, long size) {
        openers.put(path, () -> content(ReadOnlyChannel.of(ByteBuffer.wrap(bytes)), size));
        return this;
    }

    /** Serves {@code file} as if it had {@code size} bytes. */
    public FakeReleases withFile(String path, Path file, long size) {
        openers.put(path, () -> content(FileChannel.open(file), size));
        return this;
    }

    /** Serves {@code file}. */
    public FakeReleases withFile(String path, Path file) throws IOException {
        return withFile(path, file, Files.size(file));
    }

    /** Serves {@code bytes} once {@code gate} is open; each request that waits is released into {@code arrivals}. */
    public FakeReleases withGate(String path, byte[] bytes, Semaphore arrivals, CountDownLatch gate) {
        openers.put(path, () -> {
            arrivals.release();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return content(ReadOnlyChannel.of(ByteBuffer.wrap(bytes)), bytes.length);
        });
        return this;
    }

    /** Fails at {@code path} as a bug would. */
    public FakeReleases withDefect(String path) {
        openers.put(path, () -> {
            throw new IllegalStateException("a defect, on purpose");
        });
        return this;
    }

    /** How many contents have been opened. */
    public synchronized int opened() {
        return opened;
    }

    /** Waits until every content that was opened is closed. */
    public synchronized void awaitAllClosed() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (open > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(open + " contents were never closed");
            }
            wait(left);
        }
    }

    @Override
    public List<Release> releases() {
        return List.of();
    }

    @Override
    public List<FirmwareFile> firmware() {
        return List.of();
    }

    @Override
    public Optional<Content> open(String path) throws IOException {
        Opener opener = openers.get(path);
        return opener == null ? Optional.empty() : Optional.of(opener.open());
    }

    private synchronized Content content(SeekableByteChannel channel, long size) {
        opened++;
        open++;
        return new FakeContent(channel, size);
    }

    private synchronized void closed() {
        open--;
        notifyAll();
    }

    private final class FakeContent implements Content {
        private final SeekableByteChannel channel;
        private final long size;
        private final AtomicBoolean closed = new AtomicBoolean();

        FakeContent(SeekableByteChannel channel, long size) {
            this.channel = channel;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public Optional<String> entityTag() {
            return Optional.empty();
        }

        @Override
        public SeekableByteChannel channel() {
            return channel;
        }

        @Override
        public void close() throws IOException {
            channel.close();
            if (closed.compareAndSet(false, true)) {
                FakeReleases.this.closed();
            }
        }
    }
}
