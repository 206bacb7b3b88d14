package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * How the files of a release get to where they lie: what an update has to do about the layout of the device, as both are
 * now. It is found out anew at the commit.
 */
interface Placement {
    /**
     * What an update needs besides its downloads.
     *
     * @param stores the file stores that it changes
     * @param lines how many it adds to what is written down, at most
     * @param copies how many bytes it copies to each store
     * @param backups how many of these are files that it replaces or removes, on each store
     */
    record Needs(Stores stores, int lines, Map<StateFolder, Long> copies, Map<StateFolder, Long> backups) {}

    /**
     * What a transaction changes of the tree.
     *
     * @param staged where what is put at each path comes from
     */
    record TreeChange(Planner.Steps steps, Map<DevicePath, Draft.Source> staged) {}

    /** The layout that the device has afterwards. */
    Layout layout();

    /** The files that are installed now, surveyed. */
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
    TreeChange change(
            SortedMap<DevicePath, Planner.Wanted> wanted,
            Map<DevicePath, Draft.Source> sources,
            Optional<DevicePath> last)
            throws IOException;
}
