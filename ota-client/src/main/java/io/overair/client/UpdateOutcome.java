package io.overair.client;

import io.overair.install.TrialStatus;
import io.overair.manifest.FirmwareImage;
import io.overair.version.LooseVersion;
import java.util.Optional;

/** How an update ended that did not fail; what fails is thrown. */
public sealed interface UpdateOutcome {
    /**
     * There was nothing to do.
     *
     * @param version what the device is on; empty if it knows no version
     */
    record UpToDate(Optional<LooseVersion> version) implements UpdateOutcome {}

    /**
     * The only release that is offered has failed on this device before, so there was nothing to do. It is passed over until
     * the peer offers a higher one, or until {@link io.overair.install.Installation#unblock}.
     *
     * @param version what the device is on; empty if it knows no version
     * @param release what is offered
     */
    record Blocked(Optional<LooseVersion> version, LooseVersion release) implements UpdateOutcome {}

    /**
     * The device has another version, and no power cut takes it away again. The host should restart now, at the latest if
     * there was firmware.
     *
     * @param from what the device was on; empty if it knew no version
     * @param to what it is on now
     * @param files how many files were added or changed according to the manifest
     * @param removed how many files were to be removed
     * @param bytes how many bytes were fetched for it, this time
     * @param firmware the image that was activated
     * @param trial what the version has to go through before it stays; empty if it stays in any case
     */
    record Updated(
            Optional<LooseVersion> from,
            LooseVersion to,
            int files,
            int removed,
            long bytes,
            Optional<FirmwareImage> firmware,
            Optional<TrialStatus> trial)
            implements UpdateOutcome {}
}
