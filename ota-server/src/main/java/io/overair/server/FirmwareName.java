package io.overair.server;

import io.overair.version.LooseVersion;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which file names are firmware images: {@code firmware_VERSION.bin} and {@code .hex}, as a whole.
 *
 * <p>The Pycom server searches for that pattern anywhere in a name, and so offers {@code firmware_1.0.1.bin.sig} to be
 * flashed. That is not copied.
 */
final class FirmwareName {
    static final String PREFIX = "firmware_";

    private static final Pattern WHOLE_NAME = Pattern.compile(PREFIX + "([0-9A-Za-z.]+)\\.(?:bin|hex)");

    private FirmwareName() {}

    /** The version that {@code fileName} holds, if it is the name of a firmware image. */
    static Optional<LooseVersion> versionIn(String fileName) {
        Matcher name = WHOLE_NAME.matcher(fileName);
        return name.matches() ? Optional.of(LooseVersion.parse(name.group(1))) : Optional.empty();
    }
}
