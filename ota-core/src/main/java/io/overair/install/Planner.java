package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the steps that lead from the tree as it is to what is wanted of it. Changes nothing. */
final class Planner {
    private static final int FOLDER_MODE = 0755;

    /**
     * What is wanted at a path.
     *
     * @param staged number of the staged file or link, for what has to be put there
     * @param removal what may go, where nothing is wanted
     */
    record Wanted(Entry entry, OptionalInt staged, Removal removal) {
        private enum Removal {
            FILES_AND_LINKS,
            EMPTY_FOLDERS
        }

        /** No file and no link, nor a folder that becomes empty. */
        static final Wanted ABSENT = new Wanted(Entry.ABSENT, OptionalInt.empty(), Removal.FILES_AND_LINKS);

        /** No folder that becomes empty; a file or a link there is somebody else's. */
        static final Wanted NO_EMPTY_FOLDER = new Wanted(Entry.ABSENT, OptionalInt.empty(), Removal.EMPTY_FOLDERS);

        static Wanted staged(Entry entry, int number) {
            return new Wanted(entry, OptionalInt.of(number), Removal.FILES_AND_LINKS);
        }

        /** What {@code step} found. */
        static Wanted before(Step step) {
            return step.kind() == Step.Kind.MKDIR
                    ? NO_EMPTY_FOLDER
                    : new Wanted(step.before(), step.backup(), Removal.FILES_AND_LINKS);
        }

        boolean removesFiles() {
            return entry instanceof Entry.Folder || (entry == Entry.ABSENT && removal == Removal.FILES_AND_LINKS);
        }
    }

    /**
     * The steps in order, without firmware, and where the file stores are mounted that they need.
     *
     * @param mounts {@link Plan#ROOT} first
     */
    record Steps(List<Step> steps, Set<String> mounts) {}

    /** How what is at a path is found out: to the last byte, or as far as a check before the download needs it. */
    interface Reader {
        Entry entry(Path file, FileStatus status) throws IOException;
    }

    private final Tree tree;
    private final Reader reader;
    private final SortedMap<DevicePath, Wanted> wanted;
    private final Optional<DevicePath> last;

    private final Map<DevicePath, Entry> now = new HashMap<>();
    private final Set<String> mounts = new HashSet<>();
    /** What will not be there when folders are made and files are put. */
    private final Set<DevicePath> gone = new HashSet<>();

    /** Folders that are wanted, or above what is wanted, each after those that it is in. */
    private final Set<DevicePath> needed = new TreeSet<>();

    private final List<Step> deletions = new ArrayList<>();

    /** Each before the one that it is in. */
    private final List<Step> emptied = new ArrayList<>();

    /** Each after the one that it is in. */
    private final List<Step> folders = new ArrayList<>();

    private final List<Step> puts = new ArrayList<>();

    private Planner(Tree tree, Reader reader, SortedMap<DevicePath, Wanted> wanted, Optional<DevicePath> last) {
        this.tree = tree;
        this.reader = reader;
        this.wanted = wanted;
        this.last = last;
    }

    /**
     * The steps to {@code wanted}, those that need none left out.
     *
     * @param last what is to be put after everything else
     * @throws ConflictException if something is in the way
     */
    static Steps plan(Tree tree, Reader reader, SortedMap<DevicePath, Wanted> wanted, Optional<DevicePath> last)
            throws IOException {
        return new Planner(tree.surveyed(), reader, wanted, last).plan();
    }

    private Steps plan() throws IOException {
        for (DevicePath path : wanted.keySet()) {
            look(path);
        }
        for (DevicePath folder : needed) {
            lookAtParent(folder);
        }
        deleteFilesAndLinks();
        removeEmptiedFolders();
        makeFoldersAndPut();
        return new Steps(numbered(), mounts());
    }

    private void look(DevicePath path) throws IOException {
        Tree.Place place = tree.locate(path);
        boolean blocked = place.missing().isPresent();
        now.put(path, blocked ? Entry.ABSENT : read(path, place));
        Wanted what = wanted(path);
        if (what.entry() != Entry.ABSENT) {
            need(path);
            if (what.entry() instanceof Entry.Folder) {
                needed.add(path);
            }
            if (blocked && !place.obstacle().isAbsent()) {
                checkObstacleGoes(place);
            }
        }
        if (!now(path).equals(what.entry())) {
            checkCanBeReplaced(path, place, what);
            // Nothing is mounted below what is not there.
            mounts.add(tree.mountOf(place.missing().orElse(path)));
        }
    }

    /** The folders above {@code path}: where one is known, those above it are as well. */
    private void need(DevicePath path) {
        for (Optional<DevicePath> parent = Tree.parent(path);
                parent.isPresent() && needed.add(parent.get());
                parent = Tree.parent(parent.get())) {}
    }

    private void checkCanBeReplaced(DevicePath path, Tree.Place place, Wanted what) throws IOException {
        boolean replaces = what.entry() != Entry.ABSENT || what.removesFiles();
        if (replaces && now(path) instanceof Entry.File && tree.look().isMounted(place.file())) {
            throw new ConflictException(path.value(), "another file is mounted on it");
        }
    }

    private Entry read(DevicePath path, Tree.Place place) throws IOException {
        FileStatus status = tree.disk().port().status(place.file());
        if (status.kind() == FileStatus.Kind.OTHER) {
            throw new ConflictException(path.value(), "it is neither file nor folder nor link");
        }
        return reader.entry(place.file(), status);
    }

