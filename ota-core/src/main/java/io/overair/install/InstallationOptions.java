package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** How an installation is to behave. Immutable: each {@code with} method returns another one. */
public final class InstallationOptions {

    /** What becomes of firmware that is offered to a device without a {@link FirmwareWriter}. */
    public enum UnsupportedFirmware {
        /** The release is refused with a {@link FirmwareNotSupportedException}. */
        REFUSE,
        /** The files of the release are installed, its firmware is not. */
        SKIP
    }

    /** Where the version is written for the Pycom client to read. */
    enum VersionFileRule {
        /** {@code flash/OTA_VERSION.py} where there is a folder {@code flash} before or after the update. */
        IN_FLASH,
        GIVEN,
        NONE
    }

    private static final Pattern HOOK_NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private static final InstallationOptions DEFAULTS = new InstallationOptions();

    private Optional<FirmwareWriter> firmware = Optional.empty();
    private UnsupportedFirmware unsupportedFirmware = UnsupportedFirmware.REFUSE;
    private VersionFileRule versionFileRule = VersionFileRule.IN_FLASH;
    private DevicePath versionFile = VersionFile.DEFAULT;
    private Function<DevicePath, LocalChanges> localChanges = path -> LocalChanges.REPLACE;
    private Predicate<DevicePath> writtenInPlace = path -> false;
    private Optional<Layout> layout = Optional.empty();
    private Set<DevicePath> replacedStores = Set.of();
    private Executor executor = Runnable::run;
    private Duration lockPatience = Duration.ofSeconds(5);
    private Optional<Trial> trial = Optional.empty();
    private long freeSpaceFloor = 1 << 20;
    private List<UpdateHook> hooks = List.of();
    private Optional<RestartHook> restartHook = Optional.empty();

    private InstallationOptions() {}

    private InstallationOptions(InstallationOptions other) {
        firmware = other.firmware;
        unsupportedFirmware = other.unsupportedFirmware;
        versionFileRule = other.versionFileRule;
        versionFile = other.versionFile;
        localChanges = other.localChanges;
        writtenInPlace = other.writtenInPlace;
        layout = other.layout;
        replacedStores = other.replacedStores;
        executor = other.executor;
        lockPatience = other.lockPatience;
        trial = other.trial;
        freeSpaceFloor = other.freeSpaceFloor;
        hooks = other.hooks;
        restartHook = other.restartHook;
    }

    /**
     * No firmware, which is refused if it is offered; the version in {@code flash/OTA_VERSION.py} if there is a folder
     * {@code flash}; files changed on the device are replaced; they lie as they have lain on this device until now, at first in
     * place; everything is done by the calling thread.
     */
    public static InstallationOptions defaults() {
        return DEFAULTS;
    }

    /** Firmware is written by {@code writer}. */
    public InstallationOptions withFirmware(FirmwareWriter writer) {
        InstallationOptions copy = new InstallationOptions(this);
        copy.firmware = Optional.of(writer);
        return copy;
    }

    /** These for the installation with this state folder, which notes in {@code log} what is wrong with them. */
    InstallationOptions at(StateFolder state, EventLog log) {
        InstallationOptions copy = new InstallationOptions(this);
        if (firmware.isPresent()) {
            try {
                copy.firmware = Optional.of(CarefulWriter.of(firmware.get(), state.firmware()));
            } catch (IOException e) {
                log.add("firmware-writer-failed", "cause", String.valueOf(e.getMessage()));
                copy.firmware = Optional.empty();
                // To skip what there should be a writer for is not what was meant.
                copy.unsupportedFirmware = UnsupportedFirmware.REFUSE;
            }
        }
        copy.hooks = hooks.stream()
                .map(hook -> hook instanceof CommandHook command ? command.printingTo(state.hookOutputs()) : hook)
                .toList();
        return copy;
    }

    /** What becomes of firmware while there is no writer for it. */
    public InstallationOptions withUnsupportedFirmware(UnsupportedFirmware policy) {
        InstallationOptions copy = new InstallationOptions(this);
        copy.unsupportedFirmware = policy;
        return copy;
    }

    /** The version is written to {@code path}, as a line of Python that the Pycom client imports. */
    public InstallationOptions withVersionFile(DevicePath path) {
        InstallationOptions copy = new InstallationOptions(this);
        copy.versionFileRule = VersionFileRule.GIVEN;
        copy.versionFile = path;
        return copy;
    }

    /** The version is written nowhere but into the state folder. */
    public InstallationOptions withoutVersionFile() {
        InstallationOptions copy = new InstallationOptions(this);
        copy.versionFileRule = VersionFileRule.NONE;
        return copy;
    }

    /** What becomes of each file that was changed since it was installed. */
    public InstallationOptions withLocalChanges(Function<DevicePath, LocalChanges> policy) {
        InstallationOptions copy = new InstallationOptions(this);
        copy.localChanges = policy;
        return copy;
    }

    /**
     * Which files a program of the device changes without replacing them. Their backups are copies: a second name of the
     * same file, which costs nothing and is what other files get, would change with it.
     *
     * <p>What {@code paths} throws ends an update before its commit point. A rollback counts the file as one of these then.
     */
    public InstallationOptions withWrittenInPlace(Predicate<DevicePath> paths) {
        InstallationOptions copy = new InstallationOptions(this);
        copy.writtenInPlace = paths;
        return copy;
    }

    /**
     * Where the files of a release lie. An installation in place that is given slots has them from its next update on; from
     * slots no update leads back to files in place.
     */
    public InstallationOptions withLayout(Layout other) {
        InstallationOptions copy = new InstallationOptions(this);
        copy.layout = Optional.of(other);
        return copy;
    }

