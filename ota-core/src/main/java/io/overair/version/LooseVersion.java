package io.overair.version;

import java.util.ArrayList;
import java.util.List;

/**
 * A version that orders as Python's {@code distutils.version.LooseVersion} does, which is how the Pycom OTA example
 * finds the latest release.
 *
 * <p>A version falls into parts: runs of decimal digits of any script (numbers), runs of {@code a} to {@code z}, and
 * every stretch of anything else but dots (both text). Parts compare one by one, numbers by value and text by Unicode
 * code point; a version that is the beginning of another is lower. So
 * {@code 1.0 < 1.0.0 < 1.0.1 < 1.0.1b < 1.0.1rc1 < 1.0.10}.
 *
 * <p>Where Python raises {@code TypeError}, a number against text, the text is the lower one: the order is total, and a
 * stray directory named {@code docs} never wins against {@code 1.0.0}.
 *
 * <p>Beware that, as with {@link java.math.BigDecimal}, the order is coarser than {@link #equals}: {@code 1.0} and
 * {@code 01.0} compare as equal but are two versions, since a device is up to date only if the <em>text</em> is the
 * same. Do not key a sorted map with it.
 *
 * <p>Comparing costs time in proportion to the length of the texts, however long a run of digits is. Immutable.
 */
public final class LooseVersion implements Comparable<LooseVersion> {
    private final String text;
    private final List<Part> parts;

    private LooseVersion(String text) {
        this.text = text;
        this.parts = split(text);
    }

    /**
     * The version written as {@code text}, which may be anything but empty.
     *
     * @throws IllegalArgumentException if {@code text} is empty: Python makes no version of it either
     */
    public static LooseVersion parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a version cannot be empty");
        }
        return new LooseVersion(text);
    }

    @Override
    public int compareTo(LooseVersion other) {
        int shared = Math.min(parts.size(), other.parts.size());
        for (int i = 0; i < shared; i++) {
            int order = parts.get(i).compareTo(other.parts.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(parts.size(), other.parts.size());
    }

    /** Whether the text is the same, letter for letter. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LooseVersion that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text this version was parsed from, unchanged. */
    @Override
    public String toString() {
        return text;
    }

    /** What this version falls into; none for a text of dots alone. */
    List<Part> parts() {
        return parts;
    }

    private static List<Part> split(String text) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            Kind kind = Kind.of(text.codePointAt(at));
            int end = at;
            while (end < text.length() && Kind.of(text.codePointAt(end)) == kind) {
                end += Character.charCount(text.codePointAt(end));
            }
            switch (kind) {
                case DIGITS -> parts.add(new Part(true, digitsWithoutLeadingZeros(text, at, end)));
                case LOWER_CASE, OTHER -> parts.add(new Part(false, text.substring(at, end)));
                case DOT -> {}
            }
            at = end;
        }
        return List.copyOf(parts);
    }

    /** The number in ASCII digits, so that the longer of two is the greater: no arithmetic, however long it is. */
    private static String digitsWithoutLeadingZeros(String text, int from, int to) {
        StringBuilder digits = new StringBuilder(to - from);
        text.substring(from, to)
                .codePoints()
                .map(digit -> Character.digit(digit, 10))
                .dropWhile(value -> value == 0)
                .forEach(value -> digits.append((char) ('0' + value)));
        return digits.toString();
    }

    private enum Kind {
        DIGITS,
        LOWER_CASE,
        DOT,
        OTHER;

        static Kind of(int codePoint) {
            if (codePoint >= 'a' && codePoint <= 'z') {
                return LOWER_CASE;
            }
            if (codePoint == '.') {
                return DOT;
            }
            return Character.isDigit(codePoint) ? DIGITS : OTHER;
        }
    }

    /** A number in ASCII digits without leading zeros, so that zero is the empty text; or else a text. */
    record Part(boolean isNumber, String value) implements Comparable<Part> {
        @Override
        public int compareTo(Part other) {
            if (isNumber != other.isNumber) {
                return isNumber ? 1 : -1;
            }
            if (isNumber && value.length() != other.value.length()) {
                return Integer.compare(value.length(), other.value.length());
            }
            return compareByCodePoint(value, other.value);
        }

        /** As Python compares text; {@link String#compareTo} would compare the halves of surrogate pairs. */
        private static int compareByCodePoint(String left, String right) {
            int shared = Math.min(left.length(), right.length());
            for (int i = 0; i < shared; i += Character.charCount(left.codePointAt(i))) {
                int order = Integer.compare(left.codePointAt(i), right.codePointAt(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(left.length(), right.length());
        }
    }
}
