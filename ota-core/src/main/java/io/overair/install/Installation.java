package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestException;
import io.overair.version.LooseVersion;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The files of a device below one root, and the only way to change them. Opening it brings to an end what an earlier run
 * left unfinished, and keeps every other updater out until it is closed.
 *
 * <p>After a cut at any instant the tree is exactly the old release or exactly the new one, as soon as the installation has
 * been opened again; until then it may be a mixture, unless the {@linkplain Layout layout} is one of slots. All that is
 * needed for that lies in the folder {@code .ota} below the root. Not safe for use by several threads.
 *
 * <p>A file that replaces another gets its owner, its mode and, where the store has them, its extended attributes of users
 * ({@code user.*}). What Java cannot reach on Linux is not kept: access control lists, capabilities, labels of SELinux. A
 * device that needs these sets them again when it was updated, or has them given by rules for folders.
 *
 * <p>What file stores cannot give is among the {@linkplain InstallationStatus#warnings warnings}. On Windows folders cannot be
 * forced to the disk: a killed program does no harm, but a power cut may take back what was reported as done. There, a
 * file that is read-only or that somebody holds open can be neither replaced nor removed: the update fails with an
 * {@link UpdateUndoneException} and is undone.
 */
public final class Installation implements Closeable {
    /**
     * Name of the system property with which a program says what others are told that it is, while it has an installation
     * open: {@code ota update}. Otherwise they are told its main class or jar.
     */
    public static final String PROGRAM_PROPERTY = "io.overair.program";

    private static final long LOCK_RETRY_MILLIS = 50;

    private final Tree tree;
    private final Disk disk;
    private final StateFolder state;
    private final InstallationOptions options;
    private final EventLog log;
    private final Journal journal;
    private final Trials trials;
    private final Updates updates;
    private final Closeable lock;
    private final Recovery recovery;
    private Optional<UpdateTransaction> running = Optional.empty();
    private final Access access;
    private boolean closed;

    /** What an installation was opened for. */
    private enum Access {
        CHANGE,
        READ
    }

    private Installation(Tree tree, InstallationOptions given, Environment environment, Closeable lock, Access access)
            throws IOException {
        this.tree = tree;
        this.disk = tree.disk();
        this.state = tree.state();
        this.log = new EventLog(state, environment.clock());
        this.options = access == Access.READ ? given : given.at(state, log);
        this.journal = new Journal(tree, state, options, environment.ids(), log);
        this.trials = new Trials(tree, state, options, journal, log);
        this.updates = new Updates(tree, state, options, journal, log, environment.ids());
        this.lock = lock;
        this.access = access;
        this.recovery = access == Access.READ ? Recovery.NOTHING_TO_DO : recover();
    }

    /**
     * Opens the installation at {@code root} with {@linkplain InstallationOptions#defaults default options}.
     *
     * @see #open(Path, InstallationOptions)
     */
    public static Installation open(Path root) throws IOException {
        return open(root, InstallationOptions.defaults());
    }

    /**
     * Opens the installation at {@code root}, a folder that exists. Locks it, then finishes or undoes what an earlier run
     * left; {@link #recovery} tells what that was.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such folder
     * @throws NotDirectoryException if it is no folder
     * @throws InstallationLockedException if another updater is at work; nothing was touched
     * @throws RollbackFailedException if what an earlier run left can neither be finished nor undone now; nothing is lost
     * @throws FirmwareNotSupportedException if it brings firmware and {@code options} have no writer; nothing was touched
     * @throws UntrustedStateException if the state folder is spoilt or open to others; nothing was touched
     */
    public static Installation open(Path root, InstallationOptions options) throws IOException {
        return open(root.toRealPath(), options, Environment.real());
    }

    static Installation open(Path root, InstallationOptions options, Environment environment) throws IOException {
        Disk disk = new Disk(environment.port());
        if (!disk.port().status(root).isFolder()) {
            throw new NotDirectoryException(root.toString());
        }
        StateFolder state = StateFolder.below(disk, root);
        state.make();
        state.checkOwner();
        Closeable lock = lock(state, options.lockPatience(), environment);
        try {
            state.checkOwnerIsThatOf(state.lockOwner());
            return new Installation(new Tree(disk, root), options, environment, lock, Access.CHANGE);
        } catch (Throwable e) {
            lock.close();
            throw e;
        }
    }

    private Recovery recover() throws IOException {
        Recovery recovered = journal.recover();
        removeWhatHooksPrinted();
        boolean isNew = !disk.port().status(state.state()).isFile();
        if (isNew && restoreWhatPycomsClientCut() > 0) {
            return Recovery.RESTORED;
        }
        return trials.takeBackIfRejected().orElse(recovered);
    }

    /** A kill has left it; it is read by nobody. */
    private void removeWhatHooksPrinted() {
        try {
            disk.removeTree(state.hookOutputs());
        } catch (IOException e) {
            log.add("clean-up-failed", "cause", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Opens the installation at {@code root} to look at it, and to ask what there is for it: makes nothing, locks nothing
     * and leaves what an earlier run left. Another updater may be at work meanwhile, so that what is read may be a mixture.
     * What would change something throws {@link IllegalStateException}.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such folder
     * @throws NotDirectoryException if it is no folder
     * @throws UntrustedStateException if the state folder is open to others
     */
    public static Installation openToRead(Path root, InstallationOptions options) throws IOException {
        Environment environment = Environment.real();
        Tree tree = new Tree(new Disk(environment.port()), root.toRealPath());
        if (!tree.disk().port().status(tree.root()).isFolder()) {
            throw new NotDirectoryException(root.toString());
        }
        StateFolder state = StateFolder.below(tree.disk(), tree.root());
        if (state.exists()) {
            state.check();
        }
        return new Installation(tree, options, environment, () -> {}, Access.READ);
    }

    private static Closeable lock(StateFolder state, Duration patience, Environment environment) throws IOException {
        // Centuries, too, which toMillis() could not tell.
        long attempts = TimeUnit.MILLISECONDS.convert(patience) / LOCK_RETRY_MILLIS;
        for (; ; attempts--) {
            try {
                return environment.port().lock(state.lock());
            } catch (InstallationLockedException e) {
                if (attempts <= 0) {
                    throw e;
                }
            }
            try {
                environment.sleeper().sleep(LOCK_RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while another updater was at work");
            }
        }
    }

    /**
     * What is known about the installation at {@code root}, without locking it: another updater may be at work. What it says of
     * releases and of a trial no power cut unsays, unless the disk fails; a change that it says is under way may not be there
     * after one.
     */
    public static InstallationStatus statusOf(Path root) throws IOException {
        return statusOf(root.toRealPath(), Environment.real());
    }

    static InstallationStatus statusOf(Path root, Environment environment) throws IOException {
        Tree tree = new Tree(new Disk(environment.port()), root);
        InstallationStatus status = StatusReader.read(tree, VersionFile.DEFAULT);
        forceWhatWasRead(tree.state(), environment);
        return status;
    }

    /**
     * The trial of the release that is installed at {@code root}, while it goes on: what {@link #statusOf} says of it, with the same
     * promise, but cheap, however many files the release has.
     */
    public static Optional<TrialStatus> trialOf(Path root) throws IOException {
        return stateOf(root.toRealPath(), Environment.real()).trial();
    }

    /** How the last change at {@code root} ended; as cheap as {@link #trialOf}, and with the same promise. */
    public static Report lastChangeOf(Path root) throws IOException {
        return stateOf(root.toRealPath(), Environment.real()).report();
    }

    static State stateOf(Path root, Environment environment) throws IOException {
        StateFolder folder = StateFolder.below(new Disk(environment.port()), root);
        State state = folder.readState();
        forceWhatWasRead(folder, environment);
        return state;
    }

    /** After it was read: whoever wrote it may not have come to forcing it, and may never do so. */
    private static void forceWhatWasRead(StateFolder state, Environment environment) throws IOException {
        if (state.exists()) {
            try {
                environment.port().forceFolder(state.path());
            } catch (IOException noWorseThanBefore) {
                // Whoever opens the installation tries again.
            }
        }
    }

    /**
     * Whether the files at {@code root} are those of one release. Only a change that was cut, and is not yet brought to its
     * end, makes them a mixture, and with slots not even that; then all files that it touches are read. Does not lock.
     *
     * @throws UntrustedStateException if it cannot be told
     */
    public static boolean isWhole(Path root) throws IOException {
        Tree tree = new Tree(new Disk(Environment.real().port()), root.toRealPath());
        return new Wholeness(tree).isWhole();
    }

    /** The folder that is managed, with all that belongs to it. */
    public Path root() {
        return tree.root();
    }

    /** Where the files of a release lie now; the next update may change it, if the options say so. */
    public Layout layout() throws IOException {
        return state.readState().layout();
    }

    /**
     * The folder through which the files of the installed release are reached: the root itself, or the link {@code current}
     * in it, which leads to the slot that is installed.
     */
    public Path files() throws IOException {
        return new Slots(tree).entrance(layout());
    }

    /** How it was opened. */
    public InstallationOptions options() {
        return options;
    }

    /** What {@link #open} found of an earlier run, and did about it. */
    public Recovery recovery() {
        return recovery;
    }

    /**
     * What is installed: what this library installed last, unless the Pycom client has written another version since.
     * Empty if nobody knows.
     */
    public Optional<LooseVersion> version() throws IOException {
        return StatusReader.version(new Slots(tree).filesAsSeen(), state, options.versionFile());
    }

    /** What is known about this installation. */
    public InstallationStatus status() throws IOException {
        return StatusReader.read(tree, options.versionFile());
    }

    /** What happened to this installation, the oldest event first: {@code <seq> <epoch-ms> <event> key=value…}. */
    public List<String> events() throws IOException {
        return log.read();
    }

    /** Reads every file that this library installed and tells which are not as they were installed, sorted by path. */
    public List<Difference> verify() throws IOException {
        Tree files = new Slots(tree).files();
        List<Difference> differences = new ArrayList<>();
        for (Map.Entry<DevicePath, Entry.File> entry :
                state.readInstalled().files().entrySet()) {
            DevicePath path = entry.getKey();
            Entry.File expected = entry.getValue();
            if (!files.status(path).isFile()) {
                differences.add(new Difference(path, Difference.Kind.MISSING));
            } else if (files.entry(path) instanceof Entry.File actual && !actual.equals(expected)) {
                boolean same = actual.sha256().equals(expected.sha256());
                differences.add(
                        new Difference(path, same ? Difference.Kind.PERMISSIONS_CHANGED : Difference.Kind.CHANGED));
            }
        }
        return differences;
    }

    /**
     * Puts back the files that a Pycom client, cut while it swapped them, left under another name, and tells how many. Done
     * by {@link #open} when this library has not been at work here before. There are none in slots.
     */
    public int restoreWhatPycomsClientCut() throws IOException {
        checkOpen();
        return layout() instanceof Layout.Slots ? 0 : new LegacyLeftovers(tree, log).restoreAll();
    }

    /**
     * Begins an update to {@code manifest}. Nothing of the tree is changed before {@link UpdateTransaction#commit}, except
     * that a file which a Pycom client left half-way is put back. There is one transaction at a time.
     *
     * @throws InTrialException if the release that is installed is on trial
     * @throws BlockedReleaseException if this release failed here before
     * @throws ManifestException if its version cannot be written for the Pycom client
     * @throws ConflictException if something on the device is in the way
     * @throws MissingStoreException if it is about files on a card, or the like, that is not there; or if something was mounted
     *     since over installed files that it does not bring once more
     * @throws FirmwareNotSupportedException if there is firmware and no writer for it
     * @throws InsufficientSpaceException if it is known that there is no room; what an earlier run fetched is removed
     * @throws IllegalStateException if another transaction is not over yet, or the installation is closed
     */
    public UpdateTransaction begin(Manifest manifest) throws IOException {
        checkNothingIsGoingOn();
        trials.checkMayInstall(manifest.version());
        UpdateTransaction transaction = updates.begin(this, manifest);
        running = Optional.of(transaction);
        return transaction;
    }

    void transactionIsOver() {
        running = Optional.empty();
    }

    void commit(Release release, Optional<FirmwareImage> firmware, Staging staging) throws IOException {
        checkOpen();
        updates.commit(version(), release, firmware, staging);
    }

    /**
     * Brings back the version before, files and firmware, as a change that is made whole or not at all. There is one step
     * back: afterwards there is no way back until the next update. A release that is on trial is rejected and blocked by
     * it; another one may be installed again.
     *
     * @throws NoWayBackException if there is no version to go back to, or not all of it is left; nothing was changed
     * @throws MissingStoreException if a card, or the like, that is needed for it is not there; nothing was changed
     * @throws UpdateUndoneException if something failed and was undone: what was installed still is
     * @throws RollbackFailedException if neither is possible now; the next {@link #open} tries again
     * @throws IllegalStateException if a transaction is not over yet, or the installation is closed
     */
    public void rollBack() throws IOException {
        rollBack(Optional.empty(), AfterRollback.ALLOW_AGAIN);
    }

    /** Like {@link #rollBack()}; {@code reason} is kept for the {@linkplain #unreported report}. */
    public void rollBack(String reason) throws IOException {
        rollBack(Optional.of(reason), AfterRollback.ALLOW_AGAIN);
    }

    /** Like {@link #rollBack(String)}; {@code after} says whether the release that goes may come again. */
    public void rollBack(String reason, AfterRollback after) throws IOException {
        rollBack(Optional.of(reason), after);
    }

    private void rollBack(Optional<String> reason, AfterRollback after) throws IOException {
        checkNothingIsGoingOn();
        log.add("roll-back-asked", "reason", reason.orElse(""));
        trials.rollBack(reason, after);
    }

    /**
     * Counts a start of what is installed, to be called before it is started, by something that no update replaces. The
     * count is on the disk on return. If a release that is on trial has no start left, the version before is brought back
     * instead. So it is if the start cannot be counted. Each start is counted once: an application that the guard starts does
     * not call this itself, or a good release would be taken back after half its starts.
     *
     * @return what is started now
     * @throws RollbackFailedException if the version before can neither be brought back nor left alone now; the next
     *     {@link #open} tries again
     */
    public Start countStart() throws IOException {
        checkNothingIsGoingOn();
        return trials.countStart();
    }

    /** Gives back the start that was counted last: it ended because somebody wanted it to. Nothing without a trial. */
    public void giveStartBack() throws IOException {
        checkNothingIsGoingOn();
        trials.giveStartBack();
    }

    /**
     * Takes off the running time of a trial what has passed since this was called last. If nothing is left of it, the
     * release is rejected. Nothing without a trial.
     */
    public void countRunningTime(Duration time) throws IOException {
        if (time.isNegative()) {
            throw new IllegalArgumentException("no time that has passed: " + time);
        }
        checkNothingIsGoingOn();
        trials.countRunningTime(time);
    }

    /**
     * Notes that {@code release} was found healthy in this start, and confirms it if that was the last start in which it
     * had to be. To be called once a start.
     *
     * @return whether it is confirmed
     * @throws NotOnTrialException if another release is installed, or it was rejected
     */
    public boolean countHealthyStart(LooseVersion release) throws IOException {
        checkNothingIsGoingOn();
        return trials.countHealthyStart(release);
    }

    /**
     * Ends the trial of {@code release}: it stays. One that has passed its trial stays as it is. The way back stays open.
     *
     * @throws NotOnTrialException if another release is installed, or it was rejected
     */
    public void confirm(LooseVersion release) throws IOException {
        checkNothingIsGoingOn();
        trials.confirm(release);
    }

    /**
     * Refuses {@code release}, which is on trial: the version before comes back with the next {@link #open} or
     * {@link #countStart}, and the release is blocked. Nothing else is changed now, since it is running.
     *
     * @throws NotOnTrialException if it has passed its trial, or another release is installed
     */
    public void reject(LooseVersion release, String reason) throws IOException {
        checkNothingIsGoingOn();
        trials.reject(release, reason);
    }

    /** Lets a release that failed here come again; whether it was blocked. */
    public boolean unblock(LooseVersion release) throws IOException {
        checkNothingIsGoingOn();
        return trials.unblock(release);
    }

    /** How the last change ended, until somebody was {@linkplain #reported told}. */
    public Optional<Report> unreported() throws IOException {
        return trials.unreported();
    }

    /** Notes that whoever wants to know of {@code report} was told. One that is not the last is passed over. */
    public void reported(Report report) throws IOException {
        checkNothingIsGoingOn();
        trials.reported(report);
    }

    private void checkNothingIsGoingOn() throws IOException {
        checkOpen();
        if (running.isPresent()) {
            throw new IllegalStateException("a transaction is not over yet");
        }
        journal.checkNothingIsUnfinished();
    }

    /**
     * Has the {@linkplain UpdateHook#beforeRestart hooks} prepare for a restart into what is installed now, and then the {@link
     * RestartHook} restart, if there is one; it need not return. To be called when an update, a rollback or a rejection has been
     * reported to whoever has to know of it.
     *
     * @throws HookVetoException if a hook puts the restart off; what is installed stays so, and this may be called again
     * @throws RollbackFailedException if a change has to be brought to its end first
     * @throws IOException if the restart hook fails
     * @throws IllegalStateException if a transaction is not over yet, or the installation is closed
     */
    public void restart() throws IOException {
        checkNothingIsGoingOn();
        Change change = lastChange(state.readState());
        new Hooks(options.hooks(), tree, log).beforeRestart(change);
        if (options.restartHook().isPresent()) {
            log.add("restart", "to", Journal.text(change.to()));
            options.restartHook().get().restart(change);
        }
    }

    /** Into a release that is rejected there is no restart, but into the one before, which the restart brings back. */
    private Change lastChange(State now) throws IOException {
        if (now.trial().isPresent() && now.trial().get().isRejected()) {
            return new Change(files(), now.version(), now.previous());
        }
        boolean back = now.report().outcome() == Outcome.ROLLED_BACK;
        return new Change(files(), back ? now.report().release() : now.previous(), version());
    }

    /** Whoever changes the tree holds the lock. */
    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the installation is closed");
        }
        if (access == Access.READ) {
            throw new IllegalStateException("the installation is open to be read only");
        }
    }

    /** Lets other updaters in; a transaction that is not over yet can no longer be committed. */
    @Override
    public void close() throws IOException {
        closed = true;
        lock.close();
    }
}
