package io.overair.server.netty;

import io.overair.server.Content;
import io.overair.server.FirmwareFile;
import io.overair.server.Release;
import io.overair.server.ReleaseRepository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
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

/** A repository without releases that serves files and bytes by path, and counts what is open. */
public final class FakeReleases implements ReleaseRepository {
    private interface Opener {
        Content open() throws IOException;
    }

    private final Map<String, Opener> openers = new ConcurrentHashMap<>();
    private int open;

    /** A repository of nothing. */
    public FakeReleases() {}

    /** Serves {@code bytes} through a channel that is not a file. */
    public FakeReleases with(String path, byte[] bytes) {
        return with(path, bytes, bytes.length);
    }

    /** Serves {@code bytes} as if they were {@code size}. */
    public FakeReleases with(String path, byte[] bytes, long size) {
        openers.put(path, () -> content(new BytesChannel(bytes), size));
        return this;
    }

    /** Serves {@code file} as if it had {@code size} bytes. */
    FakeReleases withFile(String path, Path file, long size) {
        openers.put(path, () -> content(FileChannel.open(file), size));
        return this;
    }

    FakeReleases withFile(String path, Path file) throws IOException {
        return withFile(path, file, Files.size(file));
    }

    /** Serves {@code bytes} once {@code gate} is open; each request that waits is released into
     * {@code arrivals}. */
    FakeReleases withGate(String path, byte[] bytes, Semaphore arrivals, CountDownLatch gate) {
        openers.put(path, () -> {
            arrivals.release();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return content(new BytesChannel(bytes), bytes.length);
        });
        return this;
    }

    FakeReleases withDefect(String path) {
        openers.put(path, () -> {
            throw new IllegalStateException("a defect, on purpose");
        });
        return this;
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

    private Content content(SeekableByteChannel channel, long size) {
        if (channel
                instanceof BytesChannel) { // a file cannot be wrapped without ceasing to be one, so it is not counted
            synchronized (this) {
                open++;
            }
        }
        return new FakeContent(channel, size);
    }

    private synchronized void closed() {
        open--;
        notifyAll();
    }

    private record FakeContent(SeekableByteChannel channel, long size) implements Content {
        @Override
        public Optional<String> entityTag() {
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private final class BytesChannel implements SeekableByteChannel {
        private final ByteBuffer bytes;
        private boolean closed;

        BytesChannel(byte[] bytes) {
            this.bytes = ByteBuffer.wrap(bytes);
        }

        @Override
        public int read(ByteBuffer target) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(target.remaining(), bytes.remaining());
            target.put(bytes.slice().limit(count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public long position() {
            return bytes.position();
        }

        @Override
        public SeekableByteChannel position(long position) {
            bytes.position((int) Math.min(position, bytes.limit()));
            return this;
        }

        @Override
        public long size() {
            return bytes.limit();
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new NonWritableChannelException();
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                FakeReleases.this.closed();
            }
        }
    }
}
