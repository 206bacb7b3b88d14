package io.overair.install;

import java.nio.file.Path;

/**
 * Something that an installation promises and one of its file stores cannot give.
 *
 * @param store where the store begins: the root of the tree, or where something is mounted in it
 * @param weakness what the store cannot give
 */
public record StoreWarning(Path store, Weakness weakness) {

    /** What a file store can lack. */
    public enum Weakness {
        /** A power cut may leave a file half renamed, and the tree neither old nor new; killed programs do no harm. */
        RENAMES_ARE_NOT_ATOMIC(
                "on FAT, after a power cut, files may be lost or damaged; a killed program does no harm"),
        /** An updater on another machine may not see that this one is at work. */
        LOCKS_ARE_LOCAL("on a network share updaters on other machines are not kept out"),
        /** A power cut may take back what was reported as done; killed programs do no harm. */
        FOLDERS_CANNOT_BE_FORCED(
                "folders cannot be forced to the disk: a power cut may undo a change; a killed program does no harm");

        private final String text;

        Weakness(String text) {
            this.text = text;
        }
    }

    /** For people, in one line. */
    @Override
    public String toString() {
        return store + ": " + weakness.text;
    }
}
