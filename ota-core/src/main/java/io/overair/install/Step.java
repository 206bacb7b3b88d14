package io.overair.install;

import io.overair.manifest.DevicePath;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One change of a plan. Whether it is done can be told from the disk alone.
 *
 * @param path what it changes; empty for {@link Kind#ACTIVATE}, which changes no path
 * @param before what was there when the plan was made
 * @param after what is there when it is done
 * @param staged number of the staged file, for what needs one
 * @param backup number of the backup, where there is something to keep
 */
record Step(Kind kind, Optional<DevicePath> path, Entry before, Entry after, OptionalInt staged, OptionalInt backup) {

    /** In the order in which they are done. */
    enum Kind {
        /** Removes a file or link. */
        DEL,
        /** Removes a folder that has become empty. */
        RMDIR,
        /** Makes a folder. */
        MKDIR,
        /** Moves a staged file to its place. */
        PUT,
        /** Moves a staged link to its place. */
        LINK,
        /** Makes a firmware slot the active one. */
        ACTIVATE
    }

    static Step on(DevicePath path, Kind kind, Entry before, Entry after) {
        return new Step(kind, Optional.of(path), before, after, OptionalInt.empty(), OptionalInt.empty());
    }

    Step withStaged(int number) {
        return new Step(kind, path, before, after, OptionalInt.of(number), backup);
    }

    Step withBackup(int number) {
        return new Step(kind, path, before, after, staged, OptionalInt.of(number));
    }

    Step withoutBackup() {
        return new Step(kind, path, before, after, staged, OptionalInt.empty());
    }

    /** The step back, which needs no staged file. */
    Step reversed() {
        return new Step(kind, path, after, before, OptionalInt.empty(), OptionalInt.empty());
    }

    boolean movesStagedFile() {
        return kind == Kind.PUT || kind == Kind.LINK;
    }

    /** Where it is done. */
    DevicePath place() {
        return path.orElseThrow(() -> new IllegalStateException(kind + " has no path"));
    }
}
