package io.overair.server;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Something in memory as a channel to read from. For one thread at a time. */
abstract class ReadOnlyChannel implements SeekableByteChannel {
    private final long size;
    private long position;
    private boolean open = true;

    ReadOnlyChannel(long size) {
        this.size = size;
    }

    /** All of {@code bytes}. */
    static SeekableByteChannel of(ByteBuffer bytes) {
        return new ReadOnlyChannel(bytes.limit()) {
            @Override
            void read(long position, ByteBuffer destination) {
                destination.put(bytes.slice((int) position, destination.remaining()));
            }
        };
    }

    /** Fills {@code destination}, which has no more room than there are bytes from {@code position} on. */
    abstract void read(long position, ByteBuffer destination);

    @Override
    public final int read(ByteBuffer destination) throws ClosedChannelException {
        checkOpen();
        if (position >= size) {
            return -1;
        }
        int count = (int) Math.min(destination.remaining(), size - position);
        read(position, destination.slice(destination.position(), count));
        destination.position(destination.position() + count);
        position += count;
        return count;
    }

    @Override
    public final long position() throws ClosedChannelException {
        checkOpen();
        return position;
    }

    @Override
    public final SeekableByteChannel position(long newPosition) throws ClosedChannelException {
        checkOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("a position of " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public final long size() {
        return size;
    }

    @Override
    public final int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public final SeekableByteChannel truncate(long newSize) {
        throw new NonWritableChannelException();
    }

    @Override
    public final boolean isOpen() {
        return open;
    }

    @Override
    public final void close() {
        open = false;
    }

    private void checkOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
