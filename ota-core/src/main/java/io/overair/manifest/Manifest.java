package io.overair.manifest;

import io.overair.version.LooseVersion;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What brings a device from the version it has to another: files to add, to change and to remove, and perhaps firmware.
 *
 * <p>Valid from birth: no path is named twice, and neither before nor after the update would a file have to be the folder
 * of another. A path to remove may well be the folder of a file to add, or the reverse; that is how a file becomes a
 * folder or a folder a file. Immutable; the lists are sorted by path.
 *
 * @param version the version the device has afterwards
 * @param previousVersion the version the manifest starts from, where the sender told it
 * @param added files that the previous version does not have
 * @param changed files whose content differs from the previous version's
 * @param removed files that only the previous version has
 * @param firmware the image to flash, if there is one
 */
public record Manifest(
        LooseVersion version,
        Optional<LooseVersion> previousVersion,
        List<TargetFile> added,
        List<TargetFile> changed,
        List<DevicePath> removed,
        Optional<FirmwareImage> firmware) {

    /**
     * Checks and sorts.
     *
     * @throws IllegalArgumentException if two entries contradict each other; the message names the path
     */
    public Manifest {
        added = added.stream().sorted(Comparator.comparing(TargetFile::path)).toList();
        changed =
                changed.stream().sorted(Comparator.comparing(TargetFile::path)).toList();
        removed = removed.stream().sorted().toList();
        checkNoPathIsNamedTwice(
                Stream.of(paths(added), paths(changed), removed.stream()).flatMap(path -> path));
        checkNoFileIsAFolder(Stream.concat(removed.stream(), paths(changed)));
        checkNoFileIsAFolder(Stream.concat(paths(added), paths(changed)));
    }

    /** Every file to fetch, the added ones first. */
    public Stream<TargetFile> files() {
        return Stream.concat(added.stream(), changed.stream());
    }

    private static Stream<DevicePath> paths(List<TargetFile> files) {
        return files.stream().map(TargetFile::path);
    }

    private static void checkNoPathIsNamedTwice(Stream<DevicePath> paths) {
        Set<DevicePath> seen = new HashSet<>();
        paths.forEach(path -> {
            if (!seen.add(path)) {
                throw new IllegalArgumentException(path + " is named twice");
            }
        });
    }

    /** Whether files with these names can lie on one disk at a time. */
    private static void checkNoFileIsAFolder(Stream<DevicePath> paths) {
        NavigableSet<String> files = new TreeSet<>();
        paths.forEach(path -> files.add(path.value()));
        for (String file : files) {
            String folder = file + "/";
            String next = files.ceiling(folder);
            if (next != null && next.startsWith(folder)) {
                throw new IllegalArgumentException(
                        "%s would have to be both a file and the folder of %s".formatted(file, next));
            }
        }
    }
}
