package io.overair.manifest;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The name of a file below a device's root, such as {@code flash/lib/a.py}: it cannot name anything outside that root,
 * on any platform, nor the updater's own state.
 *
 * <p>Segments are separated by {@code /}. One leading {@code /} is accepted and dropped, since the Pycom OTA example
 * writes {@code dst_path} with it and {@code delete} without. Everything else that is not a plain name is refused,
 * never repaired: empty segments, {@code .} and {@code ..}, backslashes, control characters, characters that turn the
 * direction of text, unpaired surrogates, segments of more than {@value #MAX_SEGMENT_BYTES} bytes in UTF-8, paths of
 * more than {@value #MAX_BYTES} or of more than {@value #MAX_SEGMENTS} segments, and any segment that a file system might
 * take for {@code .ota}, the folder in which an updater keeps its state.
 *
 * <p>Paths order by their text.
 *
 * @param value the path without a leading {@code /}
 */
public record DevicePath(String value) implements Comparable<DevicePath> {
    /** Longest path, in bytes of its UTF-8 form. */
    public static final int MAX_BYTES = 1024;

    /** Longest segment of a path, in bytes of its UTF-8 form: what common file systems take. */
    public static final int MAX_SEGMENT_BYTES = 255;

    /** Most segments of a path. Each but the last is a folder that an updater may have to make. */
    public static final int MAX_SEGMENTS = 64;

    private static final Pattern INVISIBLE = Pattern.compile("[\\x{200C}-\\x{200F}\\x{206A}-\\x{206F}\\x{FEFF}]");
    private static final Pattern STATE_FOLDER =
            Pattern.compile("(\\.ota|ota~[0-9]+)[. ]*(:.*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /**
     * Checks {@code value} and drops one leading {@code /}.
     *
     * @throws IllegalArgumentException if it cannot be a device path; the message says why
     */
    public DevicePath {
        if (value.startsWith("/")) {
            value = value.substring(1);
        }
        checkCharacters(value);
        if (utf8Length(value) > MAX_BYTES) {
            throw new IllegalArgumentException("a path of more than " + MAX_BYTES + " bytes");
        }
        String[] segments = value.split("/", -1);
        if (segments.length > MAX_SEGMENTS) {
            throw new IllegalArgumentException("a path of more than " + MAX_SEGMENTS + " segments");
        }
        for (String segment : segments) {
            checkSegment(segment);
        }
    }

    /** The last segment: {@code a.py} of {@code flash/lib/a.py}. */
    public String fileName() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    @Override
    public int compareTo(DevicePath other) {
        return value.compareTo(other.value);
    }

    /** The path without a leading {@code /}. */
    @Override
    public String toString() {
        return value;
    }

    private static void checkCharacters(String value) {
        for (int i = 0; i < value.length(); ) {
            int character = value.codePointAt(i);
            if (character == '\\'
                    || Character.isISOControl(character)
                    || turnsTextDirection(character)
                    || Character.getType(character) == Character.SURROGATE) {
                throw new IllegalArgumentException("the character U+%04X cannot stand in a path".formatted(character));
            }
            i += Character.charCount(character);
        }
    }

    /** Bidirectional embeddings, overrides and isolates: what a person reads would not be what is written. */
    private static boolean turnsTextDirection(int character) {
        return (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
    }

    private static void checkSegment(String segment) {
        if (segment.isEmpty()) {
            throw new IllegalArgumentException("a path with an empty segment");
        }
        if (segment.equals(".") || segment.equals("..")) {
            throw new IllegalArgumentException("a path with the segment \"" + segment + "\"");
        }
        if (utf8Length(segment) > MAX_SEGMENT_BYTES) {
            throw new IllegalArgumentException("a segment of more than " + MAX_SEGMENT_BYTES + " bytes");
        }
        if (namesStateFolder(segment)) {
            throw new IllegalArgumentException("the segment \"" + segment + "\" is reserved for the updater's state");
        }
    }

    /**
     * Whether some file system would open the state folder by this name: most of those a device may carry do not tell
     * cases apart, HFS+ skips invisible characters, Windows drops dots and blanks at the end and takes what follows a
     * colon for a stream of the file, and FAT answers to the short name {@code OTA~1}, too.
     */
    private static boolean namesStateFolder(String segment) {
        String visible = INVISIBLE.matcher(segment).replaceAll("");
        return STATE_FOLDER.matcher(visible).matches();
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
