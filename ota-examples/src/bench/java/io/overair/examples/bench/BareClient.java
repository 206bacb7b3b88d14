package io.overair.examples.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** A client that makes a connection for each request, as the Pycom client does. */
record BareClient(int port) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a request begins with, whose end never comes. */
    static final String HALF_A_REQUEST = "GET /manifest.json HTTP/1.1\r\nHost: 127.0";

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The body of the answer. */
    byte[] fetch(String protocol, String path) throws IOException {
        try (Socket socket = ask(protocol, path, PATIENCE)) {
            InputStream answer = socket.getInputStream();
            skipHead(answer);
            return answer.readAllBytes();
        }
    }

    /** How many bytes the body of the answer has; keeps none of them. */
    long measure(String protocol, String path) throws IOException {
        try (Socket socket = ask(protocol, path, PATIENCE)) {
            InputStream answer = socket.getInputStream();
            skipHead(answer);
            return answer.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** How long a request takes, from the connection to the last byte. */
    Duration time(String protocol, String path, Duration patience) throws IOException {
        long start = System.nanoTime();
        try (Socket socket = ask(protocol, path, patience)) {
            InputStream answer = socket.getInputStream();
            skipHead(answer);
            answer.transferTo(OutputStream.nullOutputStream());
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private Socket ask(String protocol, String path, Duration patience) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout((int) patience.toMillis());
            socket.connect(loopback(port), (int) patience.toMillis());
            String request =
                    "GET " + path + " " + protocol + "\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void skipHead(InputStream answer) throws IOException {
        String status = line(answer);
        if (!status.contains(" 200 ")) {
            throw new IOException("the server answered " + status);
        }
        while (!line(answer).isEmpty()) {}
    }

    private static String line(InputStream answer) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = answer.read(); octet != '\n'; octet = answer.read()) {
            if (octet < 0) {
                throw new EOFException("the answer ended within its head: " + line);
            }
            line.append((char) octet);
        }
        return line.toString().strip();
    }
}
