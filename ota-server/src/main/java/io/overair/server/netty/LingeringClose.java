package io.overair.server.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/**
 * Ends a connection in good order. Closing a socket that still holds unread bytes resets it, which can cut the tail of
 * the answer at the client; so only our side is closed first, and what the client still sends is read and thrown away
 * until it closes its own, within bounds.
 *
 * <p>Good order is the exception: a connection is set up so that whatever else ends it, be it a file that was cut short
 * or the end of this process, resets it. A client that knows no length must never take a part for the whole.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits until a connection is closed
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private int drained;

    private LingeringClose() {}

    /** The setting of {@link ChannelOption#SO_LINGER} with which closing a connection resets it. */
    static final int RESETS = 0;

    private static final int CLOSES_IN_GOOD_ORDER = -1;

    /** Starts to end {@code channel}, of which nothing is read from now on. Bounding the time is up to the caller. */
    static void begin(Channel channel) {
        if (((DuplexChannel) channel).isInputShutdown()) {
            closeNow(channel);
            return;
        }
        allowGoodOrder(channel);
        channel.pipeline().addFirst(new LingeringClose());
        channel.config().setAutoRead(true);
        ((DuplexChannel) channel).shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** Closes a connection that owes its client nothing. */
    static void closeNow(Channel channel) {
        allowGoodOrder(channel);
        channel.close();
    }

    /** Cuts a connection off, so that its client notices. */
    static void reset(Channel channel) {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        drained += bytes.readableBytes();
        bytes.release();
        if (drained > ServerLimits.DRAINED_BYTES) {
            ctx.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private static void allowGoodOrder(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, CLOSES_IN_GOOD_ORDER);
        } catch (ChannelException e) {
            // The client reset the connection a moment ago.
        }
    }
}
