package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a device below one root, and the only way to change them. Opening it brings to an end what an earlier run
 * left unfinished, and keeps every other updater out until it is closed.
 *
 * <p>After a cut at any instant the tree is exactly the old release or exactly the new one, as soon as the installation has
 * been opened again; until then it may be a mixture. All that is needed for that lies in the folder {@code .ota} below
 * the root. Not safe for use by several threads.
 */
public final class Installation implements Closeable {
    private static final long LOCK_RETRY_MILLIS = 50;

    /** Room for what an update needs besides its files: plan, states, folders. */
    private static final long RESERVE_BYTES = 1 << 20;

    private final Tree tree;
    private final Disk disk;
    private final StateFolder state;
    private final InstallationOptions options;
    private final EventLog log;
    private final Journal journal;
    private final Ids ids;
    private final Closeable lock;
    private final Recovery recovery;
    private Optional<UpdateTransaction> running = Optional.empty();
    private boolean closed;

    private Installation(Tree tree, InstallationOptions options, Environment environment, Closeable lock)
            throws IOException {
        this.tree = tree;
        this.disk = tree.disk();
        this.state = StateFolder.below(disk, tree.root());
        this.options = options;
        this.log = new EventLog(state, environment.clock());
        this.ids = environment.ids();
        this.journal = new Journal(tree, state, options, ids, log);
        this.lock = lock;
        Recovery recovered = journal.recover();
        boolean isNew = !disk.port().status(state.state()).isFile();
        this.recovery = isNew && restoreWhatPycomsClientCut() > 0 ? Recovery.RESTORED : recovered;
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
        Closeable lock = lock(state, options.lockPatience(), environment);
        try {
            state.checkOwnerIsThatOf(state.lockOwner());
            return new Installation(new Tree(disk, root), options, environment, lock);
        } catch (Throwable e) {
            lock.close();
            throw e;
        }
    }

