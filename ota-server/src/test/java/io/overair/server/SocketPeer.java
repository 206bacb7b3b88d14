package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;

/** Reaches a handler through a web server, over a socket and a request written by hand. */
public final class SocketPeer implements ServerContract.Peer {
    /** Nothing takes that long; a test that would hang fails instead. */
    private static final int PATIENCE_MILLIS = 20_000;

    private final InetSocketAddress server;
    private final String protocol;
    private final Closeable stop;

    /** Speaks {@code protocol}, such as {@code HTTP/1.1}, to {@code server}, which {@code stop} ends. */
    public SocketPeer(InetSocketAddress server, String protocol, Closeable stop) {
        this.server = server;
        this.protocol = protocol;
        this.stop = stop;
    }

    @Override
    public Reply send(String method, String target, Map<String, String> headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + target + " " + protocol + "\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        request.append("Connection: close\r\n\r\n");
        return Reply.parse(exchange(request.toString()));
    }

    /** Sends {@code request} as it is and reads until the server ends the connection. */
    public byte[] exchange(String request) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return socket.getInputStream().readAllBytes();
        }
    }

    @Override
    public String address() {
        return server.getAddress().getHostAddress() + ":" + server.getPort();
    }

    @Override
    public void close() throws IOException {
        stop.close();
    }
}
