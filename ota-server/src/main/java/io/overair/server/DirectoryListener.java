package io.overair.server;

import io.overair.tree.Omission;
import java.io.IOException;

/**
 * Is told what is wrong with files in a directory of releases, for whoever publishes there. Called on the thread that
 * found it, so it must be quick, and by many threads at once.
 */
public interface DirectoryListener {
    /** Devices will not get this part of {@code release}. Told once, for as long as it stays. */
    default void leftOut(String release, Omission omission) {}

    /**
     * {@code name} cannot be read because of {@code problem}, and devices are told what was true before. Told once, until
     * it can be read again. What was never read before has no such state: then requests fail.
     *
     * @param name of a release or an image; of the directory itself, its path
     */
    default void outdated(String name, IOException problem) {}
}