    private static Closeable lock(StateFolder state, Duration patience, Environment environment) throws IOException {
        long attempts = patience.toMillis() / LOCK_RETRY_MILLIS;
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

    /** What is known about the installation at {@code root}, without locking it: another updater may be at work. */
    public static InstallationStatus statusOf(Path root) throws IOException {
        Disk disk = new Disk(Environment.real().port());
        return StatusReader.read(new Tree(disk, root.toRealPath()), VersionFile.DEFAULT);
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
        return layout() instanceof Layout.Slots ? tree.root().resolve(Slots.CURRENT.value()) : tree.root();
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
        return StatusReader.version(installed(), state, options.versionFile());
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
        Tree files = installed();
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
     * @throws ConflictException if something on the device is in the way
     * @throws FirmwareNotSupportedException if there is firmware and no writer for it
     * @throws InsufficientSpaceException if it is known that there is no room
     * @throws IllegalStateException if another transaction is not over yet, or the installation is closed
     */
    public UpdateTransaction begin(Manifest manifest) throws IOException {
        checkOpen();
        if (running.isPresent()) {
            throw new IllegalStateException("another transaction is not over yet");
        }
        journal.checkNothingIsUnfinished();
        Optional<FirmwareImage> firmware =
                manifest.firmware().filter(image -> options.firmware().isPresent());
        if (manifest.firmware().isPresent()
                && firmware.isEmpty()
                && options.unsupportedFirmware() == InstallationOptions.UnsupportedFirmware.REFUSE) {
            throw FirmwareNotSupportedException.toInstall(manifest.version());
        }
        Placement placement = placement();
        if (layout() instanceof Layout.InPlace) {
            new LegacyLeftovers(tree, log).restoreNamedBy(manifest);
        }
        Tree files = placement.files();
        Release release = Release.of(manifest, files, state.readInstalled(), options);
        Placement.Needs needs = placement.check(release);
        Stores stores = Stores.at(tree, needs.mounts());

        Staging staging = new Staging(disk, options.executor());
        for (StateFolder store : stores.all()) {
            staging.prepare(store);
        }
        for (Map.Entry<TargetFile, DevicePath> missing : release.missing().entrySet()) {
            DevicePath place = missing.getValue();
            staging.expect(missing.getKey(), stores.of(place), Release.attributesAt(place, files));
        }
        if (firmware.isPresent()) {
            staging.expect(firmware.get(), state, Attributes.NONE);
        }
        for (StateFolder store : stores.all()) {
            staging.removeOthers(store);
        }
        checkSpace(release, firmware, needs, stores, staging);
        UpdateTransaction transaction = new UpdateTransaction(this, manifest, placement, release, firmware, staging);
        running = Optional.of(transaction);
        return transaction;
    }

    /** Where this installation has its files, or is to have them from the next update on. */
    private Placement placement() throws IOException {
        Layout now = layout();
        Layout next = options.layout().orElse(now);
        if (next instanceof Layout.Slots wanted) {
            return new SlotPlacement(wanted, tree, installed(), new Slots(tree), options::isWrittenInPlace, ids);
        }
        if (now instanceof Layout.Slots) {
            throw new ConflictException(
                    Slots.CURRENT.value(),
                    "an update does not lead from slots to files in place: leave the layout out of the options, or copy what this leads to into another root and open that");
        }
        return new InPlace(tree);
    }

    private Tree installed() throws IOException {
        return new Slots(tree).files();
    }

    private void checkSpace(
            Release release, Optional<FirmwareImage> firmware, Placement.Needs needs, Stores stores, Staging staging)
            throws IOException {
        Map<StateFolder, Long> required = new HashMap<>();
        release.missing()
                .forEach((target, place) -> required.merge(stores.of(place), staging.stillToCome(target), Long::sum));
        firmware.ifPresent(image -> required.merge(state, staging.stillToCome(image), Long::sum));
        required.merge(state, RESERVE_BYTES + needs.bytes(), Long::sum);
        for (Map.Entry<StateFolder, Long> entry : required.entrySet()) {
            long usable = disk.port().usableSpace(entry.getKey().mount());
            if (usable < entry.getValue()) {
                throw new InsufficientSpaceException(
                        "no room for the update below " + entry.getKey().mount(), entry.getValue(), usable);
            }
        }
    }

    void transactionIsOver() {
        running = Optional.empty();
    }

    void commit(Placement placement, Release release, Optional<FirmwareImage> firmware, Staging staging)
            throws IOException {
        checkOpen();
        staging.force();
        Tree before = placement.files();
        Map<DevicePath, Entry.File> files = new HashMap<>();
        Map<DevicePath, Draft.Source> sources = new HashMap<>();
        release.missing().forEach((target, place) -> {
            Staging.Staged staged = staging.staged(target).orElseThrow();
            files.put(place, fileEntry(staged));
            sources.put(place, download(staged.part()));
        });
        for (Map.Entry<DevicePath, Entry.File> present : release.present().entrySet()) {
            if (!before.entry(present.getKey()).equals(present.getValue())) {
                throw new ConflictException(present.getKey().value(), "it was changed while the update was prepared");
            }
        }
        if (release.versionFile().isPresent()) {
            DevicePath path = release.versionFile().get();
            byte[] content = VersionFile.content(release.version());
            Attributes attributes = Release.attributesAt(path, before);
            String sha256 = Digest.ofContent(Digest.Algorithm.SHA256, content).hex();
            files.put(path, new Entry.File(sha256, content.length, attributes.mode()));
            sources.put(path, place -> disk.write(place, content, attributes));
        }
        SortedMap<DevicePath, Planner.Wanted> wanted = release.wanted(files);
        Placement.Change change = placement.change(wanted, sources, release.versionFile());

        Optional<Step> activate = Optional.empty();
        Optional<Draft.Source> source = Optional.empty();
        if (firmware.isPresent()) {
            Staging.Staged image = staging.staged(firmware.get()).orElseThrow();
            activate = Optional.of(writeFirmware(image, change.staged().size()));
            source = Optional.of(download(image.part()));
        }
        Map<DevicePath, Entry.File> installed =
                new HashMap<>(state.readInstalled().files());
        release.removed().forEach(installed::remove);
        installed.putAll(release.present());
        installed.putAll(files);
        Optional<LooseVersion> from = version();
        journal.commit(new Draft(
                from,
                Optional.of(release.version()),
                change.steps(),
                activate,
                source,
                change.staged(),
                new InstalledFiles(new TreeMap<>(installed)),
                Outcome.UPDATED,
                (now, id) -> State.updated(from, release.version(), id, placement.layout())));
    }

    private Draft.Source download(Path part) {
        return new Draft.Source() {
            @Override
            public void bring(Path place) throws IOException {
                disk.port().move(part, place);
            }

            @Override
            public void takeBack(Path place) throws IOException {
                disk.port().move(place, part);
            }
        };
    }

    private static Entry.File fileEntry(Staging.Staged staged) {
        return new Entry.File(
                staged.sha256().hex(), staged.size(), staged.attributes().mode());
    }

    /** Writes the image to the slot that does not run, which is where the firmware of the version before is. */
    private Step writeFirmware(Staging.Staged image, int number) throws IOException {
        FirmwareWriter writer = options.firmware().orElseThrow();
        State now = state.readState();
        if (now.wayBack().isPresent() && now.previousFirmware() == State.PreviousFirmware.INTACT) {
            disk.writeAtomically(
                    state.state(),
                    now.withPreviousFirmware(State.PreviousFirmware.LOST).toBytes());
        }
        Entry before = writer.active().<Entry>map(Entry.Slot::new).orElse(Entry.ABSENT);
        FirmwareSlot slot = writer.write(image.part(), image.sha256());
        if (!slot.sha256().equals(Optional.of(image.sha256()))) {
            throw new IOException("the firmware writer wrote another image than the one it was given");
        }
        return new Step(
                Step.Kind.ACTIVATE,
                Optional.empty(),
                before,
                new Entry.Slot(slot),
                OptionalInt.of(number),
                OptionalInt.empty());
    }

    /**
     * Brings back the version before, files and firmware, as a change that is made whole or not at all. There is one step
     * back: afterwards there is no way back until the next update.
     *
     * @throws NoWayBackException if there is no version to go back to, or not all of it is left; nothing was changed
     * @throws UpdateUndoneException if something failed and was undone: what was installed still is
     * @throws RollbackFailedException if neither is possible now; the next {@link #open} tries again
     * @throws IllegalStateException if a transaction is not over yet, or the installation is closed
     */
    public void rollBack() throws IOException {
        checkOpen();
        if (running.isPresent()) {
            throw new IllegalStateException("a transaction is not over yet");
        }
        journal.checkNothingIsUnfinished();
        journal.commit(new Rollback(tree, state, options).draft());
    }

    /** Like {@link #rollBack()}, after {@code reason} was written down among the {@linkplain #events events}. */
    public void rollBack(String reason) throws IOException {
        checkOpen();
        log.add("roll-back-asked", "reason", reason);
        rollBack();
    }

    /** Whoever changes the tree holds the lock. */
    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the installation is closed");
        }
    }

    /** Lets other updaters in; a transaction that is not over yet can no longer be committed. */
    @Override
    public void close() throws IOException {
        closed = true;
        lock.close();
    }
}
