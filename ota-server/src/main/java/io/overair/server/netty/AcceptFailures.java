package io.overair.server.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Stands on the listening channel for connections that cannot be accepted, as when too many files are open: says so in one
 * sentence, once in a while, and lets the backlog wait for a second instead of trying again at once.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what is scheduled
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger LOGGER = System.getLogger("io.overair.server");
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private boolean silent;

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!silent) {
            silent = true;
            ctx.executor().schedule(() -> silent = false, SILENCE.toMillis(), TimeUnit.MILLISECONDS);
            LOGGER.log(Level.ERROR, "connections cannot be accepted: " + cause.getMessage());
        }
        ctx.channel().config().setAutoRead(false);
        ctx.executor()
                .schedule(() -> ctx.channel().config().setAutoRead(true), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
