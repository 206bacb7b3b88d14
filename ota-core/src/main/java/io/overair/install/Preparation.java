package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Makes a transaction durable up to its commit point. Before the rename of its plan nothing of it counts, and nothing of the
 * tree is changed here; after it everything that is needed to bring it to its end, or to undo it, is on the disk.
 */
final class Preparation {
    private final Tree tree;
    private final Disk disk;
    private final FilePort port;
    private final StateFolder state;
    private final Predicate<DevicePath> writtenInPlace;
    private final Ids ids;
    private final Draft draft;
    private final Stores stores;
    private final String id;

    /** How much of the backups on each store is copies. */
    private final Map<StateFolder, Long> copied = new HashMap<>();

    Preparation(
            Tree tree, StateFolder state, Predicate<DevicePath> writtenInPlace, Ids ids, Draft draft, Stores stores) {
        this.tree = tree;
        this.disk = tree.disk();
        this.port = disk.port();
        this.state = state;
        this.writtenInPlace = writtenInPlace;
        this.ids = ids;
        this.draft = draft;
        this.stores = stores;
        this.id = ids.next();
    }

    String id() {
        return id;
    }

    /**
     * The plan, committed.
     *
     * @throws UncertainDiskException if it is not known whether it is committed; nothing may be removed then
     * @throws IOException if it is not
     */
    Plan commit(Hooks hooks) throws IOException {
        try {
            Plan plan = prepare();
            if (draft.isUpdate()) {
                hooks.beforeApply(plan);
                // They may have taken minutes: nobody waits for a card before the commit point, but everybody after it.
                Stores.of(plan, tree);
            }
            write(plan);
            return plan;
        } catch (UncertainDiskException e) {
            throw e;
        } catch (IOException e) {
            abandon(hooks, e);
            throw e;
        }
    }

    /** Everything the plan leans on, on the disk before the name of the plan is. */
    private Plan prepare() throws IOException {
        for (StateFolder store : stores.all()) {
            store.make();
            disk.makeFolder(store.transactions());
            TransactionFolder own = store.transaction(id);
            port.makeFolder(own.path());
            port.makeFolder(own.newFiles());
            port.makeFolder(own.oldFiles());
        }
        Map<String, String> storeIds = stores.ids(ids);
        forceNames();

        stage();
        List<Step> steps = new ArrayList<>(draft.steps().steps());
        draft.activate().ifPresent(steps::add);
        backUp(steps);
        writeStates(storeIds);
        return new Plan(id, draft.from(), draft.to(), storeIds, List.copyOf(steps));
    }

    /** A state folder whose own name is not on the disk can vanish with all that is in it. */
    private void forceNames() throws IOException {
        for (StateFolder store : stores.all()) {
            port.forceFolder(store.mount());
            port.forceFolder(store.path());
            port.forceFolder(store.transactions());
            port.forceFolder(store.transaction(id).path());
        }
    }

    private void stage() throws IOException {
        for (Map.Entry<Path, Draft.Source> staged : staged().entrySet()) {
            staged.getValue().bring(staged.getKey());
        }
        for (TransactionFolder own : stores.transaction(id)) {
            port.forceFolder(own.newFiles());
        }
    }

    /** Where each staged file is to lie, and where it comes from. */
    private Map<Path, Draft.Source> staged() {
        Map<Path, Draft.Source> staged = new LinkedHashMap<>();
        for (Step step : draft.steps().steps()) {
            step.staged()
                    .ifPresent(number -> staged.put(
                            stores.of(step.place()).transaction(id).staged(number),
                            Objects.requireNonNull(draft.staged().get(step.place()), "staged")));
        }
        draft.activate()
                .ifPresent(step -> step.staged()
                        .ifPresent(number -> staged.put(
                                stores.root().transaction(id).staged(number),
                                draft.image().orElseThrow())));
        return staged;
    }

    private void backUp(List<Step> steps) throws IOException {
        for (Step step : steps) {
            if (step.backup().isPresent()) {
                DevicePath path = step.place();
                Path file = tree.reach(path);
                StateFolder store = stores.of(path);
                Path backup = store.transaction(id).backup(step.backup().getAsInt());
                if (step.before() instanceof Entry.File old && writtenInPlace.test(path)) {
                    disk.copy(file, backup);
                    copied.merge(store, old.size(), Long::sum);
                } else {
                    copied.merge(store, disk.linkOrCopy(file, backup), Long::sum);
                }
            }
        }
        for (TransactionFolder own : stores.transaction(id)) {
            port.forceFolder(own.oldFiles());
        }
    }

    private void writeStates(Map<String, String> storeIds) throws IOException {
        TransactionFolder own = state.transaction(id);
        State now = state.readState();
        State next = draft.next().after(now, id);
        disk.write(own.state(), next.toBytes());
        disk.write(own.installed(), draft.installed().withStores(storeIds).toText()::writeTo);
        disk.write(own.stateBack(), now.undone(draft.to()).toBytes());
        disk.write(own.installedBack(), state.readInstalled().toText()::writeTo);
        if (next.trial().isPresent()) {
            for (StateFolder store : stores.all()) {
                long notes = store.equals(stores.root()) ? notesOfRollback(own) : 0;
                Reserve.ofRollback(store).keep(notes + copiedByRollback(store) + Reserve.ROOM_BYTES);
            }
            Reserve.ofWords(state).keep(Reserve.WORD_BYTES);
        }
        port.forceFolder(own.path());
    }

    /** All files once more, where they have to be copied. */
    private long copiedByRollback(StateFolder store) {
        long bytes = copied.getOrDefault(store, 0L);
        if (bytes > 0) {
            for (Step step : draft.steps().steps()) {
                if (step.after() instanceof Entry.File file
                        && stores.of(step.place()).equals(store)) {
                    bytes += file.size();
                }
            }
        }
        return bytes;
    }

    /** A plan of about as many bytes, and the same two lists. */
    private long notesOfRollback(TransactionFolder own) throws IOException {
        long bytes = 0;
        for (Step step : draft.steps().steps()) {
            bytes += step.before().toString().length() + step.after().toString().length();
            bytes += 2L * step.place().value().length();
        }
        for (Path file : List.of(own.state(), own.stateBack(), own.installed(), own.installedBack())) {
            bytes += port.status(file).size();
        }
        return bytes;
    }

    /** The commit point is the rename. */
    private void write(Plan plan) throws IOException {
        TransactionFolder own = state.transaction(id);
        Path temporary = Disk.temporary(own.plan());
        disk.write(temporary, plan.toText()::writeTo);
        port.move(temporary, own.plan());
        try {
            port.forceFolder(own.path());
        } catch (IOException e) {
            try {
                port.unlink(own.plan());
                port.forceFolder(own.path());
            } catch (IOException unknown) {
                // Whether it is committed depends on what reached the disk: the next open will see.
                e.addSuppressed(unknown);
                throw new UncertainDiskException(e);
            }
            throw e;
        }
    }

    private void abandon(Hooks hooks, IOException cause) {
        try {
            hooks.settle(id, Hooks.Unknown.FORGET);
            for (Map.Entry<Path, Draft.Source> staged : staged().entrySet()) {
                if (!port.status(staged.getKey()).isAbsent()) {
                    staged.getValue().takeBack(staged.getKey());
                }
            }
            for (StateFolder store : stores.all()) {
                store.discard(id);
                if (draft.isUpdate()) {
                    Reserve.releaseAll(store);
                }
            }
        } catch (IOException e) {
            // What is left is removed when the installation is opened again.
            cause.addSuppressed(e);
        }
    }
}
