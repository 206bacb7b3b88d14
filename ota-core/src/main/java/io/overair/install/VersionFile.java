package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.DevicePath;
import io.overair.manifest.ManifestException;
import io.overair.version.LooseVersion;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file from which the Pycom client, which imports it, learns the version: one line of Python. */
final class VersionFile {
    static final DevicePath DEFAULT = new DevicePath("flash/OTA_VERSION.py");

    /** More than a line with the longest version has, with room for blanks, in bytes. */
    static final int LARGEST_BYTES = 4096;

    private static final int LONGEST_VERSION = 128;
    private static final Pattern LINE = Pattern.compile(
            "\\s*VERSION\\s*=\\s*(['\"])([^'\"\\\\\\p{Cntrl}]{1,%d})\\1\\s*".formatted(LONGEST_VERSION));

    private VersionFile() {}

    /**
     * The content of the file.
     *
     * @throws ManifestException if the version would be code, or could not be read back
     */
    static byte[] content(LooseVersion version) throws ManifestException {
        String text = version.toString();
        boolean unsafe = text.length() > LONGEST_VERSION
                || text.chars()
                        .anyMatch(character -> character == '\''
                                || character == '"'
                                || character == '\\'
                                || Character.isISOControl(character));
        if (unsafe) {
            throw new ManifestException(
                    "version",
                    "one with quotes, backslashes, control characters or more than %d characters cannot be written for the device"
                            .formatted(LONGEST_VERSION));
        }
        return ("VERSION = '" + text + "'\n").getBytes(UTF_8);
    }

    /** The version in a file that the Pycom client or this library wrote; anything longer than a version may be is none. */
    static Optional<LooseVersion> parse(byte[] content) {
        Matcher matcher = LINE.matcher(new String(content, UTF_8));
        return matcher.matches() ? Optional.of(LooseVersion.parse(matcher.group(2))) : Optional.empty();
    }
}
