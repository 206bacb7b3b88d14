package io.overair.server.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a client sends into requests and hands them on one at a time: the next one not before {@link #resume}.
 *
 * <p>A request goes on in two parts. Its line becomes a {@link RequestLine}, because Netty would split it at the first
 * blank and read it as Latin-1. Its header fields go on as bytes for Netty to decode, behind a line that nobody can
 * misread. What is no request becomes a {@link Refusal}, and nothing follows it.
 *
 * <p>Line ends are CR LF and nothing else: two readers that disagree about where a line ends are the beginning of
 * request smuggling.
 */
final class RequestHeadFramer extends ChannelInboundHandlerAdapter {
    private static final byte CARRIAGE_RETURN = '\r';
    private static final byte LINE_FEED = '\n';
    private static final ByteBuf HARMLESS_LINE = Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer().writeBytes("GET / HTTP/1.1\r\n".getBytes(US_ASCII)))
            .asReadOnly();

    /** From here on what comes early stays in the kernel. */
    private static final int MOST_HELD_BYTES = ServerLimits.REQUEST_LINE_BYTES + ServerLimits.FIELD_BYTES;

    private final Watchdog watchdog;
    private final Duration headTimeout;
    private @Nullable ChannelHandlerContext context;

    /** What has come and has not gone on. The positions below count from its first byte. */
    private @Nullable ByteBuf received;

    private int lineStart;
    private int searched;
    private int fieldsStart;
    private int fields;
    private @Nullable RequestLine line;
    private boolean holding;
    private boolean timed;

    RequestHeadFramer(Watchdog watchdog, Duration headTimeout) {
        this.watchdog = watchdog;
        this.headTimeout = headTimeout;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        startTiming();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        received =
                received == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), received, bytes);
        handOn(ctx);
        if (holding && received != null && received.readableBytes() > MOST_HELD_BYTES) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    /** The request handed on last is answered: on with the next one, which may be here already. */
    void resume() {
        holding = false;
        if (context != null) {
            handOn(context);
            if (!holding) {
                context.channel().config().setAutoRead(true);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        holding = true;
        discard();
        ctx.fireChannelInactive();
    }

    private void handOn(ChannelHandlerContext ctx) {
        try {
            while (!holding && received != null) {
                int lineFeed = received.indexOf(received.readerIndex() + searched, received.writerIndex(), LINE_FEED);
                int end = lineFeed < 0 ? received.readableBytes() : lineFeed - received.readerIndex();
                checkLength(end);
                if (lineFeed < 0) {
                    searched = end;
                    startTiming();
                    return;
                }
                int start = lineStart;
                lineStart = end + 1;
                searched = lineStart;
                takeLine(ctx, received, start, end);
            }
        } catch (RefusedRequestException e) {
            Refusal refusal = new Refusal(line == null ? RequestLine.UNREAD : line, e.status());
            holding = true;
            discard();
            ctx.fireChannelRead(refusal);
        }
    }

    private void checkLength(int end) throws RefusedRequestException {
        if (line == null && end > ServerLimits.REQUEST_LINE_BYTES) {
            throw new RefusedRequestException(414, "a request line too long");
        }
        if (line != null && end - fieldsStart > ServerLimits.FIELD_BYTES) {
            throw new RefusedRequestException(431, "header fields too long");
        }
    }

    private void takeLine(ChannelHandlerContext ctx, ByteBuf bytes, int start, int lineFeed)
            throws RefusedRequestException {
        int end = lineFeed - 1;
        if (end < start || byteAt(bytes, end) != CARRIAGE_RETURN) {
            throw new RefusedRequestException(400, "a line that does not end with CR LF");
        }
        boolean empty = end == start;
        if (line == null) {
            if (!empty) { // RFC 9112 §2.2: empty lines before a request line do not count
                line = RequestLine.parse(bytes.toString(bytes.readerIndex() + start, end - start, UTF_8));
                fieldsStart = lineFeed + 1;
            }
        } else if (empty) {
            handOn(ctx, line, bytes, lineFeed + 1);
        } else {
            takeField(byteAt(bytes, start));
        }
    }

    private void takeField(byte first) throws RefusedRequestException {
        if (first == ' ' || first == '\t') {
            throw new RefusedRequestException(400, "a header field over several lines");
        }
        if (++fields > ServerLimits.FIELDS) {
            throw new RefusedRequestException(431, "too many header fields");
        }
    }

    private void handOn(ChannelHandlerContext ctx, RequestLine complete, ByteBuf bytes, int end) {
        ByteBuf fieldLines = bytes.skipBytes(fieldsStart).readRetainedSlice(end - fieldsStart);
        holding = true;
        timed = false;
        line = null;
        lineStart = 0;
        searched = 0;
        fields = 0;
        if (!bytes.isReadable()) {
            discard();
        }

        ctx.fireChannelRead(complete);
        ctx.fireChannelRead(HARMLESS_LINE.duplicate());
        ctx.fireChannelRead(fieldLines);
    }

    /** Whether a request is waited for of which something should have come: the first one, or the rest of a later one. */
    boolean expectsMore() {
        return timed;
    }

    /** Bytes that follow do not prolong the time a head may take. */
    private void startTiming() {
        if (!timed) {
            timed = true;
            watchdog.expectEndWithin(headTimeout);
        }
    }

    private void discard() {
        if (received != null) {
            received.release();
            received = null;
        }
    }

    private static byte byteAt(ByteBuf bytes, int position) {
        return bytes.getByte(bytes.readerIndex() + position);
    }
}
