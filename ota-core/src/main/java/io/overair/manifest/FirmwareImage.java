package io.overair.manifest;

import java.util.List;
import java.util.OptionalLong;

/** A firmware image that a device is to write to the slot it does not run from. */
public record FirmwareImage(String reference, List<Digest> digests, OptionalLong size) implements Target {
    public FirmwareImage {
        TargetChecks.checkReference(reference);
        TargetChecks.checkSize(size);
        digests = TargetChecks.sortedDigests(digests);
    }
}
