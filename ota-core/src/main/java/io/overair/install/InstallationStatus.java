package io.overair.install;

import io.overair.version.LooseVersion;
import java.util.List;
import java.util.Optional;

/**
 * What is known about an installation.
 *
 * @param version what is installed; empty if that is not known
 * @param previous what was installed before
 * @param phase what is going on
 * @param lastOutcome how the last change ended
 * @param wayBack whether {@link Installation#rollBack} has something to go back to
 * @param obstacle why a change can be brought neither to its end nor back, in {@link Phase#STUCK}
 * @param warnings what the file stores that were used so far cannot give, that of the root first
 */
public record InstallationStatus(
        Optional<LooseVersion> version,
        Optional<LooseVersion> previous,
        Phase phase,
        Outcome lastOutcome,
        WayBack wayBack,
        Optional<String> obstacle,
        List<StoreWarning> warnings) {

    /** Copies the list. */
    public InstallationStatus {
        warnings = List.copyOf(warnings);
    }

    /** What is going on with an installation. */
    public enum Phase {
        /** Nothing. */
        IDLE,
        /** A change is being made, or was cut and is finished when the installation is opened. */
        APPLYING,
        /** A change is being undone, or that was cut and is finished when the installation is opened. */
        ROLLING_BACK,
        /** A change can be brought neither to its end nor back; it is tried again when the installation is opened. */
        STUCK
    }

    /** Whether there is a version to go back to. */
    public enum WayBack {
        /** There is. */
        OPEN,
        /** There is none. */
        NONE
    }
}
