package io.overair.server.netty;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.overair.server.OtaHandler;

/** Sets up a connection: framer, Netty's decoder, request handler. */
final class ConnectionInitializer extends ChannelInitializer<SocketChannel> {
    private final OtaHandler handler;
    private final Workers workers;
    private final Connections connections;
    private final ServerLimits limits;

    ConnectionInitializer(OtaHandler handler, Workers workers, Connections connections, ServerLimits limits) {
        this.handler = handler;
        this.workers = workers;
        this.connections = connections;
        this.limits = limits;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        if (!connections.admit(channel)) {
            return;
        }
        RequestHandler requests = new RequestHandler(channel, handler, workers, limits);
        channel.pipeline().addLast(requests.framer(), new FieldDecoder(), requests);
    }

    /** Netty's decoder, which gets nothing but header fields to decode: their amount is bounded by the framer. */
    private static final class FieldDecoder extends HttpRequestDecoder {
        FieldDecoder() {
            super(new HttpDecoderConfig()
                    .setMaxHeaderSize(ServerLimits.FIELD_BYTES)
                    .setInitialBufferSize(128)
                    .setStrictLineParsing(true)
                    .setAllowDuplicateContentLengths(false));
        }

        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
            throw new IllegalArgumentException("two lengths of one body");
        }
    }
}
