package io.overair.install;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The format of all files of the state folder but the log: lines of fields, which ends with a digest of itself. A file
 * that a crash cut short, or that a disk spoilt, is told from a whole one.
 *
 * <pre>
 * OTASTATE 1                    what it is, and the version of the format
 * version 1.0.1                 fields are separated by one blank; a lone - stands for none
 * path flash/a%20b.py           whatever might be mistaken for a separator is percent-encoded UTF-8
 * END 5f2c…                     the SHA-256 of every byte before this line
 * </pre>
 */
final class SealedText {
    private static final String NONE = "-";
    private static final String EMPTY = "%";
    private static final String END = "END ";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String PLAIN = "/:._,+@~=-";

    private final List<Object[]> lines = new ArrayList<>();

    /** Adds a line; an {@link Optional} without value becomes a field that stands for none. */
    SealedText line(Object... fields) {
        lines.add(fields);
        return this;
    }

    /**
     * Writes all lines and the last; they are put into words as they are written.
     *
     * @throws IOException also if a line is longer than what {@link SealedLines} reads
     */
    void writeTo(OutputStream output) throws IOException {
        MessageDigest digest = Digest.Algorithm.SHA256.newMessageDigest();
        for (Object[] fields : lines) {
            byte[] line = Stream.of(fields)
                    .map(SealedText::encoded)
                    .collect(Collectors.joining(" ", "", "\n"))
                    .getBytes(US_ASCII);
            if (line.length > SealedLines.LONGEST_LINE + 1) {
                throw new IOException("a line of %d bytes could not be read back".formatted(line.length));
            }
            digest.update(line);
            output.write(line);
        }
        String seal = Digest.of(Digest.Algorithm.SHA256, digest.digest()).hex();
        output.write((END + seal + "\n").getBytes(US_ASCII));
    }

    /** What {@link #writeTo} writes. */
    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writeTo(bytes);
        return bytes.toByteArray();
    }

    /**
     * The lines of a whole file, each the list of its fields, without the last line.
     *
     * @throws IOException if it is not whole; the message says only that
     */
    static List<List<String>> parse(byte[] bytes) throws IOException {
        SealedLines reader = new SealedLines(new ByteArrayInputStream(bytes));
        List<List<String>> lines = new ArrayList<>();
        for (List<String> line = reader.next(); !line.equals(SealedLines.END); line = reader.next()) {
            lines.add(line);
        }
        return lines;
    }

    /** What {@code field} stands for, unless it stands for none. */
    static Optional<String> optional(String field) {
        return field.equals(NONE) ? Optional.empty() : Optional.of(decode(field));
    }

    static String decode(String field) {
        if (field.equals(EMPTY)) {
            return "";
        }
        return field.indexOf('%') < 0 ? field : URLDecoder.decode(field.replace("+", "%2B"), UTF_8);
    }

    private static String encoded(Object field) {
        if (field instanceof Optional<?> optional) {
            return optional.isPresent() ? encoded(optional.get()) : NONE;
        }
        return encode(field.toString());
    }

    static String encode(String value) {
        if (value.equals(NONE)) {
            return "%2D";
        }
        if (value.isEmpty()) {
            return EMPTY;
        }
        StringBuilder encoded = new StringBuilder(value.length());
        for (byte octet : value.getBytes(UTF_8)) {
            char character = (char) (octet & 0xFF);
            if (isPlain(character)) {
                encoded.append(character);
            } else {
                HEX.toHexDigits(encoded.append('%'), octet);
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(char character) {
        return (character >= '0' && character <= '9')
                || (character >= 'A' && character <= 'Z')
                || (character >= 'a' && character <= 'z')
                || PLAIN.indexOf(character) >= 0;
    }
}
