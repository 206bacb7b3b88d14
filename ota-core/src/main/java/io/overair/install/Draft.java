package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A transaction to be made.
 *
 * @param activate what is to become of the firmware: now, then, and the number of the staged image
 * @param image where that image comes from
 * @param staged where what is put at each path comes from
 * @param outcome what is told of it when it is made
 * @param next what the installation will know about itself then
 */
record Draft(
        Optional<LooseVersion> from,
        Optional<LooseVersion> to,
        Planner.Steps steps,
        Optional<Step> activate,
        Optional<Source> image,
        Map<DevicePath, Source> staged,
        InstalledFiles installed,
        Outcome outcome,
        NextState next) {

    /** Whether it brings a release; if not, it takes one back. */
    boolean isUpdate() {
        return outcome == Outcome.UPDATED;
    }

    /** Where a staged file comes from. */
    interface Source {
        /** Brings it to {@code place}, complete, with its attributes, and forced; its name need not be. */
        void bring(Path place) throws IOException;

        /** Takes it back from {@code place}, because nothing came of the transaction. */
        default void takeBack(Path place) throws IOException {}
    }

    /** The state after the transaction {@code id}, from the one before it. */
    interface NextState {
        State after(State now, String id);
    }
}
