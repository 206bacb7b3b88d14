package io.overair.install;

import io.overair.manifest.Digest;
import java.util.Optional;

/**
 * A place that holds a firmware image.
 *
 * @param name what the writer calls it
 * @param sha256 the digest of the image in it, where that is known
 */
public record FirmwareSlot(String name, Optional<Digest> sha256) {
    /**
     * Checks the two.
     *
     * @throws IllegalArgumentException if the name is empty or the digest is no SHA-256
     */
    public FirmwareSlot {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a slot needs a name");
        }
        sha256.ifPresent(digest -> {
            if (digest.algorithm() != Digest.Algorithm.SHA256) {
                throw new IllegalArgumentException("a slot is known by its SHA-256, not by " + digest.algorithm());
            }
        });
    }
}
