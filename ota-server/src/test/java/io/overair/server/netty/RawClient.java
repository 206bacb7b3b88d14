package io.overair.server.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/** A client that sends what it is told, byte for byte, and gives up after ten seconds of silence. */
public final class RawClient implements Closeable {
    private static final int SILENCE_MILLIS = 10_000;

    /** An answer as it came. */
    public record Answer(String head, byte[] body) {
        public String statusLine() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        public int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        public boolean has(String field) {
            return head.toLowerCase(Locale.ROOT).contains("\r\n" + field.toLowerCase(Locale.ROOT) + "\r\n");
        }
    }

    private final Socket socket = new Socket();

    /** A client of the server on {@code port} of this machine. */
    public RawClient(int port) throws IOException {
        this(port, 64 * 1024);
    }

    RawClient(int port, int receiveBuffer) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress("127.0.0.1", port), SILENCE_MILLIS);
    }

    /** Sends {@code text} in UTF-8. */
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(UTF_8));
    }

    /** Sends {@code bytes}. */
    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    RawClient endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    int read() throws IOException {
        return socket.getInputStream().read();
    }

    /** Everything until the server closes its side in good order. */
    public byte[] readToEnd() throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    /** The one answer of a connection that ends with it. */
    public Answer readOnlyAnswer() throws IOException {
        byte[] all = readToEnd();
        String text = new String(all, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new EOFException("no answer but \"" + text + "\"");
        }
        byte[] body = new byte[all.length - end - 4];
        System.arraycopy(all, end + 4, body, 0, body.length);
        return new Answer(text.substring(0, end + 4), body);
    }

    /** The next answer of a connection that stays, its body as long as it says. */
    public Answer readAnswer() throws IOException {
        Answer head = readHead();
        String lower = head.head().toLowerCase(Locale.ROOT);
        int start = lower.indexOf("content-length: ") + "content-length: ".length();
        int length = Integer.parseInt(lower.substring(start, lower.indexOf("\r\n", start)));
        return new Answer(head.head(), socket.getInputStream().readNBytes(length));
    }

    /** The next head, of an answer that has no body. */
    public Answer readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = read();
            if (next < 0) {
                throw new EOFException("a head that ends after \"" + head.toString(ISO_8859_1) + "\"");
            }
            head.write(next);
        }
        return new Answer(head.toString(ISO_8859_1), new byte[0]);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
