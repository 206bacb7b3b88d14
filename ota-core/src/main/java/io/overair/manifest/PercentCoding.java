package io.overair.manifest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Names in URLs, and so in the {@linkplain Target#reference references} of targets: RFC 3986, of UTF-8. */
public final class PercentCoding {
    private static final String LEFT_AS_IT_IS = "-._~" + "!$&'()*+,;=" + ":@/";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentCoding() {}

    /** {@code path} for use in a URL: what may stand in a path (RFC 3986 §3.3) stays, the percent sign does not. */
    public static String encodePath(String path) {
        StringBuilder encoded = new StringBuilder(path.length() + 16);
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xFF);
            if (isAsciiLetterOrDigit(character) || LEFT_AS_IT_IS.indexOf(character) >= 0) {
                encoded.append(character);
            } else {
                encoded.append('%');
                HEX.toHexDigits(encoded, octet);
            }
        }
        return encoded.toString();
    }

    /**
     * {@code encoded} with every {@code %XX} undone, once. A percent sign without two hexadecimal digits stays, and what
     * is not UTF-8 becomes U+FFFD, both as Python has it: such a name is merely not found.
     */
    public static String decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        byte[] octets = encoded.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(octets.length);
        for (int i = 0; i < octets.length; i++) {
            boolean isEscape = octets[i] == '%'
                    && i + 2 < octets.length
                    && HexFormat.isHexDigit(octets[i + 1])
                    && HexFormat.isHexDigit(octets[i + 2]);
            if (isEscape) {
                decoded.write(HexFormat.fromHexDigit(octets[i + 1]) << 4 | HexFormat.fromHexDigit(octets[i + 2]));
                i += 2;
            } else {
                decoded.write(octets[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private static boolean isAsciiLetterOrDigit(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9');
    }
}
