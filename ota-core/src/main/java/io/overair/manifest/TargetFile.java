package io.overair.manifest;

import java.util.List;
import java.util.OptionalLong;

/**
 * A file that a device is to have after the update.
 *
 * @param path where it belongs on the device
 */
public record TargetFile(DevicePath path, String reference, List<Digest> digests, OptionalLong size) implements Target {
    public TargetFile {
        TargetChecks.checkReference(reference);
        TargetChecks.checkSize(size);
        digests = TargetChecks.sortedDigests(digests);
    }
}
