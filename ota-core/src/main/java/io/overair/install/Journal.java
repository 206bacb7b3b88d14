package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The transactions of an installation. One is made durable as a whole before the rename of its plan commits it; from then
 * on it is brought to its end, by this run or by the next, or undone if it cannot be.
 */
final class Journal {
    private final Tree tree;
    private final Disk disk;
    private final FilePort port;
    private final StateFolder state;
    private final Optional<FirmwareWriter> firmware;
    private final Predicate<DevicePath> writtenInPlace;
    private final Ids ids;
    private final EventLog log;
    private boolean stuck;

    Journal(Tree tree, StateFolder state, InstallationOptions options, Ids ids, EventLog log) {
        this.tree = tree;
        this.disk = tree.disk();
        this.port = disk.port();
        this.state = state;
        this.firmware = options.firmware();
        this.writtenInPlace = options::isWrittenInPlace;
        this.ids = ids;
        this.log = log;
    }

    /** Where a staged file comes from. */
    interface Source {
        /** Brings it to {@code place}, complete, with its attributes, and forced; its name need not be. */
        void bring(Path place) throws IOException;

        /** Takes it back from {@code place}, because nothing came of the transaction. */
        default void takeBack(Path place) throws IOException {}
    }

    /**
     * A transaction to be made.
     *
     * @param activate what is to become of the firmware: now, then, and the number of the staged image
     * @param staged where the staged files come from, by their number
     */
    record Draft(
            Optional<LooseVersion> from,
            Optional<LooseVersion> to,
            Planner.Steps steps,
            Optional<Step> activate,
            Map<Integer, Source> staged,
            Outcome outcome,
            InstalledFiles installed) {}

    /**
     * Checks that no change waits to be brought to its end: only {@link #recover} may go on then.
     *
     * @throws RollbackFailedException if one does
     */
    void checkNothingIsUnfinished() throws IOException {
        boolean unfinished = stuck;
        for (String id : state.transactionIds()) {
            unfinished |= isCommitted(state, id);
        }
        if (unfinished) {
            throw new RollbackFailedException(
                    "an earlier change has to be finished first",
                    new IOException("close the installation and open it again"));
        }
    }

    private boolean isCommitted(StateFolder store, String id) throws IOException {
        return !port.status(store.transaction(id).plan()).isAbsent();
    }

    /**
     * Makes the change. On return it is on the disk for good.
     *
     * @throws UpdateUndoneException if it was undone
     * @throws RollbackFailedException if it can neither be made nor undone now
     * @throws IOException if nothing was changed
     */
    void commit(Draft draft) throws IOException {
        Stores stores = Stores.at(tree, draft.steps().mounts());
        String id = ids.next();
        Plan plan;
        cleanUp(stores.all());
        try {
            plan = prepare(draft, stores, id);
            write(plan);
        } catch (RollbackFailedException e) {
            throw e;
        } catch (IOException e) {
            abandon(draft, stores, id, e);
            throw e;
        }
        log.add(
                "commit",
                "txn",
                id,
                "from",
                plan.from().map(LooseVersion::toString).orElse("-"),
                "to",
                plan.to().map(LooseVersion::toString).orElse("-"));
        finish(plan, stores, PlanRunner.Check.STATUS);
        log.add(Words.of(draft.outcome()), "txn", id);
        cleanUp(stores.all());
    }

    /** Everything the plan leans on, on the disk before the name of the plan is. */
    private Plan prepare(Draft draft, Stores stores, String id) throws IOException {
        for (StateFolder store : stores.all()) {
            store.make();
            disk.makeFolder(store.transactions());
            TransactionFolder own = store.transaction(id);
            port.makeFolder(own.path());
            port.makeFolder(own.newFiles());
            port.makeFolder(own.oldFiles());
        }
        Map<String, String> storeIds = stores.ids(ids);
        forceNames(stores, id);

        stage(draft, stores, id);
        List<Step> steps = new ArrayList<>(draft.steps().steps());
        draft.activate().ifPresent(steps::add);
        backUp(steps, stores, id);
        writeStates(draft, id);
        return new Plan(id, draft.from(), draft.to(), storeIds, List.copyOf(steps));
    }

