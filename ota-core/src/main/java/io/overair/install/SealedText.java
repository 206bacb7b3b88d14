package io.overair.install;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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
    private static final Pattern BLANK = Pattern.compile(" ");
    private static final String PLAIN = "/:._,+@~=-";

    private final StringBuilder text = new StringBuilder();

    /** Adds a line; an {@link Optional} without value becomes a field that stands for none. */
    SealedText line(Object... fields) {
        String separator = "";
        for (Object field : fields) {
            text.append(separator).append(encoded(field));
            separator = " ";
        }
        text.append('\n');
        return this;
    }

    byte[] toBytes() {
        return (text + END + seal(text.toString()) + "\n").getBytes(US_ASCII);
    }

    /**
     * The lines of a whole file, each the list of its fields, without the last line.
     *
     * @throws IOException if it is not whole; the message says only that
     */
    static List<List<String>> parse(byte[] bytes) throws IOException {
        String all = new String(bytes, US_ASCII);
        int end = all.lastIndexOf(END);
        if (end < 1 || all.charAt(end - 1) != '\n') {
            throw new IOException("it has no end line");
        }
        String content = all.substring(0, end);
        if (!all.substring(end).equals(END + seal(content) + "\n")) {
            throw new IOException("its end line does not fit its content");
        }
        List<List<String>> lines = new ArrayList<>();
        for (String line : content.lines().toList()) {
            lines.add(BLANK.splitAsStream(line).toList());
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
                encoded.append('%').append("%02X".formatted(octet));
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

    private static String seal(String content) {
        return Digest.ofContent(Digest.Algorithm.SHA256, content.getBytes(US_ASCII))
                .hex();
    }
}
