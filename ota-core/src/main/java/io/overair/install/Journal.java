package io.overair.install;

import static io.overair.install.PlanRunner.Comparison.BY_CONTENT;
import static io.overair.install.PlanRunner.Comparison.BY_STATUS;

import io.overair.install.PlanRunner.Comparison;
import io.overair.install.PlanRunner.Direction;
import io.overair.manifest.DevicePath;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The transactions of an installation. One that is committed is brought to its end, by this run or by the next, or undone
 * if it cannot be; one that is not leaves nothing behind.
 */
final class Journal {
    private final Tree tree;
    private final Disk disk;
    private final FilePort port;
    private final StateFolder state;
    private final Optional<FirmwareWriter> firmware;
    private final Predicate<DevicePath> writtenInPlace;
    private final Set<DevicePath> replacedStores;
    private final Ids ids;
    private final EventLog log;
    private final Hooks hooks;
    private final Slots slots;
    private boolean stuck;

    Journal(Tree tree, StateFolder state, InstallationOptions options, Ids ids, EventLog log) {
        this.tree = tree;
        this.disk = tree.disk();
        this.port = disk.port();
        this.state = state;
        this.firmware = options.firmware();
        this.writtenInPlace = options::mayBeWrittenInPlace;
        this.replacedStores = options.replacedStores();
        this.ids = ids;
        this.log = log;
        this.hooks = new Hooks(options.hooks(), tree, log);
        this.slots = new Slots(tree);
    }

    /**
     * Checks that no change waits to be brought to its end: only {@link #recover} may go on then.
     *
     * @throws RollbackFailedException if one does
     */
    void checkNothingIsUnfinished() throws IOException {
        boolean unfinished = stuck;
        for (String id : state.transactionIds()) {
            unfinished |= state.isCommitted(id);
        }
        if (unfinished) {
            throw new RollbackFailedException(
                    "an earlier change has to be finished first",
                    new IOException("close the installation and open it again"));
        }
    }

    /**
     * Makes the change. On return it is on the disk for good.
     *
     * @throws UpdateUndoneException if it was undone
     * @throws HookVetoException if a hook did not want it; nothing was changed
     * @throws RollbackFailedException if it can neither be made nor undone now
     * @throws IOException if nothing was changed
     */
    void commit(Draft draft) throws IOException {
        Stores stores = Stores.at(tree, draft.steps().mounts());
        cleanUp(stores.all(), draft.isUpdate() ? Hooks.Unknown.FORGET : Hooks.Unknown.LEAVE);
        Preparation preparation = new Preparation(tree, state, writtenInPlace, ids, draft, stores);
        Plan plan;
        try {
            plan = preparation.commit(hooks);
        } catch (UncertainDiskException e) {
            throw stuck(preparation.id(), "it is not known whether the update was committed", e);
        }
        log.add("commit", "txn", plan.id(), "from", text(plan.from()), "to", text(plan.to()));
        finish(plan, stores, BY_STATUS);
        log.add(Words.of(draft.outcome()), "txn", plan.id());
        cleanUp(stores.all());
    }

    static String text(Optional<LooseVersion> version) {
        return version.map(LooseVersion::toString).orElse("-");
    }

