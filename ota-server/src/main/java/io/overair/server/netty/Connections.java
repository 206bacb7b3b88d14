package io.overair.server.netty;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The open connections of a server: how many there may be, and how they all come to an end. Safe for use by threads. */
final class Connections {
    /** Tells a connection to end after the answer under way, or now if there is none. */
    enum Event {
        /** The server is being closed. */
        LAST_ANSWER
    }

    private final int most;
    private final int mostPerPeer;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> openByPeer = new ConcurrentHashMap<>();
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private volatile boolean closing;

    Connections(ServerLimits limits) {
        most = limits.connections();
        mostPerPeer = limits.connectionsPerPeer();
    }

    /** Whether {@code channel} may stay; if so, it counts until it is closed; if not, it is closed. */
    boolean admit(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        if (closing || !(remote instanceof InetSocketAddress address)) { // or reset before it was accepted
            LingeringClose.reset(channel);
            return false;
        }
        InetAddress peer = address.getAddress();
        int all = open.incrementAndGet();
        int ofPeer = openByPeer.merge(peer, 1, Integer::sum);
        channel.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            openByPeer.computeIfPresent(peer, (key, count) -> count == 1 ? null : count - 1);
        });
        if (all > most || ofPeer > mostPerPeer) {
            LingeringClose.reset(channel);
            return false;
        }
        channels.add(channel);
        return true;
    }

    /** Ends every connection: in good order if it comes to that within {@code limit}, by a reset if not. */
    void close(Duration limit) {
        closing = true;
        for (Channel channel : channels) {
            channel.pipeline().fireUserEventTriggered(Event.LAST_ANSWER);
        }
        channels.newCloseFuture().awaitUninterruptibly(limit.toMillis());
        channels.close().awaitUninterruptibly();
    }
}
