package io.overair.server.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Sends a body piece by piece: the next one is read when the client has room for it, so there is never more than one in
 * memory.
 */
final class BodyStream implements Runnable, ChannelFutureListener {
    /** Largest piece, in bytes. */
    static final int PIECE = 64 * 1024;

    /** Where pieces come from. */
    @FunctionalInterface
    interface Source {
        /**
         * Appends exactly {@code count} bytes to {@code piece}.
         *
         * @throws EOFException if there are fewer
         */
        void read(ByteBuf piece, int count) throws IOException;
    }

    private final ChannelHandlerContext context;
    private final Source source;
    private final Executor reader;
    private final ChannelPromise end;
    private long remaining;

    private BodyStream(ChannelHandlerContext context, Source source, long length, Executor reader, ChannelPromise end) {
        this.context = context;
        this.source = source;
        this.remaining = length;
        this.reader = reader;
        this.end = end;
    }

    /**
     * Starts sending the {@code length} bytes of {@code source}, which {@code reader} reads. The future is done when
     * the last of them has left, or fails when one cannot be read or sent; nothing uses {@code source} after that.
     */
    static ChannelFuture send(ChannelHandlerContext context, Source source, long length, Executor reader) {
        ChannelPromise end = context.newPromise();
        new BodyStream(context, source, length, reader, end).next();
        return end;
    }

    /** The bytes of {@code channel} from its position on. */
    static Source of(ReadableByteChannel channel) {
        return (piece, count) -> {
            ByteBuffer room = piece.internalNioBuffer(piece.writerIndex(), count);
            while (room.hasRemaining()) {
                if (channel.read(room) < 0) {
                    throw new EOFException("the content ends " + room.remaining() + " bytes early");
                }
            }
            piece.writerIndex(piece.writerIndex() + count);
        };
    }

    /** The bytes of {@code bytes} from its position on. */
    static Source of(ByteBuffer bytes) {
        return (piece, count) -> {
            piece.writeBytes(bytes.slice().limit(count));
            bytes.position(bytes.position() + count);
        };
    }

    @Override
    public void run() {
        if (!context.channel().isActive()) {
            end.setFailure(new IOException("the client is gone"));
            return;
        }
        int count = (int) Math.min(remaining, PIECE);
        ByteBuf piece = context.alloc().directBuffer(count);
        try {
            source.read(piece, count);
        } catch (IOException | RuntimeException | Error e) {
            piece.release();
            end.setFailure(e);
            return;
        }
        remaining -= count;
        context.writeAndFlush(piece).addListener(this);
    }

    @Override
    public void operationComplete(ChannelFuture sent) {
        if (!sent.isSuccess()) {
            end.setFailure(sent.cause());
        } else if (remaining == 0) {
            end.setSuccess();
        } else {
            next();
        }
    }

    private void next() {
        try {
            reader.execute(this);
        } catch (RejectedExecutionException e) { // the server is being closed
            end.setFailure(e);
        }
    }
}
