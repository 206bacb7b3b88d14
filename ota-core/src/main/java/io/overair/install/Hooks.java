package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The hooks of an installation. Which ones an update has started lies in its transaction's folder, and is there before they
 * are: so they can be undone by whoever finds that nothing came of it.
 */
final class Hooks {
    private static final int UNDO_TRIES = 2;

    private final List<UpdateHook> hooks;
    private final Disk disk;
    private final StateFolder state;
    private final EventLog log;
    private final Slots slots;

    Hooks(List<UpdateHook> hooks, Tree tree, EventLog log) {
        this.hooks = hooks;
        this.slots = new Slots(tree);
        this.disk = tree.disk();
        this.state = tree.state();
        this.log = log;
    }

    /**
     * All that {@code plan} leans on is on the disk, the plan is not.
     *
     * @throws HookVetoException if a hook does not want it to be
     * @throws IOException if it cannot be written down that one is started; it was not
     */
    void beforeApply(Plan plan) throws IOException {
        run(plan, HookEvent.BEFORE_APPLY, change(state.readState(), plan.from(), plan.to()));
    }

    /**
     * The tree is what {@code plan} wants it to be.
     *
     * @throws HookVetoException if a hook does not want it to stay so
     * @throws IOException if it cannot be found out, or written down, what was started
     */
    void afterChange(Plan plan) throws IOException {
        if (hooks.isEmpty()) {
            return;
        }
        State after = after(plan);
        Change change = change(after, plan.from(), plan.to());
        if (after.report().outcome() == Outcome.ROLLED_BACK) {
            tell(change);
        } else {
            run(plan, HookEvent.AFTER_APPLY, change);
        }
    }

    private Change change(State now, Optional<LooseVersion> from, Optional<LooseVersion> to) {
        return new Change(slots.entrance(now.layout()), from, to);
    }

    private void tell(Change rollback) {
        for (UpdateHook hook : hooks) {
            try {
                call(hook, HookEvent.ON_ROLLBACK, rollback);
            } catch (HookVetoException written) {
                // A rollback is the rescue.
            }
        }
    }

    /** The state after the plan is beside it, or was put where it belongs before a cut. */
    private State after(Plan plan) throws IOException {
        Optional<State> next = state.readState(state.transaction(plan.id()).state());
        return next.isPresent() ? next.get() : state.readState();
    }

    /**
     * What is installed is about to be started.
     *
     * @throws HookVetoException if a hook does not want it to be
     */
    void beforeRestart(Change change) throws HookVetoException {
        for (UpdateHook hook : hooks) {
            call(hook, HookEvent.BEFORE_RESTART, change);
        }
    }

    /** What becomes of a hook that an update has started, which came to nothing, and that is not one of these. */
    enum Unknown {
        /** Another program knows it, and undoes it when it opens the installation. */
        LEAVE,
        /** Nobody knows it any more. */
        FORGET
    }

    /**
     * Before the folder of a transaction goes that has no plan: undoes its hooks if nothing came of it, and forgets them.
     *
     * @return whether all of them are; if not, the list has to stay
     */
    boolean settle(String id, Unknown unknown) throws IOException {
        TransactionFolder folder = state.transaction(id);
        Optional<StartedHooks> started = started(folder);
        if (started.isEmpty()) {
            return true;
        }
        // After a kill in an abort the plan may be gone from memory only, and would come back with the hooks undone.
        disk.port().forceFolder(folder.path());
        if (disk.port().status(folder.done()).isAbsent()) {
            undo(started.get());
            StartedHooks others = started.get().without(names());
            if (!others.names().isEmpty() && unknown == Unknown.LEAVE) {
                if (!others.equals(started.get())) {
                    disk.writeAtomically(folder.hooks(), others.toBytes());
                }
                return false;
            }
            others.names().forEach(name -> log.add("hook-unknown", "hook", name, "event", Words.of(HookEvent.UNDO)));
        }
        // Before the rest of the folder goes: hooks without the "done" beside them would be undone.
        disk.removeFile(folder.hooks());
        disk.port().forceFolder(folder.path());
        return true;
    }

    /**
     * Hooks that {@code plan} has started and that are not among these: nobody can ask them whether what it makes of the tree
     * may stay.
     */
    List<String> unknownOf(Plan plan) throws IOException {
        return started(state.transaction(plan.id()))
                .map(started -> started.without(names()).names())
                .orElse(List.of());
    }

    private Set<String> names() {
        return hooks.stream().map(Hooks::startedAs).collect(Collectors.toSet());
    }

    private static String startedAs(UpdateHook hook) {
        return hook instanceof CommandHook commands ? commands.startedAs() : hook.name();
    }

    /** The last first. */
    private void undo(StartedHooks started) throws IOException {
        Change change = change(state.readState(), started.from(), started.to());
        List<UpdateHook> known = started.names().stream()
                .flatMap(name -> hooks.stream().filter(hook -> startedAs(hook).equals(name)))
                .toList();
        for (int i = known.size() - 1; i >= 0; i--) {
            UpdateHook hook = known.get(i);
            for (int tries = 0; tries < UNDO_TRIES; tries++) {
                try {
                    call(hook, HookEvent.UNDO, change);
                    log.add("hook-undone", "hook", hook.name());
                    break;
                } catch (HookVetoException written) {
                    // It may pass; the others are undone all the same.
                }
            }
        }
    }

    private void run(Plan plan, HookEvent event, Change change) throws IOException {
        TransactionFolder folder = state.transaction(plan.id());
        StartedHooks started = started(folder).orElse(StartedHooks.none(plan.from(), plan.to()));
        for (UpdateHook hook : hooks) {
            if (!started.names().contains(startedAs(hook))) {
                started = started.and(startedAs(hook));
                disk.writeAtomically(folder.hooks(), started.toBytes());
            }
            call(hook, event, change);
        }
    }

    private Optional<StartedHooks> started(TransactionFolder folder) throws IOException {
        Optional<byte[]> bytes = disk.read(folder.hooks());
        return bytes.isEmpty() ? Optional.empty() : Optional.of(StartedHooks.parse(bytes.get()));
    }

    private void call(UpdateHook hook, HookEvent event, Change change) throws HookVetoException {
        log.add("hook-started", "hook", hook.name(), "event", Words.of(event));
        try {
            TimeLimit.run(hook.limit(), "hook " + hook.name(), () -> event.tell(hook, change));
        } catch (Exception | LinkageError | AssertionError e) {
            // Whatever is wrong with a hook must not stop the recovery that would undo it.
            HookVetoException failure = new HookVetoException(hook.name(), e);
            log.add("hook-failed", "hook", hook.name(), "event", Words.of(event), "cause", failure.reason());
            throw failure;
        }
    }
}