    /**
     * The card or other file store that was mounted at {@code mount}, a folder of the tree, is gone for good, or one was mounted
     * there since files were installed and is to stay: updates take what is there now, another one or none, where they would
     * otherwise end with a {@link MissingStoreException}. Files that the update does not bring do not come back by that;
     * {@link Installation#verify} names them.
     *
     * <p>The way back to what was on it is gone with it: a rollback, also that of a release that was rejected, leaves what is
     * there now as it is, which is noted in the {@linkplain Installation#events events}, and the files are no longer listed as
     * installed there. An update that was cut, and needs it to be brought to its end, is undone without it by {@link
     * Installation#open}, or finished without it if it has made firmware active from which there is no way back.
     *
     * <p>For a folder where none belongs it says nothing; {@link InstallationStatus#stores} names those where one does.
     */
    public InstallationOptions withReplacedStore(DevicePath mount) {
        InstallationOptions copy = new InstallationOptions(this);
        Set<DevicePath> more = new HashSet<>(replacedStores);
        more.add(mount);
        copy.replacedStores = Set.copyOf(more);
        return copy;
    }

    /**
     * Files are forced to the disk by {@code executor}, while the next ones are fetched. It may run several at once; what it
     * has not begun when the update needs it is done by the thread that updates, so that may be one of its own.
     */
    public InstallationOptions withExecutor(Executor other) {
        InstallationOptions copy = new InstallationOptions(this);
        copy.executor = other;
        return copy;
    }

    /**
     * How long {@link Installation#open} waits for another updater to end: some time is needed, since a process that was
     * killed keeps its lock until the last of its threads is gone.
     *
     * @param patience zero for not at all
     */
    public InstallationOptions withLockPatience(Duration patience) {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("no patience: " + patience);
        }
        InstallationOptions copy = new InstallationOptions(this);
        copy.lockPatience = patience;
        return copy;
    }

    /**
     * Each release that is installed is on trial until it is {@linkplain Installation#confirm confirmed}: if it is not, the
     * version before comes back. Something that an update does not replace has to {@linkplain Installation#countStart count
     * its starts}.
     */
    public InstallationOptions withTrial(Trial terms) {
        InstallationOptions copy = new InstallationOptions(this);
        copy.trial = Optional.of(terms);
        return copy;
    }

    /** On what terms a release is on trial, if it is. */
    public Optional<Trial> trial() {
        return trial;
    }

    /**
     * How many bytes an update leaves free on each file store, for the programs of the device: 1 MiB unless told otherwise. An
     * update that would leave less is refused or, if that shows while it is fetched, ends with an {@link
     * InsufficientSpaceException} and gives back the room that its downloads took. What a manifest does not tell the size
     * of, and copies of it, are counted when it is here, before anything is changed.
     */
    public InstallationOptions withFreeSpaceFloor(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a floor of " + bytes + " bytes");
        }
        InstallationOptions copy = new InstallationOptions(this);
        copy.freeSpaceFloor = bytes;
        return copy;
    }

    /**
     * {@code hook} takes part in updates, after those added before; it is undone before them. {@link Installation#open} calls
     * it, too, where an update was cut.
     *
     * @throws IllegalArgumentException if it has no proper name, the name of another one, or no time
     */
    public InstallationOptions withHook(UpdateHook hook) {
        if (!HOOK_NAME.matcher(hook.name()).matches()) {
            throw new IllegalArgumentException("no name for a hook: " + hook.name());
        }
        if (hooks.stream().anyMatch(other -> other.name().equals(hook.name()))) {
            throw new IllegalArgumentException("two hooks have the name " + hook.name());
        }
        if (hook.limit().isNegative() || hook.limit().isZero()) {
            throw new IllegalArgumentException("no time for the hook " + hook.name());
        }
        InstallationOptions copy = new InstallationOptions(this);
        List<UpdateHook> more = new ArrayList<>(hooks);
        more.add(hook);
        copy.hooks = List.copyOf(more);
        return copy;
    }

    /** {@link Installation#restart} has {@code hook} restart; without one, restarting is up to the caller. */
    public InstallationOptions withRestartHook(RestartHook hook) {
        InstallationOptions copy = new InstallationOptions(this);
        copy.restartHook = Optional.of(hook);
        return copy;
    }

    /** What writes firmware. */
    public Optional<FirmwareWriter> firmware() {
        return firmware;
    }

    /** What becomes of firmware while there is no writer for it. */
    public UnsupportedFirmware unsupportedFirmware() {
        return unsupportedFirmware;
    }

    /** What takes part in updates, in the order in which it is called. */
    public List<UpdateHook> hooks() {
        return hooks;
    }

    /** What restarts. */
    public Optional<RestartHook> restartHook() {
        return restartHook;
    }

    VersionFileRule versionFileRule() {
        return versionFileRule;
    }

    DevicePath versionFile() {
        return versionFile;
    }

    LocalChanges localChanges(DevicePath path) {
        return localChanges.apply(path);
    }

    boolean isWrittenInPlace(DevicePath path) {
        return writtenInPlace.test(path);
    }

    /** For the rescue, which nothing may stop: a copy is right in any case. */
    boolean mayBeWrittenInPlace(DevicePath path) {
        try {
            return writtenInPlace.test(path);
        } catch (RuntimeException | LinkageError | AssertionError notKnown) {
            return true;
        }
    }

    /** Where the files of a release are to lie; empty for where they have lain until now. */
    Optional<Layout> layout() {
        return layout;
    }

    Set<DevicePath> replacedStores() {
        return replacedStores;
    }

    Executor executor() {
        return executor;
    }

    long freeSpaceFloor() {
        return freeSpaceFloor;
    }

    Duration lockPatience() {
        return lockPatience;
    }
}
