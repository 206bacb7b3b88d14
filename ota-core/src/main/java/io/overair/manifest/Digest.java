package io.overair.manifest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A cryptographic digest of some content: SHA-1 on the wire of the Pycom OTA example, SHA-256 for everything else.
 *
 * @param algorithm what it was made with
 * @param hex its value in hexadecimal; upper case is turned into lower case, the form on the wire
 */
public record Digest(Algorithm algorithm, String hex) {

    /** The digests in use. */
    public enum Algorithm {
        /** What the Pycom OTA example checks files with. It detects damage; it does not stop an attacker. */
        SHA1("SHA-1", 20),
        /** What this library relies on wherever the wire does not force another. */
        SHA256("SHA-256", 32);

        private final String javaName;
        private final int bytes;

        Algorithm(String javaName, int bytes) {
            this.javaName = javaName;
            this.bytes = bytes;
        }

        /** A new, empty computation, for use by one thread; turn its result into a digest with {@link Digest#of}. */
        public MessageDigest newMessageDigest() {
            try {
                return MessageDigest.getInstance(javaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform must have " + javaName, e);
            }
        }

        @Override
        public String toString() {
            return javaName;
        }
    }

    /**
     * Checks {@code hex}.
     *
     * @throws IllegalArgumentException if it is not the value of such a digest
     */
    public Digest {
        hex = hex.toLowerCase(Locale.ROOT);
        if (hex.length() != 2 * algorithm.bytes || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            // Without the text itself: it comes from outside, may be long, and messages end up in logs.
            throw new IllegalArgumentException("%s needs %d hexadecimal digits, these %d characters are something else"
                    .formatted(algorithm, 2 * algorithm.bytes, hex.length()));
        }
    }

    /**
     * The digest whose value is {@code bytes}, as {@link MessageDigest#digest()} returns them.
     *
     * @throws IllegalArgumentException if {@code algorithm} makes longer or shorter ones
     */
    public static Digest of(Algorithm algorithm, byte[] bytes) {
        return new Digest(algorithm, HexFormat.of().formatHex(bytes));
    }

    /** The digest of {@code content}, for content that is in memory anyway. */
    public static Digest ofContent(Algorithm algorithm, byte[] content) {
        return of(algorithm, algorithm.newMessageDigest().digest(content));
    }

    /** Algorithm and value, as in {@code SHA-1:da39a3ee…}. */
    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
