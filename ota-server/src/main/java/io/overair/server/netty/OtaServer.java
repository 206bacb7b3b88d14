package io.overair.server.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.overair.server.OtaHandler;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Serves devices over HTTP until it is closed: those that run the Pycom client, in the one shape of answer which that
 * client reads without loss, and all others in ordinary HTTP/1.1.
 *
 * <pre>{@code
 * OtaHandler handler = OtaHandler.of(ReleaseRepository.inDirectory(Path.of("releases")));
 * OtaServer server = OtaServer.builder(handler).port(8000).start();
 * }</pre>
 *
 * <p>It runs on threads of its own: as many event loops as there are processors, which keep a program alive whose
 * {@code main} has ended, and a bounded number of workers for what has to wait for a disk. What clients may do is
 * bounded by {@link ServerLimits}. A connection on which an answer could not be sent whole is reset, never closed in
 * good order.
 */
public final class OtaServer implements Closeable {
    /** Requests are small; a larger one takes several reads. */
    private static final int READ_BYTES = 2048;

    private static final int LOOPS = Runtime.getRuntime().availableProcessors();
    private static final int PAGE_BYTES = 8192;
    private static final int PAGES_OF_A_CHUNK_LOG2 = 5;
    private static final Duration LOOP_CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Channel listener;
    private final Connections connections;
    private final Workers workers;
    private final EventLoopGroup loops;
    private final Duration closeTimeout;
    private final AtomicBoolean closed = new AtomicBoolean();

    private OtaServer(
            Channel listener, Connections connections, Workers workers, EventLoopGroup loops, Duration closeTimeout) {
        this.listener = listener;
        this.connections = connections;
        this.workers = workers;
        this.loops = loops;
        this.closeTimeout = closeTimeout;
    }

    /** A server that answers with {@code handler}, on port 8000 of all interfaces unless told otherwise. */
    public static Builder builder(OtaHandler handler) {
        return new Builder(handler);
    }

    /** Where it listens: the port is never 0, the address may be the one that stands for all interfaces. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** The root of what it serves as this machine reaches it, such as {@code http://127.0.0.1:8000/}. */
    public URI uri() {
        InetSocketAddress address = address();
        if (address.getAddress().isAnyLocalAddress()) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort());
        }
        return URI.create("http://" + HostAndPort.of(address) + "/");
    }

    /**
     * Stops serving: no connection is accepted any more, idle ones are closed, those whose request waits for a thread are
     * reset, answers under way get {@link ServerLimits#closeTimeout()} to finish and are then reset. Returns when all threads have ended or a few
     * seconds later at the latest. Closing twice does nothing. Not to be called by the handler.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        listener.close().awaitUninterruptibly();
        connections.close(closeTimeout);
        workers.close(LOOP_CLOSE_TIMEOUT);
        closeLoops(loops);
    }

    private static void closeLoops(EventLoopGroup loops) {
        loops.shutdownGracefully(0, LOOP_CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(LOOP_CLOSE_TIMEOUT.toMillis());
    }

    /** What moves the bytes. */
    enum Engine {
        /** Linux' own interface, through native code. */
        EPOLL(EpollServerSocketChannel.class),
        /** The JDK's selectors. */
        NIO(NioServerSocketChannel.class);

        private final Class<? extends ServerSocketChannel> listenerType;

        Engine(Class<? extends ServerSocketChannel> listenerType) {
            this.listenerType = listenerType;
        }

        static Engine best() {
            return Epoll.isAvailable() ? EPOLL : NIO;
        }

        IoHandlerFactory newIoHandlers() {
            return this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        }
    }

    /** Says how a server is to be set up. Not safe for use by several threads. */
    public static final class Builder {
        private static final int DEFAULT_PORT = 8000;
        private static final String ALL_INTERFACES = "0.0.0.0";

        private final OtaHandler handler;
        private String host = ALL_INTERFACES;
        private int port = DEFAULT_PORT;
        private ServerLimits limits = ServerLimits.defaults();
        private Engine engine = Engine.best();
        private ByteBufAllocator allocator = newAllocator();

        private Builder(OtaHandler handler) {
            this.handler = handler;
        }

        /** Listens on {@code address} only. */
        public Builder bind(InetAddress address) {
            return bind(address.getHostAddress());
        }

        /** Listens on the address that {@code host} names: a literal, or a name to be looked up by {@link #start}. */
        public Builder bind(String host) {
            this.host = host;
            return this;
        }

        /** Listens on {@code port}; 0 takes one that is free. */
        public Builder port(int port) {
            if (port < 0 || port > 0xFFFF) {
                throw new IllegalArgumentException("a port of " + port);
            }
            this.port = port;
            return this;
        }

        /** Grants clients no more than {@code limits}. */
        public Builder limits(ServerLimits limits) {
            this.limits = limits;
            return this;
        }

        Builder engine(Engine engine) {
            this.engine = engine;
            return this;
        }

        Builder allocator(ByteBufAllocator allocator) {
            this.allocator = allocator;
            return this;
        }

        /**
         * Starts the server; it accepts connections when this returns.
         *
         * @throws BindException if the address cannot be had; the message names it
         * @throws IOException if the host cannot be looked up
         */
        public OtaServer start() throws IOException {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
            EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                    LOOPS, new DefaultThreadFactory("ota-server"), engine.newIoHandlers());
            Workers workers = new Workers(limits.waitingRequests());
            Connections connections = new Connections(limits);

            ChannelFuture bound = new ServerBootstrap()
                    .group(loops)
                    .channel(engine.listenerType)
                    .option(ChannelOption.SO_BACKLOG, 1024)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childOption(ChannelOption.SO_LINGER, LingeringClose.RESETS)
                    .childOption(ChannelOption.ALLOCATOR, allocator)
                    .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                    .handler(new AcceptFailures())
                    .childHandler(new ConnectionInitializer(handler, workers, connections, limits))
                    .bind(address)
                    .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                workers.close(LOOP_CLOSE_TIMEOUT);
                closeLoops(loops);
                throw cannotListen(address, bound.cause());
            }
            return new OtaServer(bound.channel(), connections, workers, loops, limits.closeTimeout());
        }

        /** Small chunks and one arena a thread: many idle connections, few bytes under way. */
        private static ByteBufAllocator newAllocator() {
            return new PooledByteBufAllocator(true, 0, LOOPS, PAGE_BYTES, PAGES_OF_A_CHUNK_LOG2, 64, 8, false);
        }

        private static BindException cannotListen(InetSocketAddress address, Throwable cause) {
            BindException exception =
                    new BindException("cannot listen on " + HostAndPort.of(address) + ": " + cause.getMessage());
            exception.initCause(cause);
            return exception;
        }
    }
}
