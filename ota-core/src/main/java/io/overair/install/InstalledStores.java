package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is mounted where files of an installation are: without it, with something else in its place, or with something mounted
 * since where there was nothing, an update would leave a mixture.
 *
 * @param tree each folder of it is looked at once
 * @param installed without the stores that are gone for good
 * @param replaced where these were: whatever is there now is wanted
 */
record InstalledStores(Tree tree, InstalledFiles installed, Set<DevicePath> replaced) {
    static InstalledStores of(InstalledFiles installed, Tree tree, Set<DevicePath> replaced) throws IOException {
        return new InstalledStores(tree.seenOnce(), installed, replaced);
    }

    /**
     * Checks that the stores are there on which {@code paths} lie.
     *
     * @throws MissingStoreException if one is missing or is another one
     */
    void checkAreThere(Collection<DevicePath> paths) throws IOException {
        for (DevicePath mount : installed.stores().keySet()) {
            if (paths.stream().anyMatch(path -> Stores.isAt(mount, path))
                    && !Stores.isThere(tree, mount, knownId(mount))) {
                throw MissingStoreException.at(mount);
            }
        }
    }

    /**
     * Checks that nothing was mounted since over a file which an update leaves as it is: the update would be reported as done, and
     * no program would see all of the release.
     *
     * @param named what the update is about; what of that is not to be seen, it brings
     * @throws MissingStoreException if something was
     */
    void checkNothingIsHidden(Collection<DevicePath> named) throws IOException {
        Set<DevicePath> left = new HashSet<>(installed.files().keySet());
        left.removeAll(new HashSet<>(named));
        for (DevicePath path : new TreeSet<>(left)) {
            Optional<DevicePath> mount = mountOf(path);
            if (mount.isPresent()
                    && !installed.stores().containsKey(mount.get())
                    && !replaced.contains(mount.get())
                    && !tree.status(path).isFile()) {
                throw MissingStoreException.hidden(path, mount.get());
            }
        }
    }

    /** Where something was mounted since over installed files that are not on it. */
    Set<DevicePath> hiding() throws IOException {
        Set<DevicePath> hiding = new TreeSet<>();
        for (DevicePath path : installed.files().keySet()) {
            if (!tree.status(path).isFile()) {
                mountOf(path)
                        .filter(mount -> !installed.stores().containsKey(mount))
                        .ifPresent(hiding::add);
            }
        }
        return hiding;
    }

    /**
     * The installed files with every store that one of them lies on, also where nothing was changed, but for those that are
     * mounted at {@code planned}, which are named by a plan. A store without an id gets one, which is on the disk on return.
     */
    InstalledFiles noted(Set<String> planned, Ids ids, EventLog log) throws IOException {
        SortedSet<DevicePath> unknown = new TreeSet<>();
        for (DevicePath path : installed.files().keySet()) {
            Optional<DevicePath> mount = mountOf(path);
            if (mount.isPresent()
                    && !planned.contains(mount.get().value())
                    && knownId(mount.get()).isEmpty()
                    && (replaced.contains(mount.get()) || tree.status(path).isFile())) {
                unknown.add(mount.get());
            }
        }
        SortedMap<DevicePath, Optional<String>> stores = new TreeMap<>(installed.stores());
        for (DevicePath mount : unknown) {
            stores.put(mount, idOf(mount, ids, log));
        }
        return new InstalledFiles(installed.files(), stores);
    }

    private Optional<String> idOf(DevicePath mount, Ids ids, EventLog log) throws IOException {
        StateFolder folder = folder(mount);
        FilePort port = tree.disk().port();
        try {
            folder.make();
            String id = folder.storeIdOr(ids.next());
            // Also where it has one: after a kill that may be in memory only.
            port.forceFolder(folder.path());
            port.forceFolder(folder.mount());
            return Optional.of(id);
        } catch (IOException e) {
            // It is read-only or full, or others may write into its state folder. That is no reason to refuse an update
            // which changes nothing there; the next one waits for a store without an id, too, but takes any for it.
            log.add("store-without-id", "mount", mount, "cause", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<String> knownId(DevicePath mount) {
        return installed.stores().getOrDefault(mount, Optional.empty());
    }

    private StateFolder folder(DevicePath mount) throws ConflictException {
        return StateFolder.below(tree.disk(), tree.at(mount));
    }

    /** Where the store is mounted that {@code path} belongs to, unless that is the root's; links are not followed. */
    private Optional<DevicePath> mountOf(DevicePath path) throws IOException {
        Tree.Place place = tree.locate(path);
        String mount = tree.mountOf(place.missing().orElse(path));
        return mount.equals(Plan.ROOT) ? Optional.empty() : Optional.of(new DevicePath(mount));
    }
}
