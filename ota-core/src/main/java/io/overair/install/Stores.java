package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The file stores that a transaction needs, each with a state folder of its own: a rename cannot leave its store. */
final class Stores {
    private final Map<String, StateFolder> byMount = new LinkedHashMap<>();

    private Stores() {}

    /** Those mounted at {@code mounts} of {@code tree}. */
    static Stores at(Tree tree, Collection<String> mounts) {
        Stores stores = new Stores();
        for (String mount : mounts) {
            Path folder = mount.equals(Plan.ROOT) ? tree.root() : tree.root().resolve(mount);
            stores.byMount.put(mount, StateFolder.below(tree.disk(), folder));
        }
        return stores;
    }

    Collection<StateFolder> all() {
        return byMount.values();
    }

    StateFolder root() {
        return get(Plan.ROOT);
    }

    StateFolder get(String mount) {
        StateFolder folder = byMount.get(mount);
        if (folder == null) {
            throw new IllegalStateException("no store at " + mount);
        }
        return folder;
    }

    /** The store that {@code path} lies on, which is the one mounted deepest above it. */
    StateFolder of(DevicePath path) {
        return get(mountOf(path));
    }

    private String mountOf(DevicePath path) {
        if (byMount.size() == 1) {
            return Plan.ROOT;
        }
        return Tree.parents(path).stream()
                .map(DevicePath::value)
                .filter(byMount::containsKey)
                .findFirst()
                .orElse(Plan.ROOT);
    }

    /** The folders of one transaction, on each store. */
    List<TransactionFolder> transaction(String id) {
        return all().stream().map(folder -> folder.transaction(id)).toList();
    }

    /** The ids of the stores, as a plan names them; a store without one gets {@code fresh}. */
    Map<String, String> ids(Ids fresh) throws IOException {
        Map<String, String> ids = new LinkedHashMap<>();
        for (Map.Entry<String, StateFolder> entry : byMount.entrySet()) {
            ids.put(entry.getKey(), entry.getValue().storeIdOr(fresh.next()));
        }
        return ids;
    }

    /**
     * Checks that this program can make a state folder on each store, from which a rename leads into the tree.
     *
     * @throws ConflictException if it cannot
     */
    void checkUsable(Tree tree) throws IOException {
        FilePort port = tree.disk().port();
        for (StateFolder folder : all()) {
            FileStatus status = tree.look().status(folder.path());
            FileStatus mount = tree.look().status(folder.mount());
            if (status.isAbsent() && !port.isWritable(folder.mount())) {
                throw new ConflictException(
                        folder.mount().toString(),
                        "this program may not make the folder %s there, which the update needs"
                                .formatted(StateFolder.NAME));
            }
            if (status.isFolder()
                    && (tree.look().isMounted(folder.path()) || !status.store().equals(mount.store()))) {
                throw new ConflictException(
                        folder.path().toString(), "it is mounted, and no rename leads from there into the tree");
            }
        }
    }

    /**
     * Checks that each store of {@code plan} is the one that it was when the plan was made, and that no other was mounted
     * since where there is something to do.
     *
     * @throws MissingStoreException if one that is mounted in the tree is missing or is another one
     * @throws IOException if that of the root is another one, or something else is mounted there now; nothing may be touched in
     *     either case
     */
    static Stores of(Plan plan, Tree tree) throws IOException {
        Stores stores = at(tree, plan.stores().keySet());
        StateFolder root = stores.root();
        if (!root.storeId().equals(Optional.ofNullable(plan.stores().get(Plan.ROOT)))) {
            throw new IOException(
                    "waiting for %s: the file store that belongs there is missing".formatted(root.mount()));
        }
        for (Map.Entry<DevicePath, Optional<String>> store :
                plan.mountedStores().entrySet()) {
            if (!isThere(tree, store.getKey(), store.getValue())) {
                throw MissingStoreException.at(store.getKey());
            }
        }
        Tree now = tree.surveyed();
        Set<Path> checked = new HashSet<>();
        for (Step step : plan.steps()) {
            if (step.path().isPresent() && checked.add(Disk.parent(tree.at(step.place())))) {
                stores.checkMountAbove(step.place(), now);
            }
        }
        return stores;
    }

    /** Whether the store that belongs at {@code mount} is there. Of one that takes no id it is only known that there was one. */
    static boolean isThere(Tree tree, DevicePath mount, Optional<String> id) throws IOException {
        return id.isPresent()
                ? StateFolder.below(tree.disk(), tree.at(mount)).storeId().equals(id)
                : tree.isMount(mount);
    }

    /** Those stores of {@code plan} that are not there, and are said to be gone for good. */
    static Set<DevicePath> gone(Plan plan, Tree tree, Set<DevicePath> replaced) throws IOException {
        Set<DevicePath> gone = new TreeSet<>();
        for (Map.Entry<DevicePath, Optional<String>> store :
                plan.mountedStores().entrySet()) {
            if (replaced.contains(store.getKey()) && !isThere(tree, store.getKey(), store.getValue())) {
                gone.add(store.getKey());
            }
        }
        return gone;
    }

    /** Whether {@code path} is, or lies below, where a store is mounted. */
    static boolean isAt(DevicePath mount, DevicePath path) {
        return path.equals(mount) || path.value().startsWith(mount + "/");
    }

    /** What was mounted may be a folder of the store below it: where it is gone, a rename still leads there. */
    private void checkMountAbove(DevicePath path, Tree now) throws IOException {
        String planned = mountOf(path);
        String actual = now.mountOf(path);
        boolean isStill = actual.equals(planned);
        boolean isGone = !planned.equals(Plan.ROOT)
                && !now.isMount(new DevicePath(planned))
                && actual.equals(now.mountOf(new DevicePath(planned)));
        if (!isStill && !isGone) {
            throw new IOException("waiting for %s: something else is mounted above it since the change began"
                    .formatted(now.at(path)));
        }
    }
}
