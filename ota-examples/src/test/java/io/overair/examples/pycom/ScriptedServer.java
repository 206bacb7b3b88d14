package io.overair.examples.pycom;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server that says exactly what a test tells it to, one client at a time. */
final class ScriptedServer implements Closeable {
    /** What to do with a connection once the head of its request is read. */
    interface Answer {
        void send(Socket connection) throws IOException;
    }

    private final ServerSocket listening;
    private final Function<String, Answer> script;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private ScriptedServer(ServerSocket listening, Function<String, Answer> script) {
        this.listening = listening;
        this.script = script;
    }

    /** Starts a server that answers each request by what {@code script} says about its path. */
    static ScriptedServer answering(Function<String, Answer> script) throws IOException {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ScriptedServer server = new ScriptedServer(listening, script);
        Thread thread = new Thread(server::serve, "scripted server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    /** The bytes in one segment, then an orderly close. */
    static Answer raw(byte[] bytes) {
        return connection -> connection.getOutputStream().write(bytes);
    }

    /** The bytes, then a reset. */
    static Answer cutBy(byte[] bytes) {
        return connection -> {
            connection.getOutputStream().write(bytes);
            connection.setSoLinger(true, 0);
        };
    }

    /** A body behind a head of 100 bytes, which always arrives whole. */
    static Answer body(byte[] body) {
        return raw(Answers.concat(Answers.head(100), body));
    }

    PycomClient client() {
        return new PycomClient("127.0.0.1", listening.getLocalPort());
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Every request head that came, as it came. */
    List<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void serve() {
        while (true) {
            try (Socket connection = listening.accept()) {
                String head = readHead(connection.getInputStream());
                requests.add(head);
                script.apply(head.substring("GET /".length(), head.indexOf(" HTTP/")))
                        .send(connection);
            } catch (SocketException closedOrGone) {
                if (listening.isClosed()) {
                    return;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String readHead(InputStream request) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int next = request.read();
            if (next < 0) {
                throw new SocketException("the client left");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.UTF_8);
    }
}
