package io.overair.tree;

import io.overair.manifest.DevicePath;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What turns one tree into another. Immutable.
 *
 * @param added the files only the later tree has
 * @param changed the files both have, but with different content: as they are in the later tree
 * @param removed the files only the earlier tree has
 */
public record TreeDiff(
        SortedMap<DevicePath, FileEntry> added,
        SortedMap<DevicePath, FileEntry> changed,
        SortedMap<DevicePath, FileEntry> removed) {
    public TreeDiff {
        added = Collections.unmodifiableSortedMap(new TreeMap<>(added));
        changed = Collections.unmodifiableSortedMap(new TreeMap<>(changed));
        removed = Collections.unmodifiableSortedMap(new TreeMap<>(removed));
    }

    /** Whether the two trees have the same files with the same content. */
    public boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }

    /** Size of all added files together, in bytes. */
    public long addedBytes() {
        return FileTree.totalBytes(added);
    }

    /** Size of all changed files together as they are in the later tree, in bytes. */
    public long changedBytes() {
        return FileTree.totalBytes(changed);
    }

    /** Size of all removed files together, in bytes. */
    public long removedBytes() {
        return FileTree.totalBytes(removed);
    }
}
