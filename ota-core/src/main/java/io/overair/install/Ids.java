package io.overair.install;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names for what must not be mistaken for anything else. */
interface Ids {
    /** A name that was not given before. */
    String next();

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
