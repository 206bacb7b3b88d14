package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.version.LooseVersion;
import java.util.List;
import java.util.Optional;

/**
 * What is known about an installation.
 *
 * @param version what is installed; while a change is not over, what was before it; empty if that is not known
 * @param previous what was installed before
 * @param phase what is going on
 * @param target where the change leads that is not over, which may be undone by now; empty if none is going on
 * @param openHooks hooks that an update has started which is not over, or came to nothing: whoever opens the installation and
 *     has one of them asks, or undoes, it. Of a {@link CommandHook} the name comes with {@code +after-apply} and {@code +undo},
 *     where it has those commands; one that has others is another hook
 * @param lastChange how the last change ended
 * @param trial of the version that is installed, while it goes on
 * @param blocked releases that failed here, and are refused until a higher one comes or until {@link Installation#unblock}
 * @param lastRecovery what the last {@link Installation#open} that found something of an earlier run did about it
 * @param wayBack whether {@link Installation#rollBack} has something to go back to; while a change is not over, that it had
 *     before
 * @param holder who has the installation open to change it, as far as can be told: a process of this machine, by what it
 *     wrote down of itself
 * @param obstacle why a change can be brought neither to its end nor back, in {@link Phase#STUCK}; why a release on trial that is
 *     rejected could not be taken back
 * @param stores what is mounted in the tree with files of this installation on it, or with what a rollback needs, sorted
 * @param warnings what the file stores that were used so far cannot give, that of the root first
 */
public record InstallationStatus(
        Optional<LooseVersion> version,
        Optional<LooseVersion> previous,
        Phase phase,
        Optional<LooseVersion> target,
        List<String> openHooks,
        Report lastChange,
        Optional<TrialStatus> trial,
        List<LooseVersion> blocked,
        Optional<Recovery> lastRecovery,
        WayBack wayBack,
        Optional<Holder> holder,
        Optional<String> obstacle,
        List<Store> stores,
        List<StoreWarning> warnings) {

    /** Copies the lists. */
    public InstallationStatus {
        openHooks = List.copyOf(openHooks);
        blocked = List.copyOf(blocked);
        stores = List.copyOf(stores);
        warnings = List.copyOf(warnings);
    }

    /**
     * A process that has an installation open.
     *
     * @param pid its number
     * @param program what it is, see {@link Installation#PROGRAM_PROPERTY}
     */
    public record Holder(long pid, String program) {}

    /** What is going on with an installation. */
    public enum Phase {
        /** Nothing. */
        IDLE,
        /** What is installed is on trial. */
        TRIAL,
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
        /** There is as soon as the {@linkplain Presence#MISSING missing} stores that it needs are there again. */
        WAITING,
        /** There is none. */
        NONE
    }

    /**
     * A memory card, or whatever else is mounted in the tree.
     *
     * @param mount the folder of the tree where it belongs
     * @param id what it is known by; empty if it takes none, being read-only: then anything that is mounted there is taken for it
     * @param presence whether it is there now
     */
    public record Store(DevicePath mount, Optional<String> id, Presence presence) {}

    /** Whether a store is there. */
    public enum Presence {
        /** It is. */
        THERE,
        /** Nothing is there, another store, or one that cannot be read. */
        MISSING,
        /** It is none of this installation: it was mounted since over files that are installed, and hides them. */
        HIDING
    }
}
