package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What happens between an update and the word that its release is good. Every word is on the disk before anything
 * follows from it, so that no cut makes it unsaid.
 */
final class Trials {
    private final Tree tree;
    private final Disk disk;
    private final StateFolder state;
    private final InstallationOptions options;
    private final Journal journal;
    private final EventLog log;
    private final Reserve room;

    Trials(Tree tree, StateFolder state, InstallationOptions options, Journal journal, EventLog log) {
        this.tree = tree;
        this.disk = tree.disk();
        this.state = state;
        this.options = options;
        this.journal = journal;
        this.log = log;
        this.room = Reserve.ofWords(state);
    }

    /** That {@code release} may be installed now. */
    void checkMayInstall(LooseVersion release) throws IOException {
        State now = state.readState();
        if (now.trial().isPresent()) {
            throw new InTrialException(now.trial().get().release());
        }
        if (now.isBlocked(release)) {
            throw new BlockedReleaseException(release);
        }
    }

    /** Takes a release back that was rejected, if there is one; what came of it. */
    Optional<Recovery> takeBackIfRejected() throws IOException {
        Optional<String> rejection = rejection();
        if (rejection.isPresent() && takeBack(rejection.get())) {
            return Optional.of(Recovery.ROLLED_BACK);
        }
        return rejection().map(waits -> Recovery.STAYS);
    }

    private Optional<String> rejection() throws IOException {
        return state.readState().trial().flatMap(TrialStatus::rejection);
    }

    Start countStart() throws IOException {
        Optional<TrialStatus> trial = state.readState().trial();
        if (trial.isEmpty()) {
            return Start.SETTLED;
        }
        if (trial.get().isRejected()) {
            // Opening has just tried to take it back, and could not.
            return Start.ON_TRIAL;
        }
        int left = trial.get().startsLeft();
        if (left == 0) {
            return reject("it was not confirmed in any of its starts");
        }
        try {
            insist(state.readState().with(trial.get().withStartsLeft(left - 1)));
        } catch (IOException e) {
            // Without a count that lasts it might be started for ever.
            return reject("its starts cannot be counted: " + e.getMessage());
        }
        log.add("start-counted", "release", trial.get().release(), "left", left - 1);
        return Start.ON_TRIAL;
    }

    private Start reject(String reason) throws IOException {
        tryToWriteRejection(reason);
        if (takeBack(reason)) {
            return Start.ROLLED_BACK;
        }
        return state.readState().trial().isPresent() ? Start.ON_TRIAL : Start.SETTLED;
    }

    /** Gives the last counted start back, if one was. */
    void giveStartBack() throws IOException {
        State now = state.readState();
        Optional<TrialStatus> trial = now.trial()
                .filter(status -> !status.isRejected())
                .filter(status -> status.startsLeft() < status.starts());
        if (trial.isPresent()) {
            insist(now.with(trial.get().withStartsLeft(trial.get().startsLeft() + 1)));
            log.add("start-given-back", "release", trial.get().release());
        }
    }

    void countRunningTime(Duration time) throws IOException {
        State now = state.readState();
        Optional<TrialStatus> trial = now.trial().filter(status -> !status.isRejected());
        if (trial.isEmpty()) {
            return;
        }
        TrialStatus left = trial.get().afterRunning(time);
        if (left.remaining().isZero()) {
            writeRejection("it was not confirmed in time");
        } else {
            write(now.with(left));
        }
    }

    boolean countHealthyStart(LooseVersion release) throws IOException {
        Optional<TrialStatus> trial = onTrial(release);
        if (trial.isEmpty()) {
            return true;
        }
        TrialStatus after = trial.get().afterHealthyStart();
        if (after.healthyStarts() >= after.healthyStartsNeeded()) {
            confirm(release);
            return true;
        }
        insist(state.readState().with(after));
        log.add("healthy-start", "release", release, "number", after.healthyStarts());
        return false;
    }

    void confirm(LooseVersion release) throws IOException {
        if (onTrial(release).isPresent()) {
            insist(state.readState().confirmed());
            log.add("confirmed", "release", release);
            releaseReservesAtLast();
        }
    }

    void reject(LooseVersion release, String reason) throws IOException {
        State now = state.readState();
        if (now.trial().isEmpty() && now.isBlocked(release) && !now.version().equals(Optional.of(release))) {
            return;
        }
        if (onTrial(release).isEmpty()) {
            boolean wasConfirmed = now.report().outcome() == Outcome.CONFIRMED;
            throw new NotOnTrialException(release, wasConfirmed ? "it was confirmed before" : "it has no trial");
        }
        writeRejection(reason);
    }

