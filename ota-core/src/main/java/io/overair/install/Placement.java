package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** How the files of a release get to where they lie: what an update has to do about the layout of the device. */
interface Placement {
    /**
     * What an update needs besides its downloads.
     *
     * @param mounts where the file stores are mounted that it changes, {@link Plan#ROOT} first
     * @param bytes how much room on the root's store
     */
    record Needs(Set<String> mounts, long bytes) {}

    /**
     * What a transaction changes of the tree.
     *
     * @param staged where what is put at each path comes from
     */
    record Change(Planner.Steps steps, Map<DevicePath, Draft.Source> staged) {}

    /** The layout that the device has afterwards. */
    Layout layout();

    /** The files that are installed now. */
    Tree files();

    /**
     * Checks before anything is fetched that nothing is in the way.
     *
     * @throws ConflictException if something is
     */
    Needs check(Release release) throws IOException;

    /**
     * What has to change so that {@link #files} are what is wanted.
     *
     * @param sources where each wanted file comes from
     * @param last what is to be put after everything else
     */
    Change change(
            SortedMap<DevicePath, Planner.Wanted> wanted,
            Map<DevicePath, Draft.Source> sources,
            Optional<DevicePath> last)
            throws IOException;
}
