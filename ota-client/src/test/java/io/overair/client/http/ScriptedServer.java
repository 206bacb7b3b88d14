package io.overair.client.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers one request a connection with exactly the bytes it is told to, and closes. */
final class ScriptedServer implements Closeable {
    /** Answers a request, given all of it up to the blank line; the connection is closed afterwards. */
    @FunctionalInterface
    interface Script {
        void answer(String head, OutputStream connection) throws IOException;
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Script script;

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        start(this::accept);
    }

    /** Answers every request with these bytes, given as Latin-1. */
    static ScriptedServer saying(String answer) throws IOException {
        return new ScriptedServer((head, connection) -> connection.write(answer.getBytes(ISO_8859_1)));
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The heads of all requests so far. */
    List<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String head = head(socket.getInputStream());
            if (!head.isEmpty()) {
                requests.add(head);
                script.answer(head, socket.getOutputStream());
            }
        } catch (IOException clientHasGone) {
            // That is the client's business.
        } finally {
            open.remove(socket);
        }
    }

    private static String head(InputStream request) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = request.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "scripted server");
        thread.setDaemon(true);
        thread.start();
    }
}
