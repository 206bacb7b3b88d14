package io.overair.server.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.overair.server.OtaHandler;
import io.overair.server.OtaRequest;
import io.overair.server.OtaRequest.Protocol;
import io.overair.server.OtaResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Carries on the conversation with one client: takes its requests one by one, has them answered, and decides when the
 * connection ends and how.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOGGER = System.getLogger(RequestHandler.class.getName());

    private final Channel channel;
    private final OtaHandler handler;
    private final Workers workers;
    private final AnswerWriter answers;
    private final ServerLimits limits;
    private final Watchdog watchdog;
    private final RequestHeadFramer framer;

    private @Nullable ChannelHandlerContext context;
    private @Nullable RequestLine line;
    private @Nullable String serverAddress;
    private boolean answering;

    /** Whether a request waits for a thread; a worker says when it does not any more. */
    private volatile boolean waiting;

    private boolean lastAnswer;
    private boolean inputEnded;

    RequestHandler(Channel channel, OtaHandler handler, Workers workers, ServerLimits limits) {
        this.channel = channel;
        this.handler = handler;
        this.workers = workers;
        this.answers = new AnswerWriter(workers);
        this.limits = limits;
        this.watchdog = new Watchdog(channel, this::giveUp);
        this.framer = new RequestHeadFramer(watchdog, limits.headTimeout());
    }

    /** What has to stand in front of this handler, before Netty's decoder. */
    RequestHeadFramer framer() {
        return framer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof RequestLine requestLine) {
            line = requestLine;
        } else if (message instanceof HttpRequest request) {
            take(Objects.requireNonNull(line), request);
        } else if (message instanceof Refusal refusal) {
            refuse(refusal.line(), refusal.status());
        } else {
            ReferenceCountUtil.release(message); // the end of a request, which has no body
        }
    }

    private void take(RequestLine requestLine, HttpRequest request) {
        Protocol protocol = requestLine.protocol();
        HttpHeaders fields = request.headers();
        if (request.decoderResult().isFailure()) {
            refuse(requestLine, 400);
            return;
        }
        try {
            HeaderFieldRules.check(protocol, fields);
        } catch (RefusedRequestException e) {
            refuse(requestLine, e.status());
            return;
        }
        answering = true;
        if (protocol == Protocol.HTTP_1_0
                || fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
            lastAnswer = true;
        }
        OtaRequest otaRequest = OtaRequest.of(
                protocol,
                requestLine.method(),
                requestLine.target(),
                serverAddress(),
                name -> fieldValue(fields, name));
        Optional<OtaResponse> inMemory = handler.handleFromMemory(otaRequest);
        if (inMemory.isPresent()) {
            answer(protocol, inMemory.get());
            return;
        }
        watchdog.rest();
        // A manifest may wait until files are hashed; files must not wait for that.
        boolean mayHash = requestLine.target().contains("manifest.json");
        Runnable work = () -> handle(otaRequest);
        waiting = true;
        if (!(mayHash ? workers.offerSlow(work) : workers.offer(work))) {
            waiting = false;
            answer(protocol, handler.refuse(otaRequest, 503));
        }
    }

    /** Runs on a worker. */
    private void handle(OtaRequest request) {
        waiting = false;
        if (!channel.isActive()) {
            return;
        }
        OtaResponse response;
        try {
            response = handler.handle(request);
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.ERROR, "a request could not be answered", e);
            LingeringClose.reset(channel);
            return;
        }
        OtaResponse answer = response;
        try {
            channel.eventLoop().execute(() -> answer(request.protocol(), answer));
        } catch (RejectedExecutionException e) { // the server is closed
            close(answer);
        }
    }

    private void refuse(RequestLine refused, int status) {
        answering = true;
        lastAnswer = true;
        OtaRequest request =
                OtaRequest.of(refused.protocol(), refused.method(), refused.target(), serverAddress(), name -> null);
        answer(refused.protocol(), handler.refuse(request, status));
    }

    private void answer(Protocol protocol, OtaResponse response) {
        if (response.delivery() == OtaResponse.Delivery.RESET || !channel.isActive()) {
            close(response);
            LingeringClose.reset(channel);
            return;
        }
        watchdog.expectProgressWithin(limits.stallTimeout());
        ChannelFuture sent;
        try {
            OrdinaryHead.Connection connection =
                    lastAnswer ? OrdinaryHead.Connection.CLOSES : OrdinaryHead.Connection.STAYS;
            sent = answers.write(Objects.requireNonNull(context), protocol, connection, response);
        } catch (IOException | RuntimeException e) {
            close(response);
            LingeringClose.reset(channel);
            return;
        }
        sent.addListener((ChannelFuture future) -> answered(future, response));
        channel.flush();
    }

    private void answered(ChannelFuture sent, OtaResponse response) {
        close(response);
        if (!sent.isSuccess()) {
            LingeringClose.reset(channel);
        } else if (lastAnswer) {
            watchdog.expectEndWithin(limits.drainTimeout());
            LingeringClose.begin(channel);
        } else {
            answering = false;
            watchdog.expectEndWithin(limits.idleTimeout());
            framer.resume();
            closeIfOver();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            closeIfOver();
        } else if (event == Connections.Event.LAST_ANSWER) {
            lastAnswer = true;
            if (waiting) {
                LingeringClose.reset(channel);
            } else {
                closeIfOver();
            }
        }
    }

    private void closeIfOver() {
        if (!answering && (inputEnded || lastAnswer)) {
            LingeringClose.closeNow(channel);
        }
    }

    /**
     * A client that waits for an answer, or for the rest of it, learns from a reset that there will be none: the Pycom
     * client takes an end in good order for the end of the content. Between two requests nobody waits.
     */
    private void giveUp() {
        if (answering || framer.expectsMore()) {
            LingeringClose.reset(channel);
        } else {
            LingeringClose.closeNow(channel);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        watchdog.stop();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOGGER.log(Level.ERROR, "a connection failed", cause);
        }
        LingeringClose.reset(channel);
    }

    private String serverAddress() {
        if (serverAddress == null) {
            InetSocketAddress local = (InetSocketAddress) channel.localAddress();
            serverAddress = HostAndPort.of(local);
        }
        return serverAddress;
    }

    private static @Nullable String fieldValue(HttpHeaders fields, String name) {
        if (name.equals("If-Match") || name.equals("If-None-Match")) {
            List<String> values = fields.getAll(name);
            return values.isEmpty() ? null : String.join(", ", values);
        }
        return fields.get(name);
    }

    private static void close(OtaResponse response) {
        try {
            response.close();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "a content could not be closed", e);
        }
    }
}
