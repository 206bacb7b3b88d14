package io.overair.install;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names for what must not be mistaken for anything else. */
interface Ids {
    /** A name that was not given before. */
    String next();

    /**
     * Checks that {@code id}, which becomes the name of a folder, cannot lead anywhere else.
     *
     * @throws IllegalArgumentException if it is not one of letters and digits
     */
    static void check(String id) {
        if (id.isEmpty() || !id.chars().allMatch(Character::isLetterOrDigit)) {
            throw new IllegalArgumentException("no name for a transaction: " + id);
        }
    }

    /** Random ones. */
    static Ids random() {
        SecureRandom random = new SecureRandom();
        return () -> {
            byte[] bytes = new byte[8];
            random.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        };
    }
}
