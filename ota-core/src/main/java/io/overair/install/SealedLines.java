package io.overair.install;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.overair.manifest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What {@link SealedText} wrote, read one line at a time. Nothing of it may be believed before {@link #next} has come to
 * the end.
 */
final class SealedLines {
    /** What {@link #next} returns at the end. */
    static final List<String> END = List.of();

    private static final Pattern END_LINE = Pattern.compile("END [0-9a-f]{64}");
    private static final Pattern BLANK = Pattern.compile(" ");

    /** Most that is read, in bytes: a plan of 100,000 steps has some 30 MB. */
    private static final long LARGEST = 256 << 20;

    /**
     * Longest line, in bytes: a link has two texts of 4,096 bytes at most, a reason {@value Excerpt#LONGEST} characters of as
     * many as three, and each byte may take three when encoded.
     */
    static final int LONGEST_LINE = 1 << 16;

    private static final int BUFFER_BYTES = 1 << 14;

    private final InputStream input;
    private final long largest;
    private final MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int filled;
    private long total;

    /** Does not close {@code input}. */
    SealedLines(InputStream input) {
        this(input, LARGEST);
    }

    /** Only tests have another limit. */
    SealedLines(InputStream input, long largest) {
        this.input = input;
        this.largest = largest;
    }

    /**
     * The fields of the next line, or {@link #END} when all are read and whole.
     *
     * @throws SpoiltException if it is not whole; the message says only that
     */
    List<String> next() throws IOException {
        byte[] bytes = line();
        String line = new String(bytes, US_ASCII);
        if (!END_LINE.matcher(line).matches()) {
            digest.update(bytes);
            digest.update((byte) '\n');
            return List.of(BLANK.split(line, -1));
        }
        String seal = Digest.of(Digest.Algorithm.SHA256, digest.digest()).hex();
        if (!line.endsWith(seal) || read() >= 0) {
            throw new SpoiltException("its end line does not fit its content");
        }
        return END;
    }

    private byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = read(); octet != '\n'; octet = read()) {
            if (octet < 0 || line.size() == LONGEST_LINE) {
                throw new SpoiltException("it has no end line");
            }
            line.write(octet);
        }
        return line.toByteArray();
    }

    private int read() throws IOException {
        if (position == filled) {
            position = 0;
            filled = input.read(buffer);
            if (filled < 0) {
                filled = 0;
                return -1;
            }
            total += filled;
            if (total > largest) {
                throw new SpoiltException("it has more than " + largest + " bytes");
            }
        }
        return buffer[position++];
    }
}