    /** The trial of {@code release}; empty if it has passed it. */
    private Optional<TrialStatus> onTrial(LooseVersion release) throws IOException {
        State now = state.readState();
        if (!now.version().equals(Optional.of(release))) {
            throw new NotOnTrialException(
                    release,
                    now.version()
                            .map(version -> version + " is installed")
                            .orElse("no release was installed here yet"));
        }
        if (now.trial().isPresent() && now.trial().get().isRejected()) {
            throw new NotOnTrialException(release, "it was rejected before");
        }
        return now.trial();
    }

    boolean unblock(LooseVersion release) throws IOException {
        State now = state.readState();
        if (!now.isBlocked(release)) {
            return false;
        }
        write(now.unblocked(release));
        log.add("unblocked", "release", release);
        return true;
    }

    Optional<Report> unreported() throws IOException {
        State now = state.readState();
        return now.reporting() == State.Reporting.DUE ? Optional.of(now.report()) : Optional.empty();
    }

    void reported(Report report) throws IOException {
        State now = state.readState();
        if (now.report().equals(report)) {
            write(now.reported());
        }
    }

    /** Brings the version before back. One that is on trial is rejected first: then a cut does not save it. */
    void rollBack(Optional<String> reason, AfterRollback after) throws IOException {
        Optional<TrialStatus> trial = state.readState().trial();
        if (trial.isPresent() && !trial.get().isRejected()) {
            new Rollback(tree, state, options).draft(reason, after);
            tryToWriteRejection(reason.orElse("a rollback was asked for"));
        }
        commitRollback(reason, after);
    }

    /** What follows is the same without it, but for a cut. */
    private void tryToWriteRejection(String reason) throws IOException {
        try {
            writeRejection(reason);
        } catch (IOException e) {
            log.add("rejection-not-written", "cause", String.valueOf(e.getMessage()));
        }
    }

    private void writeRejection(String reason) throws IOException {
        State now = state.readState();
        TrialStatus trial = now.trial().orElseThrow();
        insist(now.with(trial.rejected(reason)));
        log.add("rejected", "release", trial.release(), "reason", reason);
    }

    /** Whether the version before is back. If not now, it is tried again when the installation is opened again. */
    private boolean takeBack(String reason) throws IOException {
        try {
            commitRollback(Optional.of(reason), AfterRollback.BLOCK);
            return true;
        } catch (RollbackFailedException e) {
            throw e;
        } catch (NoWayBackException e) {
            log.add("no-way-back", "cause", String.valueOf(e.getMessage()));
            if (e.isForGood()) {
                releaseReservesAtLast();
                insist(state.readState().kept(reason));
            }
        } catch (IOException e) {
            log.add("roll-back-failed", "cause", String.valueOf(e.getMessage()));
        }
        return false;
    }

    private void commitRollback(Optional<String> reason, AfterRollback after) throws IOException {
        Rollback rollback = new Rollback(tree, state, options);
        try {
            Draft draft = rollback.draft(reason, after);
            rollback.leftOut().forEach(mount -> log.add("store-left-out", "mount", mount));
            rollback.concessions().forEach(path -> log.add("changed-since", "path", path));
            journal.commit(draft);
        } catch (RollbackFailedException | UpdateUndoneException | NoWayBackException | MissingStoreException e) {
            throw e;
        } catch (IOException e) {
            if (!releaseReserves()) {
                throw e;
            }
            journal.commit(rollback.draft(reason, after));
        }
    }

    /** A word that can wait until there is room: what a release that fills the disk is taken back with stays untouched. */
    private void write(State next) throws IOException {
        disk.writeAtomically(state.state(), next.toBytes());
    }

    /** One that is wanted now, with the room that was kept for it; that is kept again for the next. */
    private void insist(State next) throws IOException {
        try {
            write(next);
        } catch (InsufficientSpaceException e) {
            if (!room.release()) {
                throw e;
            }
            write(next);
        }
        if (next.trial().isPresent() && !room.isKept()) {
            try {
                room.keep(Reserve.WORD_BYTES);
            } catch (IOException e) {
                log.add("no-room-kept", "cause", String.valueOf(e.getMessage()));
            }
        }
    }

    /** What is left of them is removed by the next update. */
    private void releaseReservesAtLast() {
        try {
            releaseReserves();
        } catch (IOException e) {
            log.add("clean-up-failed", "cause", String.valueOf(e.getMessage()));
        }
    }

    /** On each store that the way back leads to, and that is there; whether there were any. */
    private boolean releaseReserves() throws IOException {
        boolean held = Reserve.releaseAll(state);
        Optional<String> wayBack = state.readState().wayBack();
        Optional<Plan> done = wayBack.isEmpty()
                ? Optional.empty()
                : state.readPlan(state.transaction(wayBack.get()).done());
        if (done.isPresent()) {
            for (Map.Entry<DevicePath, Optional<String>> store :
                    done.get().mountedStores().entrySet()) {
                if (Stores.isThere(tree, store.getKey(), store.getValue())) {
                    held |= Reserve.releaseAll(StateFolder.below(disk, tree.at(store.getKey())));
                }
            }
        }
        return held;
    }
}
