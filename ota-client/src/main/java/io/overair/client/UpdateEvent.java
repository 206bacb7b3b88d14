package io.overair.client;

import io.overair.install.Report;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What happens during an update, for whoever shows or reports it. In the order of a good update. */
public sealed interface UpdateEvent {
    /**
     * Since this device was updated last, its release was confirmed, or taken back because it did not pass its trial, or the
     * update was undone by a recovery. Told at the beginning of each update until somebody calls {@link
     * io.overair.install.Installation#reported}: whoever sends it on knows when it has arrived.
     */
    record EarlierChange(Report report) implements UpdateEvent {}

    /**
     * The peer has a manifest for this device.
     *
     * @param current what the device is on; empty if it knows no version
     */
    record Offered(Optional<LooseVersion> current, Manifest manifest) implements UpdateEvent {}

    /** What is offered has failed on this device before, and is passed over. */
    record Blocked(Optional<LooseVersion> current, LooseVersion release) implements UpdateEvent {}

    /** What is offered is lower than what the device is on, and is followed all the same. */
    record Downgrade(LooseVersion current, LooseVersion offered) implements UpdateEvent {}

    /** The manifest names an image, but this device has nothing to write it with and its host wants it left out. */
    record FirmwareSkipped(FirmwareImage image) implements UpdateEvent {}

    /**
     * The update can be made, and this is what has still to be fetched for it.
     *
     * @param missing without what is on the device already, at its place or from an earlier run; in the order in which
     *     they are fetched
     */
    record Begun(List<Target> missing) implements UpdateEvent {
        public Begun {
            missing = List.copyOf(missing);
        }
    }

    /**
     * Bytes have arrived. Comes at the beginning and at the end of each transfer, and at most twice a second in between.
     *
     * @param bytes how many of the target are there by now, those kept from an earlier run included
     * @param total how many there are to be, where that is known
     * @param bytesPerSecond how many arrived per second, on average over the last minute of this transfer
     */
    record Progress(Target target, long bytes, OptionalLong total, long bytesPerSecond) implements UpdateEvent {}

    /**
     * Something failed and is tried again after a wait.
     *
     * @param target what failed to arrive; empty for the manifest
     * @param failures how many tries have failed so far
     * @param tries how many there are in all
     * @param pause how long until the next
     */
    record Retrying(Optional<Target> target, int failures, int tries, Duration pause, IOException cause)
            implements UpdateEvent {}

    /** A target is here, complete and verified; nothing of the device is changed yet. */
    record Staged(Target target) implements UpdateEvent {}

    /** The device has the new version, though perhaps on trial. */
    record Committed(UpdateOutcome.Updated outcome) implements UpdateEvent {}

    /**
     * The update could not be completed, and the device is back on what it had.
     *
     * @param current what the device is on; empty if it knows no version
     * @param undone what was to be installed
     */
    record RolledBack(Optional<LooseVersion> current, LooseVersion undone, IOException cause) implements UpdateEvent {}
}
