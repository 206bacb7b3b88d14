package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a manifest means for the tree as it is: which of its files are here already, and where the others go.
 *
 * @param present files whose content is where it belongs, as they were found
 * @param missing files to fetch, with the place where each goes
 * @param removed files to remove
 * @param gone files to remove that are not there
 * @param versionFile where the version is written for the Pycom client
 */
record Release(
        LooseVersion version,
        SortedMap<DevicePath, Entry.File> present,
        Map<TargetFile, DevicePath> missing,
        SortedSet<DevicePath> removed,
        SortedSet<DevicePath> gone,
        Optional<DevicePath> versionFile) {
    private static final String BESIDE = ".ota-new";
    private static final DevicePath FLASH = new DevicePath("flash");
    private static final int FILE_MODE = 0644;
    private static final String UNKNOWN_SHA256 = "0".repeat(64);

    static Release of(Manifest manifest, Tree tree, InstalledFiles installed, InstallationOptions options)
            throws IOException {
        Optional<DevicePath> versionFile = versionFile(manifest, tree, options);
        SortedMap<DevicePath, Entry.File> present = new TreeMap<>();
        Map<TargetFile, DevicePath> missing = new LinkedHashMap<>();
        for (TargetFile target : (Iterable<TargetFile>) manifest.files()::iterator) {
            checkNotInterrupted();
            DevicePath path = target.path();
            if (versionFile.filter(path::equals).isPresent()) {
                continue;
            }
            Optional<Entry.File> found = find(target, tree);
            if (found.isPresent()) {
                present.put(path, found.get());
            } else {
                missing.put(target, placeOf(path, tree, installed, options));
            }
        }
        SortedSet<DevicePath> removed = new TreeSet<>();
        SortedSet<DevicePath> gone = new TreeSet<>();
        for (DevicePath path : manifest.removed()) {
            checkNotInterrupted();
            FileStatus status = tree.status(path);
            // A folder is not what the manifest means.
            if (status.isAbsent() || status.isFolder()) {
                gone.add(path);
            } else if (versionFile.filter(path::equals).isEmpty()
                    && placeOf(path, tree, installed, options).equals(path)) {
                removed.add(path);
            }
        }
        return new Release(manifest.version(), present, missing, removed, gone, versionFile);
    }

    /** Each file may have to be read, and nothing is changed so far. */
    private static void checkNotInterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted; nothing was changed");
        }
    }

    private static Optional<DevicePath> versionFile(Manifest manifest, Tree tree, InstallationOptions options)
            throws IOException {
        return switch (options.versionFileRule()) {
            case NONE -> Optional.empty();
            case GIVEN -> Optional.of(options.versionFile());
            case IN_FLASH -> {
                boolean comes =
                        manifest.files().anyMatch(file -> file.path().value().startsWith(FLASH + "/"));
                yield comes || tree.status(FLASH).isFolder() ? Optional.of(options.versionFile()) : Optional.empty();
            }
        };
    }

    /** The file, if it is where it belongs with the content it should have. */
    private static Optional<Entry.File> find(TargetFile target, Tree tree) throws IOException {
        FileStatus status = tree.status(target.path());
        if (!status.isFile() || target.size().orElse(status.size()) != status.size()) {
            return Optional.empty();
        }
        for (Digest digest : target.digests()) {
            if (!tree.disk().digest(tree.at(target.path()), digest.algorithm()).equals(digest)) {
                return Optional.empty();
            }
        }
        return Optional.of((Entry.File) tree.disk().entry(tree.at(target.path())));
    }

    private static DevicePath placeOf(DevicePath path, Tree tree, InstalledFiles installed, InstallationOptions options)
            throws IOException {
        LocalChanges policy = options.localChanges(path);
        Entry.File ours = installed.files().get(path);
        if (policy == LocalChanges.REPLACE || ours == null || !tree.status(path).isFile()) {
            return path;
        }
        boolean changed =
                !(tree.entry(path) instanceof Entry.File now) || !now.sha256().equals(ours.sha256());
        if (!changed) {
            return path;
        }
        if (policy == LocalChanges.FAIL) {
            throw new ConflictException(path.value(), "it was changed on the device since it was installed");
        }
        return beside(path);
    }

    private static DevicePath beside(DevicePath path) throws ConflictException {
        try {
            return new DevicePath(path + BESIDE);
        } catch (IllegalArgumentException e) {
            throw new ConflictException(path.value(), "the name is too long to put another file beside it", e);
        }
    }

    /** The attributes that a file at {@code path} is to have: those of the one it replaces, if there is one. */
    static Attributes attributesAt(DevicePath path, Tree tree) throws IOException {
        Tree.Place place = tree.locate(path);
        FileStatus status = place.missing().isEmpty() ? tree.disk().port().status(place.file()) : FileStatus.ABSENT;
        if (status.isFile()) {
            return status.attributes();
        }
        return place.folder().attributes().ofNew(FILE_MODE);
    }

    /** What is wanted of the tree, where each file that is to be put has a number of its own. */
    SortedMap<DevicePath, Planner.Wanted> wanted(Map<DevicePath, Entry.File> staged) {
        SortedMap<DevicePath, Planner.Wanted> wanted = new TreeMap<>();
        for (DevicePath path : removed) {
            // Folders that become empty go as well.
            Tree.parents(path).forEach(folder -> wanted.put(folder, Planner.Wanted.NO_EMPTY_FOLDER));
        }
        removed.forEach(path -> wanted.put(path, Planner.Wanted.ABSENT));
        int number = 0;
        for (DevicePath path : missing.values()) {
            Entry file = staged.getOrDefault(path, new Entry.File(UNKNOWN_SHA256, -1, Attributes.NO_MODE));
            wanted.put(path, Planner.Wanted.staged(file, number++));
        }
        if (versionFile.isPresent()) {
            Entry file = staged.getOrDefault(versionFile.get(), new Entry.File(UNKNOWN_SHA256, -1, Attributes.NO_MODE));
            wanted.put(versionFile.get(), Planner.Wanted.staged(file, number));
        }
        return wanted;
    }

    /**
     * Checks before anything is fetched that nothing is in the way.
     *
     * @return the file stores that are needed
     */
    Planner.Steps check(Tree tree) throws IOException {
        if (versionFile.isPresent()) {
            VersionFile.content(version);
        }
        checkPlacesGoTogether();
        Planner.Reader reader = (file, status) -> status.isFile()
                ? new Entry.File(
                        UNKNOWN_SHA256, status.size(), status.attributes().mode())
                : tree.disk().entry(file, status);
        return Planner.plan(tree, reader, wanted(Map.of()), versionFile);
    }

    /** A manifest has no path twice, but knows neither of the version file nor of what is put beside a file that is kept. */
    private void checkPlacesGoTogether() throws ConflictException {
        List<DevicePath> places = new ArrayList<>(missing.values());
        places.addAll(present.keySet());
        versionFile.ifPresent(places::add);
        NavigableSet<String> files = new TreeSet<>();
        for (DevicePath place : places) {
            if (!files.add(place.value())) {
                throw new ConflictException(place.value(), "two files of the update have their place there");
            }
        }
        for (String file : files) {
            String folder = file + "/";
            String next = files.ceiling(folder);
            if (next != null && next.startsWith(folder)) {
                throw new ConflictException(file, "it would have to be both a file and the folder of " + next);
            }
        }
    }

    /** Every path where something of it is, comes or goes. */
    List<DevicePath> paths() {
        List<DevicePath> paths = new ArrayList<>(missing.values());
        paths.addAll(present.keySet());
        paths.addAll(removed);
        versionFile.ifPresent(paths::add);
        return paths;
    }

    /**
     * Checks the names on each of {@code stores} that does not tell cases apart: two files of a release may have one name
     * there. To be called when the stores have their state folders.
     */
    void checkNamesCanBeTold(Stores stores) throws IOException {
        Map<StateFolder, Map<String, DevicePath>> seen = new HashMap<>();
        for (StateFolder store : stores.all()) {
            if (!store.tellsCasesApart()) {
                seen.put(store, new HashMap<>());
            }
        }
        if (seen.isEmpty()) {
            return;
        }
        for (DevicePath path : paths()) {
            Map<String, DevicePath> names = seen.get(stores.of(path));
            DevicePath other = names == null ? null : names.put(folded(path), path);
            if (other != null) {
                throw new ConflictException(path.value(), "this file store cannot tell it from " + other);
            }
        }
    }

    private static String folded(DevicePath path) {
        return Normalizer.normalize(path.value(), Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }
}