    /** A state folder whose own name is not on the disk can vanish with all that is in it. */
    private void forceNames(Stores stores, String id) throws IOException {
        for (StateFolder store : stores.all()) {
            port.forceFolder(store.mount());
            port.forceFolder(store.path());
            port.forceFolder(store.transactions());
            port.forceFolder(store.transaction(id).path());
        }
    }

    private void stage(Draft draft, Stores stores, String id) throws IOException {
        for (Map.Entry<Integer, Path> staged : stagedFiles(draft, stores, id).entrySet()) {
            source(draft, staged.getKey()).bring(staged.getValue());
        }
        for (TransactionFolder own : stores.transaction(id)) {
            port.forceFolder(own.newFiles());
        }
    }

    private static SortedMap<Integer, Path> stagedFiles(Draft draft, Stores stores, String id) {
        SortedMap<Integer, Path> files = new TreeMap<>();
        for (Step step : draft.steps().steps()) {
            step.staged()
                    .ifPresent(number -> files.put(
                            number, stores.of(step.place()).transaction(id).staged(number)));
        }
        draft.activate()
                .flatMap(step -> boxed(step.staged()))
                .ifPresent(number ->
                        files.put(number, stores.root().transaction(id).staged(number)));
        return files;
    }

    private static Optional<Integer> boxed(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    private static Source source(Draft draft, int number) {
        Source source = draft.staged().get(number);
        if (source == null) {
            throw new IllegalStateException("nothing was staged as " + number);
        }
        return source;
    }

    private void backUp(List<Step> steps, Stores stores, String id) throws IOException {
        for (Step step : steps) {
            if (step.backup().isPresent()) {
                DevicePath path = step.place();
                Path file = tree.reach(path);
                Path backup =
                        stores.of(path).transaction(id).backup(step.backup().getAsInt());
                if (step.before() instanceof Entry.File && writtenInPlace.test(path)) {
                    disk.copy(file, backup);
                } else {
                    disk.linkOrCopy(file, backup);
                }
            }
        }
        for (TransactionFolder own : stores.transaction(id)) {
            port.forceFolder(own.oldFiles());
        }
    }

    private void writeStates(Draft draft, String id) throws IOException {
        TransactionFolder own = state.transaction(id);
        State now = state.readState();
        State next = draft.outcome() == Outcome.ROLLED_BACK
                ? new State(
                        draft.to(),
                        Optional.empty(),
                        Outcome.ROLLED_BACK,
                        Optional.empty(),
                        State.PreviousFirmware.INTACT)
                : new State(draft.to(), draft.from(), draft.outcome(), Optional.of(id), State.PreviousFirmware.INTACT);
        disk.write(own.state(), next.toBytes());
        disk.write(own.installed(), draft.installed().toText()::writeTo);
        disk.write(own.stateBack(), now.withOutcome(Outcome.UNDONE).toBytes());
        disk.write(own.installedBack(), state.readInstalled().toText()::writeTo);
        port.forceFolder(own.path());
    }

    /** The commit point is the rename. */
    private void write(Plan plan) throws IOException {
        TransactionFolder own = state.transaction(plan.id());
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
                throw stuck(plan.id(), "it is not known whether the update was committed", e);
            }
            throw e;
        }
    }

    private void abandon(Draft draft, Stores stores, String id, IOException cause) {
        try {
            for (Map.Entry<Integer, Path> staged :
                    stagedFiles(draft, stores, id).entrySet()) {
                if (!port.status(staged.getValue()).isAbsent()) {
                    source(draft, staged.getKey()).takeBack(staged.getValue());
                }
            }
            for (StateFolder store : stores.all()) {
                discard(store, id);
            }
        } catch (IOException e) {
            // What is left is removed when the installation is opened again.
            cause.addSuppressed(e);
        }
    }

    /** Brings every change that was cut to its end. To be called before anything else is done. */
    Recovery recover() throws IOException {
        // Where one of these is spoilt, so is the disk: then not even a plan is followed.
        state.readState();
        state.readInstalled();
        Recovery result = Recovery.NOTHING_TO_DO;
        for (String id : state.transactionIds()) {
            Optional<Plan> plan = state.readPlan(state.transaction(id).plan());
            if (plan.isPresent()) {
                result = resume(plan.get());
                log.add("recovered", "txn", id, "result", Words.of(result));
            }
        }
        boolean cleaned = cleanUp(List.of(state));
        return cleaned && result == Recovery.NOTHING_TO_DO ? Recovery.CLEANED_UP : result;
    }

    private Recovery resume(Plan plan) throws IOException {
        if (plan.activation().isPresent() && firmware.isEmpty()) {
            // Going back because of it would undo what only waits for the right options.
            throw FirmwareNotSupportedException.toFinish(plan);
        }
        TransactionFolder own = state.transaction(plan.id());
        Stores stores;
        Optional<Plan> back;
        try {
            stores = Stores.of(plan, tree);
            // After a kill the names may be in memory only, and what follows leans on them.
            for (StateFolder store : stores.all()) {
                port.forceFolder(store.transaction(plan.id()).path());
                port.forceFolder(store.transactions());
                port.forceFolder(store.path());
                port.forceFolder(store.mount());
            }
            back = state.readPlan(own.planBack());
            if (back.isEmpty()) {
                settleBackups(stores, plan.id());
            }
        } catch (UntrustedStateException e) {
            throw e;
        } catch (IOException e) {
            throw stuck(plan.id(), "the update cannot be finished now", e);
        }
        if (back.isPresent()) {
            runBack(back.get(), stores);
            return Recovery.UNDONE;
        }
        try {
            finish(plan, stores, PlanRunner.Check.CONTENT);
            return Recovery.FINISHED;
        } catch (UpdateUndoneException e) {
            return Recovery.UNDONE;
        }
    }

    /** Brings a plan to its end or, if that cannot be, undoes it. */
    private void finish(Plan plan, Stores stores, PlanRunner.Check check) throws IOException {
        PlanRunner runner = new PlanRunner(tree, stores, plan, PlanRunner.Direction.FORWARD, check, firmware);
        try {
            if (check == PlanRunner.Check.CONTENT && !runner.hasAllStagedFiles()) {
                throw new IOException("a staged file is missing");
            }
            runner.changeTree();
        } catch (PlanRunner.ForceFailedException e) {
            throw stuck(plan.id(), "it is not known what of the update is on the disk", e);
        } catch (IOException e) {
            goBack(plan, stores, e);
            throw new UpdateUndoneException(e);
        }
        try {
            runner.end();
        } catch (IOException e) {
            throw stuck(plan.id(), "the end of the update cannot be recorded", e);
        }
        unstick(plan.id());
    }

    private void goBack(Plan plan, Stores stores, IOException cause) throws IOException {
        log.add("going-back", "txn", plan.id(), "cause", String.valueOf(cause.getMessage()));
        Plan back;
        try {
            back = prepareBack(plan, stores);
        } catch (IOException e) {
            e.addSuppressed(cause);
            throw stuck(plan.id(), "the update can be neither finished nor undone now", e);
        }
        runBack(back, stores);
    }

    private void runBack(Plan back, Stores stores) throws IOException {
        PlanRunner runner =
                new PlanRunner(tree, stores, back, PlanRunner.Direction.BACKWARD, PlanRunner.Check.CONTENT, firmware);
        try {
            runner.changeTree();
            runner.end();
        } catch (IOException e) {
            throw stuck(back.id(), "the update can be neither finished nor undone now", e);
        }
        log.add("undone", "txn", back.id());
        cleanUp(stores.all());
    }

    /** The way from the tree as it is now to the one before the plan, with the backups as staged files. */
    private Plan prepareBack(Plan plan, Stores stores) throws IOException {
        SortedMap<DevicePath, Planner.Wanted> wanted = wantedBefore(plan);
        Planner.Steps steps = Planner.plan(tree, disk::entry, wanted, lastPath(plan));
        for (TransactionFolder own : stores.transaction(plan.id())) {
            disk.makeFolder(own.backFiles());
            // What is moved into a folder whose own name is lost is lost with it.
            port.forceFolder(own.path());
        }
        List<Step> back = new ArrayList<>();
        for (Step step : steps.steps()) {
            if (step.staged().isPresent()) {
                TransactionFolder own = stores.of(step.place()).transaction(plan.id());
                int number = step.staged().getAsInt();
                port.move(own.backup(number), own.back(number));
            }
            back.add(step.withoutBackup());
        }
        plan.activation().ifPresent(step -> back.add(step.reversed()));
        for (TransactionFolder own : stores.transaction(plan.id())) {
            port.forceFolder(own.backFiles());
            port.forceFolder(own.oldFiles());
            port.forceFolder(own.path());
        }
        Plan planBack = new Plan(plan.id(), plan.to(), plan.from(), plan.stores(), List.copyOf(back));
        disk.writeAtomically(state.transaction(plan.id()).planBack(), planBack.toText()::writeTo);
        return planBack;
    }

    /** What {@code plan} found, with the numbers of its backups. */
    static SortedMap<DevicePath, Planner.Wanted> wantedBefore(Plan plan) {
        SortedMap<DevicePath, Planner.Wanted> wanted = new TreeMap<>();
        plan.firstOfEachPath().forEach((path, step) -> wanted.put(path, Planner.Wanted.before(step)));
        return wanted;
    }

    /** What is put last is the version file, if there is one. */
    static Optional<DevicePath> lastPath(Plan plan) {
        return plan.steps().stream()
                .filter(Step::movesStagedFile)
                .reduce((first, second) -> second)
                .flatMap(Step::path);
    }

    /** Backups that a way backward had taken, which was cut before its plan was written, become backups again. */
    private void settleBackups(Stores stores, String id) throws IOException {
        for (TransactionFolder own : stores.transaction(id)) {
            if (port.status(own.backFiles()).isFolder()) {
                for (String name : port.list(own.backFiles())) {
                    port.move(own.backFiles().resolve(name), own.oldFiles().resolve(name));
                }
                port.forceFolder(own.oldFiles());
                port.forceFolder(own.backFiles());
            }
        }
    }

    private RollbackFailedException stuck(String id, String what, IOException cause) {
        stuck = true;
        RollbackFailedException failure = new RollbackFailedException(what, cause);
        try {
            disk.write(
                    state.transaction(id).stuck(),
                    new SealedText()
                            .line("OTASTUCK", String.valueOf(failure.getMessage()))
                            .toBytes());
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        log.add("stuck", "txn", id, "cause", String.valueOf(failure.getMessage()));
        return failure;
    }

    private void unstick(String id) {
        try {
            disk.removeFile(state.transaction(id).stuck());
        } catch (IOException ignored) {
            // The plan is gone, and with it the phase.
        }
    }

    /** Removes whatever no longer leads anywhere; whether there was anything. What cannot be removed waits. */
    private boolean cleanUp(Collection<StateFolder> stores) {
        boolean found = false;
        try {
            Optional<String> wayBack = state.readState().wayBack();
            for (StateFolder store : stores) {
                for (String id : store.transactionIds()) {
                    if (isCommitted(state, id)) {
                        continue;
                    }
                    if (wayBack.filter(id::equals).isEmpty()) {
                        discard(store, id);
                        found = true;
                    } else {
                        disk.removeTree(store.transaction(id).newFiles());
                    }
                }
            }
        } catch (IOException e) {
            log.add("clean-up-failed", "cause", String.valueOf(e.getMessage()));
        }
        return found;
    }

    private void discard(StateFolder store, String id) throws IOException {
        TransactionFolder own = store.transaction(id);
        // A plan without the files it leans on must not be found.
        if (!port.status(own.plan()).isAbsent()) {
            port.unlink(own.plan());
            port.forceFolder(own.path());
        }
        disk.removeTree(own.path());
    }
}
