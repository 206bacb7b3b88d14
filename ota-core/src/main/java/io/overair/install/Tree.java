package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The managed tree, or a slot of it: where its paths lie, found without following a link.
 *
 * @param state the state folder of the installation that it belongs to
 * @param look how its folders are looked at: anew at each use, which is what changing them needs, or {@linkplain #surveyed
 *     once}
 */
record Tree(Disk disk, Path root, StateFolder state, Look look) {
    /** How folders are looked at. */
    interface Look {
        FileStatus status(Path folder) throws IOException;

        boolean isMounted(Path path) throws IOException;

        static Look anew(FilePort port) {
            return new Look() {
                @Override
                public FileStatus status(Path folder) throws IOException {
                    return port.status(folder);
                }

                @Override
                public boolean isMounted(Path path) throws IOException {
                    return port.mounts().contains(path);
                }
            };
        }

        /** Each folder, and what is mounted, only once. */
        static Look once(FilePort port) throws IOException {
            Set<Path> mounts = port.mounts();
            Map<Path, FileStatus> seen = new HashMap<>();
            return new Look() {
                @Override
                public FileStatus status(Path folder) throws IOException {
                    FileStatus known = seen.get(folder);
                    FileStatus status = known == null ? port.status(folder) : known;
                    seen.put(folder, status);
                    return status;
                }

                @Override
                public boolean isMounted(Path path) {
                    return mounts.contains(path);
                }
            };
        }
    }

    /** The managed tree, whose state folder lies in it; its folders are looked at anew at each use. */
    Tree(Disk disk, Path root) {
        this(disk, root, StateFolder.below(disk, root), Look.anew(disk.port()));
    }

    /** Another tree of the same installation. */
    Tree below(Path folder) {
        return new Tree(disk, folder, state, Look.anew(disk.port()));
    }

    /** The tree as it is now, for what is asked of many of its paths: each folder is looked at once. */
    Tree seenOnce() throws IOException {
        return new Tree(disk, root, state, Look.once(disk.port()));
    }

    /** The same, for finding out what has to be done: what a {@link Survey} refuses is refused. */
    Tree surveyed() throws IOException {
        return look instanceof Survey ? this : new Tree(disk, root, state, new Survey(disk.port(), root));
    }

    /**
     * Where a path is, as far as there are folders that lead to it.
     *
     * @param folder status of the last folder that is there
     * @param missing the first parent that is not there or is no folder
     * @param obstacle what it is
     */
    record Place(Path file, FileStatus folder, Optional<DevicePath> missing, FileStatus obstacle) {}

    /** The place of {@code path} on the disk, whose name may be one that this program cannot express. */
    Path at(DevicePath path) throws ConflictException {
        try {
            return root.resolve(path.value());
        } catch (InvalidPathException e) {
            throw new ConflictException(
                    path.value(),
                    "this JVM cannot express the name; start it with LC_ALL=C.UTF-8 or another UTF-8 locale",
                    e);
        }
    }

    Place locate(DevicePath path) throws IOException {
        Path file = at(path);
        FileStatus folder = look.status(root);
        for (int slash = path.value().indexOf('/');
                slash >= 0;
                slash = path.value().indexOf('/', slash + 1)) {
            String parent = path.value().substring(0, slash);
            FileStatus status = look.status(root.resolve(parent));
            if (!status.isFolder()) {
                return new Place(file, folder, Optional.of(new DevicePath(parent)), status);
            }
            folder = status;
        }
        return new Place(file, folder, Optional.empty(), folder);
    }

    /** The folder whose file store {@code path} belongs to, {@link Plan#ROOT} for the root's. */
    String mountOf(DevicePath path) throws IOException {
        for (int slash = path.value().lastIndexOf('/');
                slash > 0;
                slash = path.value().lastIndexOf('/', slash - 1)) {
            String parent = path.value().substring(0, slash);
            if (isMount(root.resolve(parent))) {
                return parent;
            }
        }
        return Plan.ROOT;
    }

    /** Whether another file store begins at a folder. */
    boolean isMount(DevicePath folder) throws IOException {
        return isMount(at(folder));
    }

    private boolean isMount(Path folder) throws IOException {
        FileStatus status = look.status(folder);
        return status.isFolder()
                && (look.isMounted(folder)
                        || !status.store()
                                .equals(look.status(Disk.parent(folder)).store()));
    }

    /** The place of a path that is about to be changed: all its parents have to be folders. */
    Path reach(DevicePath path) throws IOException {
        Place place = locate(path);
        if (place.missing().isPresent()) {
            throw new ConflictException(place.missing().get().value(), "it is no folder any more");
        }
        return place.file();
    }

    /**
     * What becomes of {@code wanted} where this program makes a folder with them. A plan has to know that beforehand, and only
     * the system knows which groups this program may give a folder to; so it is tried in the state folder.
     */
    Attributes ofNewFolder(Attributes wanted) throws IOException {
        Attributes ofState = look.status(state.path()).attributes();
        String self = ofState.owner();
        Attributes atBest = wanted.atBest(self);
        // What a program makes is of its own group, unless the folder above hands its group on.
        boolean isOwnGroup = !ofState.handGroupOn() && atBest.equals(wanted.atWorst(self));
        if (wanted.mayBeGivenBy(self) || isOwnGroup) {
            return atBest;
        }
        Path probe = state.probe();
        try {
            disk.makeFolder(probe);
            // Without the set-group-ID bit, which it may have from the state folder.
            disk.port().setAttributes(probe, new Attributes(0700, Attributes.NO_OWNER));
            Path folder = probe.resolve("folder");
            disk.makeFolder(folder);
            disk.give(folder, wanted);
            return disk.port().status(folder).attributes().equals(atBest) ? atBest : wanted.ofWhoeverMakesIt();
        } finally {
            disk.removeTree(probe);
        }
    }

    /**
     * Checks that this program may change each folder in which {@code steps} change a name: found out after the commit, it
     * would mean to undo all of it.
     */
    void checkFoldersOf(List<Step> steps) throws IOException {
        Set<Path> checked = new HashSet<>();
        for (Step step : steps) {
            Place place = locate(step.place());
            Path lowest = place.missing().isPresent() ? at(place.missing().get()) : place.file();
            Path folder = Disk.parent(lowest);
            if (checked.add(folder) && !disk.port().isWritable(folder)) {
                throw new ConflictException(
                        step.place().value(), "this program may not list and change the folder " + folder);
            }
        }
    }

    /** What is at {@code path}, to the last byte; nothing below a parent that is no folder. */
    Entry entry(DevicePath path) throws IOException {
        Place place = locate(path);
        return place.missing().isEmpty() ? disk.entry(place.file()) : Entry.ABSENT;
    }

    FileStatus status(DevicePath path) throws IOException {
        Place place = locate(path);
        return place.missing().isEmpty() ? disk.port().status(place.file()) : FileStatus.ABSENT;
    }

    /** The folder that {@code path} is in, unless that is the root. */
    static Optional<DevicePath> parent(DevicePath path) {
        int slash = path.value().lastIndexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.of(new DevicePath(path.value().substring(0, slash)));
    }

    /** The folders above {@code path}, the deepest first. */
    static List<DevicePath> parents(DevicePath path) {
        List<DevicePath> parents = new ArrayList<>();
        for (int slash = path.value().lastIndexOf('/');
                slash > 0;
                slash = path.value().lastIndexOf('/', slash - 1)) {
            parents.add(new DevicePath(path.value().substring(0, slash)));
        }
        return parents;
    }
}
