package io.overair.client;

import io.overair.manifest.ManifestLimits;
import java.time.Duration;

/**
 * What a device puts up with. Start with {@link #defaults}; each {@code with…} method gives a copy that differs in one
 * thing. What a peer claims about lengths is never believed, only counted.
 *
 * @param manifest longest manifest and most files in one
 * @param maxFileBytes largest file, in bytes
 * @param maxImageBytes largest firmware image, in bytes
 * @param maxUpdateBytes most that an update fetches, files and firmware together, in bytes
 * @param minBytesPerSecond slowest transfer that is waited for, on average over any minute; 0 for any
 * @param longestTransfer longest time that one transfer may take from its first byte; a later try goes on where it ended
 */
public record Limits(
        ManifestLimits manifest,
        long maxFileBytes,
        long maxImageBytes,
        long maxUpdateBytes,
        long minBytesPerSecond,
        Duration longestTransfer) {
    private static final Limits DEFAULTS =
            new Limits(ManifestLimits.defaults(), 1L << 30, 4L << 30, 8L << 30, 128, Duration.ofHours(12));

    public Limits {
        if (maxFileBytes < 0 || maxImageBytes < 0 || maxUpdateBytes < 0 || minBytesPerSecond < 0) {
            throw new IllegalArgumentException("a negative limit");
        }
        if (longestTransfer.isNegative() || longestTransfer.isZero()) {
            throw new IllegalArgumentException("transfers of at most " + longestTransfer);
        }
    }

    /** {@link ManifestLimits#defaults}, files of 1 GiB, images of 4 GiB, 8 GiB in all, 128 bytes a second, twelve hours. */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /** Other limits for manifests. */
    public Limits withManifest(ManifestLimits limits) {
        return new Limits(limits, maxFileBytes, maxImageBytes, maxUpdateBytes, minBytesPerSecond, longestTransfer);
    }

    /** Another size for the largest file, in bytes. */
    public Limits withMaxFileBytes(long bytes) {
        return new Limits(manifest, bytes, maxImageBytes, maxUpdateBytes, minBytesPerSecond, longestTransfer);
    }

    /** Another size for the largest firmware image, in bytes. */
    public Limits withMaxImageBytes(long bytes) {
        return new Limits(manifest, maxFileBytes, bytes, maxUpdateBytes, minBytesPerSecond, longestTransfer);
    }

    /** Another size for all that an update fetches, in bytes. */
    public Limits withMaxUpdateBytes(long bytes) {
        return new Limits(manifest, maxFileBytes, maxImageBytes, bytes, minBytesPerSecond, longestTransfer);
    }

    /** Another rate below which a transfer is given up. A link of a few bytes a second wants this. */
    public Limits withMinBytesPerSecond(long rate) {
        return new Limits(manifest, maxFileBytes, maxImageBytes, maxUpdateBytes, rate, longestTransfer);
    }

    /** Another time for the longest transfer. */
    public Limits withLongestTransfer(Duration time) {
        return new Limits(manifest, maxFileBytes, maxImageBytes, maxUpdateBytes, minBytesPerSecond, time);
    }
}
