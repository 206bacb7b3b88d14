package io.overair.tree;

/**
 * Something that a scan left out.
 *
 * @param path where it is below the root, as far as its name can be told; raw, so it may hold any character
 * @param reason why
 * @param explanation the same for people, in a few words
 */
public record Omission(String path, Reason reason, String explanation) {
    /** Why something is left out. */
    public enum Reason {
        /** No {@link io.overair.manifest.DevicePath} can hold its name; for a directory, all that is in it is left out. */
        UNUSABLE_NAME,
        /** Its name is not text in the encoding this program runs with, so nobody could ask for it. */
        UNDECODABLE_NAME,
        /** A link, and none were to be followed. */
        LINK,
        /** A link to a directory. */
        LINK_TO_DIRECTORY,
        /** A link that leads out of the boundary. */
        LINK_OUT,
        /** A link to nothing. */
        BROKEN_LINK,
        /** A link that leads back to itself. */
        LINK_LOOP,
        /** A pipe, a socket or a device, or a link to one. */
        SPECIAL_FILE
    }

    /** Path and explanation on one line, with escapes for the characters that would disturb a log. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        path.codePoints().forEach(character -> {
            switch (Character.getType(character)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> line.append("\\u{%X}".formatted(character));
                default -> line.appendCodePoint(character);
            }
        });
        return line.append(": ").append(explanation).toString();
    }
}
