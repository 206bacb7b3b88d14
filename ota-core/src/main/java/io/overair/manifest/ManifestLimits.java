package io.overair.manifest;

/**
 * How much a manifest may hold before it is refused; what a sender claims about its length is never believed.
 *
 * <p>Both also limit the folders that files to add and to change lie in, which a short document may make many: there may be
 * no more than {@code maxFiles}, and their paths may have no more than {@code maxBytes} characters, taken together.
 *
 * @param maxBytes longest document, in bytes
 * @param maxFiles most files to add, to change and to remove, taken together
 */
public record ManifestLimits(long maxBytes, int maxFiles) {
    private static final ManifestLimits DEFAULTS = new ManifestLimits(32 << 20, 100_000);

    /**
     * Checks the two numbers.
     *
     * @throws IllegalArgumentException if {@code maxBytes} is not positive or {@code maxFiles} is negative
     */
    public ManifestLimits {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("a manifest of at most " + maxBytes + " bytes");
        }
        if (maxFiles < 0) {
            throw new IllegalArgumentException("a manifest of at most " + maxFiles + " files");
        }
    }

    /** Room for 100,000 files in 32 MiB, far more than any device this was made for has. */
    public static ManifestLimits defaults() {
        return DEFAULTS;
    }
}
