package io.overair.client.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A Wi-Fi network and what it takes to join it. Its text leaves the password out.
 *
 * @param ssid its name
 * @param password the passphrase of a WPA network; empty for an open one
 */
public record WifiNetwork(String ssid, Optional<String> password) {
    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if no network can have such a name, or no WPA network such a passphrase; the
     *     message does not repeat it
     */
    public WifiNetwork {
        int length = ssid.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > 32 || ssid.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("an SSID has 1 to 32 bytes, none of them a control character");
        }
        if (password.isPresent() && !isPassphrase(password.get())) {
            throw new IllegalArgumentException("a passphrase has 8 to 63 printable ASCII characters");
        }
    }

    /** A network that anyone may join. */
    public static WifiNetwork open(String ssid) {
        return new WifiNetwork(ssid, Optional.empty());
    }

    /** A network with a passphrase: WPA2, or WPA3 where it lets WPA2 devices in. */
    public static WifiNetwork withPassword(String ssid, String password) {
        return new WifiNetwork(ssid, Optional.of(password));
    }

    private static boolean isPassphrase(String text) {
        return text.length() >= 8
                && text.length() <= 63
                && text.chars().allMatch(character -> character >= ' ' && character <= '~');
    }

    @Override
    public String toString() {
        return ssid + (password.isPresent() ? " (with a password)" : " (open)");
    }
}
