package io.overair.server;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Bytes in memory as a channel to read from. For one thread at a time. */
final class BytesChannel implements SeekableByteChannel {
    private final ByteBuffer bytes;
    private long position;
    private boolean open = true;

    BytesChannel(ByteBuffer bytes) {
        this.bytes = bytes.asReadOnlyBuffer();
    }

    @Override
    public int read(ByteBuffer destination) throws ClosedChannelException {
        checkOpen();
        if (position >= size()) {
            return -1;
        }
        int count = (int) Math.min(destination.remaining(), size() - position);
        destination.put(bytes.slice((int) position, count));
        position += count;
        return count;
    }

    @Override
    public long position() throws ClosedChannelException {
        checkOpen();
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws ClosedChannelException {
        checkOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("a position of " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws ClosedChannelException {
        checkOpen();
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
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    private void checkOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
