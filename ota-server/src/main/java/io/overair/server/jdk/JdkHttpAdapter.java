package io.overair.server.jdk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.overair.server.OtaHandler;
import io.overair.server.OtaRequest;
import io.overair.server.OtaRequest.Protocol;
import io.overair.server.OtaResponse;
import io.overair.server.OtaResponse.Body;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a handler into an HTTP server of the JDK, for programs that have one already:
 *
 * <pre>{@code
 * HttpServer server = HttpServer.create(new InetSocketAddress(8000), 0);
 * server.createContext("/", JdkHttpAdapter.of(handler));
 * server.setExecutor(Executors.newFixedThreadPool(8));
 * server.start();
 * }</pre>
 *
 * <p><b>Not for devices that run the Pycom client.</b> It reads an answer without loss only if the head has a multiple
 * of 100 bytes; here it has 115 or 135. Nor can this server reset a connection, which is the only way to keep that
 * client from flashing an image that cannot be served or was cut short. Use
 * {@code io.overair.server.netty.OtaServer} for them.
 *
 * <p>The server needs an executor with several threads, and time-outs, which are system properties of the whole JVM:
 * without them one client that says nothing holds it up for ever.
 */
public final class JdkHttpAdapter implements HttpHandler {
    private static final int PIECE = 64 * 1024;
    private static final long NO_BODY = -1;

    private final OtaHandler handler;

    private JdkHttpAdapter(OtaHandler handler) {
        this.handler = handler;
    }

    /** Answers every request of a context with {@code handler}; the context has to be {@code /}. */
    public static JdkHttpAdapter of(OtaHandler handler) {
        return new JdkHttpAdapter(handler);
    }

    /** Answers {@code exchange}, and closes it. */
    @Override
    public void handle(HttpExchange exchange) throws IOException {
        OtaRequest request = request(exchange);
        try (exchange;
                OtaResponse response = handler.handle(request)) {
            if (response.delivery() == OtaResponse.Delivery.RESET) {
                return; // closes the connection without a word, the nearest thing to a reset there is
            }
            send(response, exchange);
        }
    }

    private static OtaRequest request(HttpExchange exchange) {
        Protocol protocol = exchange.getProtocol().equals("HTTP/1.0") ? Protocol.HTTP_1_0 : Protocol.HTTP_1_1;
        String target = exchange.getRequestURI().toString();
        return OtaRequest.of(
                protocol,
                exchange.getRequestMethod(),
                new String(target.getBytes(ISO_8859_1), UTF_8), // the JDK reads every byte as a character
                address(exchange.getLocalAddress()),
                name -> field(exchange, name));
    }

    private static @Nullable String field(HttpExchange exchange, String name) {
        List<String> values = exchange.getRequestHeaders().get(name);
        if (values == null) {
            return null;
        }
        return name.equals("If-Match") || name.equals("If-None-Match") ? String.join(", ", values) : values.get(0);
    }

    private static String address(InetSocketAddress local) {
        String host = local.getAddress().getHostAddress();
        return (local.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + local.getPort();
    }

    private static void send(OtaResponse response, HttpExchange exchange) throws IOException {
        response.headers().forEach(exchange.getResponseHeaders()::set);
        // To the JDK a length of 0 means chunks; and it wants the length of a body that is not sent in the headers.
        if (response.body() instanceof Body.None) {
            response.contentLength()
                    .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", Long.toString(length)));
        }
        long length = response.body() instanceof Body.None
                ? 0
                : response.contentLength().orElse(0);
        exchange.sendResponseHeaders(response.status(), length == 0 ? NO_BODY : length);
        if (length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                send(response.body(), Channels.newChannel(out));
            }
        }
    }

    private static void send(Body body, WritableByteChannel out) throws IOException {
        if (body instanceof Body.Bytes inMemory) {
            out.write(inMemory.bytes());
        } else if (body instanceof Body.Part part) {
            send(part.content().channel().position(part.offset()), part.length(), out);
        }
    }

    private static void send(SeekableByteChannel in, long length, WritableByteChannel out) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, length));
        for (long remaining = length; remaining > 0; remaining -= piece.limit()) {
            piece.clear().limit((int) Math.min(piece.capacity(), remaining));
            if (in.read(piece) < 0) {
                throw new EOFException("the content ends " + remaining + " bytes early");
            }
            out.write(piece.flip());
        }
    }
}
