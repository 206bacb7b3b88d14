package io.overair.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a resource that a {@code Range} header asks for (RFC 9110 §14.1.2).
 *
 * @param first position of its first byte
 * @param length how many bytes; none if nothing of the resource lies in the range
 */
record ByteRange(long first, long length) {
    /** One range; a number of more than 18 digits is beyond every file and would not fit a long. */
    private static final Pattern SINGLE =
            Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    /**
     * The range that {@code header} asks for of {@code size} bytes. Empty if the header is to be ignored, because it is
     * malformed, speaks of other units than bytes, or asks for several ranges, which servers answer in ways that clients
     * get wrong.
     */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher range = SINGLE.matcher(header);
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (range.group(1).isEmpty()) {
            long length = Math.min(Long.parseLong(range.group(2)), size);
            return Optional.of(new ByteRange(size - length, length));
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
        if (last < first) {
            return Optional.empty();
        }
        return Optional.of(
                first < size ? new ByteRange(first, Math.min(last, size - 1) - first + 1) : new ByteRange(first, 0));
    }

    boolean isSatisfiable() {
        return length > 0;
    }

    /** As the value of {@code Content-Range}. */
    String of(long size) {
        return isSatisfiable() ? "bytes %d-%d/%d".formatted(first, first + length - 1, size) : "bytes */" + size;
    }
}
