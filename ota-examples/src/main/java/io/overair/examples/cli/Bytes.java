package io.overair.examples.cli;

import java.util.Locale;

/** Sizes for people. */
final class Bytes {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

    private Bytes() {}

    /** {@code 812 B}, {@code 64.0 KiB}: exact below a KiB, one decimal above. */
    static String toText(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes / 1024.0;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
