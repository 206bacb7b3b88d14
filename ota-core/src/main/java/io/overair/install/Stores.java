package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        if (byMount.size() == 1) {
            return root();
        }
        for (DevicePath parent : Tree.parents(path)) {
            StateFolder folder = byMount.get(parent.value());
            if (folder != null) {
                return folder;
            }
        }
        return root();
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
     * Checks that each store of {@code plan} is the one that it was when the plan was made.
     *
     * @throws IOException if one is missing or is another one; nothing may be touched then
     */
    static Stores of(Plan plan, Tree tree) throws IOException {
        Stores stores = at(tree, plan.stores().keySet());
        for (Map.Entry<String, String> entry : plan.stores().entrySet()) {
            StateFolder folder = stores.get(entry.getKey());
            if (!folder.storeId().equals(Optional.of(entry.getValue()))) {
                throw new IOException(
                        "waiting for " + folder.mount() + ": the file store that belongs there is missing");
            }
        }
        return stores;
    }
}
