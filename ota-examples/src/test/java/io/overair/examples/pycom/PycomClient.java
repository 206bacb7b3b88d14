package io.overair.examples.pycom;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads answers as the client of the Pycom OTA example does, so that a server can be tried against it: what that client
 * loses is lost here too.
 *
 * <p>It takes up to {@value #PIECE} bytes at a time and finds the end of the head only if all four bytes of it are in
 * one such piece. That piece it decodes as UTF-8 and splits at every blank line, keeping what stands between the first
 * and the second. Status, length and every other header are ignored; the body ends where the connection does. It waits
 * for ever, for a server that says nothing.
 *
 * <p>Left out: the device's interpreter accepts a few byte sequences that strict UTF-8 forbids.
 *
 * <p>Safe for use by many threads; each request has a connection of its own.
 */
public final class PycomClient {
    /** Bytes asked for at a time. */
    static final int PIECE = 100;

    private static final String END_OF_HEAD = "\r\n\r\n";

    private final String host;
    private final int port;

    /** A client of the server at {@code host} and {@code port}; connects only when asked for something. */
    public PycomClient(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /**
     * Requests {@code path}, exactly as it is written, and appends to {@code body} what it takes for the body. That may
     * be less than the server sent, without any error.
     *
     * @param path without a leading {@code /}
     * @throws CharacterCodingException if the piece with the end of the head is no UTF-8; nothing was appended
     * @throws IOException if the connection fails or is reset; {@code body} has what came before
     */
    public void get(String path, OutputStream body) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            String request = "GET /" + path + " HTTP/1.0\r\nHost: " + host + ":" + port + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            copyBody(socket.getInputStream(), body);
        }
    }

    static void copyBody(InputStream answer, OutputStream body) throws IOException {
        byte[] piece = new byte[PIECE];
        boolean inBody = false;
        for (int length = answer.read(piece); length >= 0; length = answer.read(piece)) {
            if (inBody) {
                body.write(piece, 0, length);
            } else if (holdsEndOfHead(piece, length)) {
                body.write(afterHead(piece, length));
                inBody = true;
            }
        }
    }

    private static boolean holdsEndOfHead(byte[] piece, int length) {
        return new String(piece, 0, length, StandardCharsets.ISO_8859_1).contains(END_OF_HEAD);
    }

    /** The second part, not the rest: a blank line in the first bytes of a body costs what follows it in the piece. */
    private static byte[] afterHead(byte[] piece, int length) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(piece, 0, length))
                .toString();
        return text.split(END_OF_HEAD, -1)[1].getBytes(StandardCharsets.UTF_8);
    }
}