    private void lookAtParent(DevicePath folder) throws IOException {
        if (!now.containsKey(folder)) {
            Tree.Place place = tree.locate(folder);
            FileStatus status = place.missing().isEmpty() ? tree.look().status(place.file()) : FileStatus.ABSENT;
            if (status.isFolder()) {
                now.put(folder, new Entry.Folder(status.attributes()));
            }
        }
    }

    private void checkObstacleGoes(Tree.Place place) throws ConflictException {
        DevicePath obstacle = place.missing().orElseThrow();
        Wanted instead = wanted.get(obstacle);
        if (instead == null || !instead.removesFiles()) {
            throw new ConflictException(
                    obstacle.value(),
                    place.obstacle().isLink()
                            ? "it is a link, and links are not followed inside the tree"
                            : "it is a file where a folder has to be, and not one of the release");
        }
    }

    private void deleteFilesAndLinks() {
        wanted.forEach((path, what) -> {
            Entry entry = now(path);
            boolean isFile = entry instanceof Entry.File || entry instanceof Entry.Link;
            if (isFile && what.removesFiles()) {
                deletions.add(Step.on(path, Step.Kind.DEL, entry, Entry.ABSENT));
                gone.add(path);
            }
        });
    }

    /** Folders that are wanted away, and folders where a file is wanted. */
    private void removeEmptiedFolders() throws IOException {
        List<DevicePath> candidates = wanted.keySet().stream()
                .filter(path ->
                        now(path) instanceof Entry.Folder && !(wanted(path).entry() instanceof Entry.Folder))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (DevicePath folder : candidates) {
            if (wanted(folder).entry() != Entry.ABSENT) {
                clear(folder, folder);
            } else if (!needed.contains(folder) && !tree.isMount(folder) && isEmptied(folder)) {
                removeFolder(folder);
            }
        }
    }

    /** Removes a folder that stands where a file is wanted, with the empty folders in it. */
    private void clear(DevicePath folder, DevicePath blocked) throws IOException {
        if (tree.isMount(folder)) {
            throw new ConflictException(blocked.value(), "a file store is mounted where a file has to be");
        }
        for (String name : tree.disk().port().list(tree.at(folder))) {
            Optional<DevicePath> child = child(folder, name);
            if (child.isPresent() && gone.contains(child.get())) {
                continue;
            }
            if (child.isEmpty() || !tree.status(child.get()).isFolder()) {
                throw new ConflictException(
                        blocked.value(),
                        "it is a folder where a file has to be, and %s in it is not one of the release"
                                .formatted(name));
            }
            clear(child.get(), blocked);
        }
        removeFolder(folder);
    }

    private boolean isEmptied(DevicePath folder) throws IOException {
        return tree.disk().port().list(tree.at(folder)).stream()
                .allMatch(name -> child(folder, name).filter(gone::contains).isPresent());
    }

    private void removeFolder(DevicePath folder) throws IOException {
        Entry before = new Entry.Folder(tree.status(folder).attributes());
        emptied.add(Step.on(folder, Step.Kind.RMDIR, before, Entry.ABSENT));
        gone.add(folder);
    }

    /** A file in {@code folder}, unless its name is one that no release can have. */
    private static Optional<DevicePath> child(DevicePath folder, String name) {
        try {
            return Optional.of(new DevicePath(folder + "/" + name));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    private void makeFoldersAndPut() throws IOException {
        for (DevicePath folder : needed) {
            makeIfMissing(folder);
        }
        for (Map.Entry<DevicePath, Wanted> entry : wanted.entrySet()) {
            DevicePath path = entry.getKey();
            Wanted what = entry.getValue();
            boolean isPut = what.entry() instanceof Entry.File || what.entry() instanceof Entry.Link;
            if (isPut && !what.entry().equals(now(path))) {
                Step.Kind kind = what.entry() instanceof Entry.Link ? Step.Kind.LINK : Step.Kind.PUT;
                Entry before = gone.contains(path) ? Entry.ABSENT : now(path);
                puts.add(Step.on(path, kind, before, what.entry())
                        .withStaged(what.staged().orElseThrow()));
            }
        }
    }

    /** With the attributes that it is to have, if these are known, or else with those of something new in the folder above. */
    private void makeIfMissing(DevicePath path) throws IOException {
        if (now(path) instanceof Entry.Folder) {
            return;
        }
        Attributes attributes = wanted(path).entry() instanceof Entry.Folder known
                ? known.attributes()
                : tree.locate(path).folder().attributes().ofNew(FOLDER_MODE);
        folders.add(Step.on(path, Step.Kind.MKDIR, Entry.ABSENT, new Entry.Folder(tree.ofNewFolder(attributes))));
    }

    /** All steps in order, with a backup of each file and link that goes or is replaced. */
    private List<Step> numbered() {
        List<Step> steps = new ArrayList<>();
        int backups = 0;
        puts.sort(Comparator.comparing(step -> step.path().equals(last)));
        for (Step step :
                (Iterable<Step>) Stream.of(deletions.stream(), emptied.stream(), folders.stream(), puts.stream())
                        .flatMap(part -> part)::iterator) {
            boolean keeps = step.before() instanceof Entry.File || step.before() instanceof Entry.Link;
            steps.add(keeps ? step.withBackup(backups++) : step);
        }
        return steps;
    }

    private Set<String> mounts() {
        Set<String> rootFirst = new LinkedHashSet<>(List.of(Plan.ROOT));
        rootFirst.addAll(new TreeSet<>(mounts));
        return rootFirst;
    }

    private Wanted wanted(DevicePath path) {
        return wanted.getOrDefault(path, Wanted.ABSENT);
    }

    private Entry now(DevicePath path) {
        return now.getOrDefault(path, Entry.ABSENT);
    }
}
