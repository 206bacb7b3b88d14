package io.overair.manifest;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One piece of content that a manifest names: a file of the device or a firmware image. */
public sealed interface Target permits TargetFile, FirmwareImage {

    /**
     * Where the content is to be had. In a manifest that was read: the text of its {@code URL}, unchanged. In one that a
     * server generated: the path below the server's root, percent-encoded and without a leading {@code /};
     * {@link ManifestJson#write} puts the server's address in front of it.
     */
    String reference();

    /** What the content must hash to, at least one, the strongest last; at most one of each algorithm. */
    List<Digest> digests();

    /** How many bytes the content has, where that is known: the wire of the Pycom OTA example does not tell. */
    OptionalLong size();

    /** The digest made with {@code algorithm}, if it is known. */
    default Optional<Digest> digest(Digest.Algorithm algorithm) {
        return digests().stream()
                .filter(digest -> digest.algorithm() == algorithm)
                .findFirst();
    }
}
