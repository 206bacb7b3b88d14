package io.overair.server.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.overair.server.OtaRequest.Protocol;
import io.overair.server.OtaResponse;
import io.overair.server.OtaResponse.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/** Writes answers: head and body together where they are small, files by sendfile, all else piece by piece. */
final class AnswerWriter {
    /** More than a head has, as a rule; the buffer grows for one that has more. */
    private static final int HEAD_BYTES = 512;

    /** A body up to this size is copied behind its head: one buffer is sent faster than two. */
    private static final int COPIED_BYTES = 4096;

    private final Executor reader;

    /** @param reader reads what cannot be read without waiting */
    AnswerWriter(Executor reader) {
        this.reader = reader;
    }

    /**
     * Writes {@code response}; the caller flushes. The future is done when the last byte has been handed to the
     * operating system, or fails when that cannot happen any more; then the caller closes {@code response}.
     *
     * @throws IOException if the body cannot be positioned; nothing has been written
     */
    ChannelFuture write(
            ChannelHandlerContext context, Protocol protocol, OrdinaryHead.Connection connection, OtaResponse response)
            throws IOException {
        // The Pycom client takes the body of an error for the content it asked for.
        boolean bodyless = protocol == Protocol.HTTP_1_0 && response.status() >= 400;
        Body body = bodyless ? new Body.None() : response.body();
        OptionalLong contentLength = bodyless ? OptionalLong.of(0) : response.contentLength();

        ByteBuffer bytes = body instanceof Body.Bytes inMemory ? inMemory.bytes() : ByteBuffer.allocate(0);
        boolean together = bytes.remaining() <= COPIED_BYTES;
        if (body instanceof Body.Part part && !isPlainFile(part.content().channel())) {
            part.content().channel().position(part.offset());
        }

        ByteBuf head = context.alloc().directBuffer(HEAD_BYTES + (together ? bytes.remaining() : 0));
        if (protocol == Protocol.HTTP_1_0) {
            OldClientHead.write(response, contentLength, head);
        } else {
            OrdinaryHead.write(response, contentLength, connection, head);
        }
        if (together) {
            head.writeBytes(bytes);
        }
        ChannelFuture written = context.write(head);
        if (body instanceof Body.Part part && part.length() > 0) {
            return writePart(context, part);
        }
        if (together) {
            return written;
        }
        return bytes.isDirect()
                ? context.write(Unpooled.wrappedBuffer(bytes))
                : BodyStream.send(context, BodyStream.of(bytes), bytes.remaining(), Runnable::run);
    }

    private ChannelFuture writePart(ChannelHandlerContext context, Body.Part part) {
        if (isPlainFile(part.content().channel())) {
            // The region closes the channel when it is sent. So does the response, which owns it; twice does no harm.
            return context.write(
                    new DefaultFileRegion((FileChannel) part.content().channel(), part.offset(), part.length()));
        }
        return BodyStream.send(context, BodyStream.of(part.content().channel()), part.length(), reader);
    }

    /** Only the JDK's own file channels have the file descriptor that Netty's native code looks for, unchecked. */
    private static boolean isPlainFile(SeekableByteChannel channel) {
        return channel.getClass().getName().equals("sun.nio.ch.FileChannelImpl");
    }
}