    /** Brings every change that was cut to its end. To be called before anything else is done. */
    Recovery recover() throws IOException {
        // Where one of these is spoilt, so is the disk: then not even a plan is followed.
        state.readState();
        state.readInstalled();
        forceLastWord();
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

    /**
     * A run that was killed may have left a state that is in memory only. Whoever reads it here may pass it on, and a power cut
     * must not unsay it then. Where that cannot be, it is no worse than before.
     */
    private void forceLastWord() throws IOException {
        if (!port.status(state.state()).isFile()) {
            return;
        }
        try {
            port.forceFolder(state.path());
        } catch (IOException e) {
            log.add("force-failed", "cause", String.valueOf(e.getMessage()));
        }
    }

    private Recovery resume(Plan plan) throws IOException {
        if (plan.activation().isPresent() && firmware.isEmpty()) {
            // Going back because of it would undo what only waits for the right options.
            throw FirmwareNotSupportedException.toFinish(plan);
        }
        Cut cut;
        try {
            cut = lookInto(plan);
        } catch (UntrustedStateException e) {
            throw e;
        } catch (IOException e) {
            throw stuck(plan.id(), "the update cannot be finished now", e);
        }
        if (cut.isOnTheWayBack()) {
            runBack(cut.left(), cut.stores());
            return Recovery.UNDONE;
        }
        if (cut.objection().isPresent() && !mayBeActiveForGood(runner(cut.left(), cut.stores(), BY_CONTENT))) {
            goBack(cut.left(), cut.stores(), cut.objection().get());
            return Recovery.UNDONE;
        }
        try {
            finish(cut.left(), cut.stores(), BY_CONTENT);
            return Recovery.FINISHED;
        } catch (UpdateUndoneException e) {
            return Recovery.UNDONE;
        }
    }

    /**
     * What an earlier run has left.
     *
     * @param left the plan that it followed, without the stores that are gone for good
     * @param objection why it had better be undone than finished: the same update can come once more then
     */
    private record Cut(Plan left, boolean isOnTheWayBack, Stores stores, Optional<IOException> objection) {}

    private Cut lookInto(Plan plan) throws IOException {
        Optional<Plan> back = WayBackward.begun(plan, state);
        Plan followed = back.orElse(plan);
        Set<DevicePath> gone = Stores.gone(followed, tree, replacedStores);
        Plan left = followed.without(gone);
        Stores stores = Stores.of(left, tree);
        forceNames(left, stores);
        if (back.isEmpty()) {
            new WayBackward(tree, left, stores).settleBackups();
        }
        gone.forEach(mount -> log.add("store-left-out", "mount", mount));
        return new Cut(left, back.isPresent(), stores, objectionTo(plan, gone));
    }

    private Optional<IOException> objectionTo(Plan plan, Set<DevicePath> gone) throws IOException {
        if (!gone.isEmpty()) {
            return Optional.of(MissingStoreException.at(gone.iterator().next()));
        }
        List<String> unknown = hooks.unknownOf(plan);
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(new IOException(
                        "the hook %s has to agree, and this program does not know it".formatted(unknown.get(0))));
    }

    /** After a kill the names may be in memory only, and what follows leans on them. */
    private void forceNames(Plan plan, Stores stores) throws IOException {
        for (StateFolder store : stores.all()) {
            port.forceFolder(store.transaction(plan.id()).path());
            port.forceFolder(store.transactions());
            port.forceFolder(store.path());
            port.forceFolder(store.mount());
        }
    }

    private PlanRunner runner(Plan plan, Stores stores, Comparison comparison) {
        return new PlanRunner(tree, stores, plan, Direction.FORWARD, comparison, firmware);
    }

    /** Brings a plan to its end or, if that cannot be, undoes it. */
    private void finish(Plan plan, Stores stores, Comparison comparison) throws IOException {
        PlanRunner runner = runner(plan, stores, comparison);
        try {
            if (comparison == BY_CONTENT && !runner.hasAllStagedFiles()) {
                throw new IOException("a staged file is missing");
            }
            runner.changeTree();
            if (runner.activatesForGood()) {
                if (!runner.hasBegunForGood()) {
                    hooks.afterChange(plan);
                }
                runner.activateForGood();
            } else {
                runner.activate();
                hooks.afterChange(plan);
            }
        } catch (UncertainDiskException e) {
            throw stuck(plan.id(), "it is not known what of the update is on the disk", e);
        } catch (IOException e) {
            if (mayBeActiveForGood(runner)) {
                throw stuck(plan.id(), "firmware may be active from which there is no way back", e);
            }
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

    private static boolean mayBeActiveForGood(PlanRunner runner) {
        try {
            return runner.hasBegunForGood();
        } catch (IOException notKnown) {
            return true;
        }
    }

    private void goBack(Plan plan, Stores stores, IOException cause) throws IOException {
        log.add("going-back", "txn", plan.id(), "cause", String.valueOf(cause.getMessage()));
        Plan back;
        try {
            back = insist(stores, new WayBackward(tree, plan, stores)::prepare);
        } catch (IOException e) {
            e.addSuppressed(cause);
            throw stuck(plan.id(), "the update can be neither finished nor undone now", e);
        }
        runBack(back, stores);
    }

    private interface Work<T> {
        T done() throws IOException;
    }

    /** Does {@code work}, which can be done again, once more with the room that is reserved for a trial: this is what it is for. */
    private static <T> T insist(Stores stores, Work<T> work) throws IOException {
        try {
            return work.done();
        } catch (InsufficientSpaceException e) {
            boolean held = false;
            for (StateFolder store : stores.all()) {
                held |= Reserve.releaseAll(store);
            }
            if (!held) {
                throw e;
            }
            return work.done();
        }
    }

    private void runBack(Plan back, Stores stores) throws IOException {
        PlanRunner runner = new PlanRunner(tree, stores, back, Direction.BACKWARD, BY_CONTENT, firmware);
        try {
            insist(stores, () -> {
                runner.changeTree();
                runner.activate();
                runner.end();
                return back;
            });
        } catch (IOException e) {
            throw stuck(back.id(), "the update can be neither finished nor undone now", e);
        }
        log.add("undone", "txn", back.id());
        cleanUp(stores.all());
    }

    private RollbackFailedException stuck(String id, String what, IOException cause) {
        stuck = true;
        RollbackFailedException failure = new RollbackFailedException(what, cause);
        try {
            disk.write(
                    state.transaction(id).stuck(),
                    new SealedText()
                            .line("OTASTUCK", Excerpt.of(String.valueOf(failure.getMessage())))
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
        return cleanUp(stores, Hooks.Unknown.LEAVE);
    }

    private boolean cleanUp(Collection<StateFolder> stores, Hooks.Unknown unknownHooks) {
        boolean found = false;
        try {
            State now = state.readState();
            Optional<String> wayBack = now.wayBack();
            if (now.trial().isEmpty()) {
                for (StateFolder store : stores) {
                    found |= Reserve.releaseAll(store);
                }
            }
            for (StateFolder store : stores) {
                for (String id : store.transactionIds()) {
                    if (state.isCommitted(id)) {
                        continue;
                    }
                    TransactionFolder own = store.transaction(id);
                    boolean isWayBack = wayBack.filter(id::equals).isPresent();
                    if (isWayBack && port.status(own.newFiles()).isAbsent()) {
                        continue;
                    }
                    // After a kill the end of its plan may be in memory only, and a plan that comes back needs the
                    // rest.
                    port.forceFolder(own.path());
                    if (isWayBack) {
                        disk.removeTree(own.newFiles());
                    } else {
                        if (hooks.settle(id, unknownHooks) || !store.equals(state)) {
                            store.discard(id);
                            found = true;
                        } else {
                            found |= store.discardAllBut(own.hooks());
                        }
                    }
                }
            }
            found |= slots.removeUnneeded();
        } catch (IOException e) {
            log.add("clean-up-failed", "cause", String.valueOf(e.getMessage()));
        }
        return found;
    }
}
