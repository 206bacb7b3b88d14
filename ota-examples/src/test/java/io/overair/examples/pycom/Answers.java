package io.overair.examples.pycom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Bytes of answers. */
final class Answers {
    private Answers() {}

    /** A head of exactly {@code length} bytes, blank line included. */
    static byte[] head(int length) {
        return head("HTTP/1.0 200 OK\r\n", length);
    }

    static byte[] head(String firstLines, int length) {
        String padding = "x".repeat(length - firstLines.length() - "X-Pad: \r\n\r\n".length());
        return ascii(firstLines + "X-Pad: " + padding + "\r\n\r\n");
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The same bytes for the same length, no two lengths alike, and next to never valid UTF-8. */
    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
