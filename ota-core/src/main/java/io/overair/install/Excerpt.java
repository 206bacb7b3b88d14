package io.overair.install;

/** The beginning of a text that may come from anywhere, as much of it as is kept. */
final class Excerpt {
    /** Most that is kept, in characters: what a person reads, and far less than a line of the state folder may have. */
    static final int LONGEST = 1_000;

    private Excerpt() {}

    static String of(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        // Half a character could not be written.
        boolean splits = Character.isHighSurrogate(text.charAt(LONGEST - 1));
        return text.substring(0, splits ? LONGEST - 1 : LONGEST);
    }
}
