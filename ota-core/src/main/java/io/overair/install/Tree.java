package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The managed tree, or a slot of it: where its paths lie, found anew at each use and without following a link.
 *
 * @param state the state folder of the installation that it belongs to
 */
record Tree(Disk disk, Path root, StateFolder state) {
    private static final String SUPERUSER = "0:";

    /** The managed tree, whose state folder lies in it. */
    Tree(Disk disk, Path root) {
        this(disk, root, StateFolder.below(disk, root));
    }

    /** A tree of the same installation. */
    Tree below(Path folder) {
        return new Tree(disk, folder, state);
    }

    /**
     * Where a path is, as far as there are folders that lead to it.
     *
     * @param mount the folder whose file store the path belongs to, {@link Plan#ROOT} for the root's
     * @param folder status of the last folder that is there
     * @param missing parents that are not there or are no folders, the shallowest first
     * @param obstacle what the first of them is
     */
    record Place(Path file, String mount, FileStatus folder, List<DevicePath> missing, FileStatus obstacle) {}

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
        FilePort port = disk.port();
        FileStatus folder = port.status(root);
        String mount = Plan.ROOT;
        for (int slash = path.value().indexOf('/');
                slash >= 0;
                slash = path.value().indexOf('/', slash + 1)) {
            String name = path.value().substring(0, slash);
            FileStatus status = port.status(root.resolve(name));
            if (!status.isFolder()) {
                return new Place(file, mount, folder, parentsFrom(path, slash), status);
            }
            if (!status.store().equals(folder.store())) {
                mount = name;
            }
            folder = status;
        }
        return new Place(file, mount, folder, List.of(), folder);
    }

    /** The place of a path that is about to be changed: all its parents have to be folders. */
    Path reach(DevicePath path) throws IOException {
        Place place = locate(path);
        if (!place.missing().isEmpty()) {
            throw new ConflictException(place.missing().get(0).value(), "it is no folder any more");
        }
        return place.file();
    }

    /**
     * The attributes of something new in a folder with these: its owner is the folder's, unless this program may not give
     * files away.
     */
    Attributes inFolder(Attributes folder, int mode) throws IOException {
        Attributes owned = owned(folder);
        return folder.mode() == Attributes.NO_MODE ? folder : new Attributes(mode, owned.owner());
    }

    /** {@code attributes}, but those of this program's files where it may not give files away. */
    Attributes owned(Attributes attributes) throws IOException {
        String self = disk.port().status(state.path()).attributes().owner();
        String owner = self.startsWith(SUPERUSER) || self.equals(Attributes.NO_OWNER) ? attributes.owner() : self;
        return new Attributes(attributes.mode(), owner);
    }

    /**
     * Checks that this program may change each folder in which {@code steps} change a name: found out after the commit, it
     * would mean to undo all of it.
     */
    void checkFoldersOf(List<Step> steps) throws IOException {
        Set<Path> checked = new HashSet<>();
        for (Step step : steps) {
            Place place = locate(step.place());
            Path lowest = place.missing().isEmpty()
                    ? place.file()
                    : at(place.missing().get(0));
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

    private static List<DevicePath> parentsFrom(DevicePath path, int slash) {
        List<DevicePath> parents = new ArrayList<>();
        for (int end = slash; end >= 0; end = path.value().indexOf('/', end + 1)) {
            parents.add(new DevicePath(path.value().substring(0, end)));
        }
        return parents;
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
