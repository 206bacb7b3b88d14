package io.overair.install;

import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.offer;

import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A device to which {@link TrialEvent}s happen, on a {@link CrashDisk}. Between two openings one program has it open; each
 * event may be the one in which that program ends.
 */
final class TriedDevice {
    /** How a program ends. */
    enum End {
        KILLED,
        POWER_LOST
    }

    /**
     * The end of the program before its {@code changes}-th change of the disk, or after the event if it makes fewer.
     *
     * @param choice which of all that a power cut may leave, modulo their number
     */
    record Cut(End end, int changes, int choice) {
        @Override
        public String toString() {
            String before = " before change " + changes;
            return end == End.KILLED ? "killed" + before : "power lost" + before + " in way " + choice;
        }
    }

    static final int RELEASES = 4;

    private static final List<Manifest> OFFERS =
            IntStream.rangeClosed(0, RELEASES).mapToObj(TriedDevice::manifest).toList();
    private static final Device SETTLED = Device.plain();
    private static final Device TRYING = new Device(port -> InstallationOptions.defaults()
            .withTrial(Trial.of(TrialModel.STARTS, Duration.ofMinutes(TrialModel.MINUTES))
                    .withHealthyStarts(TrialModel.HEALTHY_STARTS)));

    /** Odd releases bring a file that even ones remove. */
    private static Manifest manifest(int release) {
        Device.Offer offer = offer(String.valueOf(release)).file("main", "release " + release);
        return (release % 2 == 0 ? offer.without("odd") : offer.file("odd", "odd")).manifest();
    }

    private CrashDisk disk = new CrashDisk().with(ROOT, Map.of());
    private Wire wire = new Wire(disk);
    private Device opened = SETTLED;
    private Installation installation;
    private Optional<UpdateTransaction> begun = Optional.empty();
    private int runs;

    TriedDevice() {
        try {
            installation = open(SETTLED);
        } catch (IOException e) {
            throw new IllegalStateException("a new disk that fails", e);
        }
    }

    private Installation open(Device device) throws IOException {
        opened = device;
        return device.open(wire, "r" + runs++ + "x");
    }

    /** What is answered, in the words of {@link TrialModel}. */
    String on(TrialEvent event) throws IOException {
        try {
            return act(event);
        } catch (InTrialException e) {
            return TrialModel.IN_TRIAL;
        } catch (BlockedReleaseException e) {
            return TrialModel.BLOCKED;
        } catch (NotOnTrialException e) {
            return TrialModel.NOT_ON_TRIAL;
        } catch (NoWayBackException e) {
            return TrialModel.NO_WAY_BACK;
        } catch (RollbackFailedException e) {
            return TrialModel.STUCK;
        } catch (IllegalStateException e) {
            return TrialModel.BUSY;
        }
    }

    /** The event, the end of the program in it, and the next start. */
    void cutIn(TrialEvent event, Cut cut) throws IOException {
        wire.cutBefore(cut.changes());
        try {
            on(event);
        } catch (PowerCut | IOException end) {
            // In forces that are collected, the one becomes the cause of the other.
            if (!wire.hasCut()) {
                throw end;
            }
        }
        disk = cut.end() == End.KILLED ? disk.afterKill() : afterPowerLoss(cut.choice());
        wire = new Wire(disk);
        installation = open(SETTLED);
    }

    private CrashDisk afterPowerLoss(int choice) {
        List<PowerLoss> losses = disk.powerLosses();
        return disk.after(losses.get(choice % losses.size()));
    }

    private String act(TrialEvent event) throws IOException {
        LooseVersion release = LooseVersion.parse(String.valueOf(event.release()));
        switch (event.kind()) {
            case UPDATE -> Device.install(openedFor(SETTLED), offered(event));
            case TRY -> Device.install(openedFor(TRYING), offered(event));
            case BEGIN -> installation.begin(offered(event)).close();
            case CONFIRM -> installation.confirm(release);
            case REJECT -> installation.reject(release, "bad");
            case ROLL_BACK -> installation.rollBack();
            case ROLL_BACK_AND_BLOCK -> installation.rollBack("odd", AfterRollback.BLOCK);
            case START -> {
                return installation.countStart().name();
            }
            case GIVE_START_BACK -> installation.giveStartBack();
            case RUN_4_MINUTES -> installation.countRunningTime(Duration.ofMinutes(4));
            case RUN_10_MINUTES -> installation.countRunningTime(Duration.ofMinutes(10));
            case HEALTHY_START -> {
                return String.valueOf(installation.countHealthyStart(release));
            }
            case UNBLOCK -> {
                return String.valueOf(installation.unblock(release));
            }
            case TOLD -> installation.reported(state().report());
            case TOLD_OF_ANOTHER -> installation.reported(Report.of(Outcome.UNDONE, Optional.empty()));
            case OPEN -> {
                begun = Optional.empty();
                installation.close();
                wire.mend();
                installation = open(SETTLED);
            }
            case LOSE_BACKUPS -> loseBackups();
            case BREAK -> {
                Installation breaking = openedFor(SETTLED);
                wire.breakAfterCommit();
                try {
                    Device.install(breaking, offered(event));
                } finally {
                    wire.isSafeAgain();
                }
            }
        }
        return TrialModel.DONE;
    }

    private static Manifest offered(TrialEvent event) {
        return OFFERS.get(event.release());
    }

    /** Whether there is a trial is an option of the program: another program goes on, unless it would be refused. */
    private Installation openedFor(Device device) throws IOException {
        boolean idle = begun.isEmpty() && !wire.isBroken() && state().trial().isEmpty();
        if (idle && opened != device) {
            installation.close();
            installation = open(device);
        }
        return installation;
    }

    private void loseBackups() throws IOException {
        Optional<String> wayBack = state().wayBack();
        if (wayBack.isPresent() && !wire.isBroken()) {
            TransactionFolder folder = folder().transaction(wayBack.get());
            new Disk(disk).removeFile(folder.done());
            disk.forceFolder(folder.path());
        }
    }

    /** Begins an update and leaves it at that. */
    void begin(int release) throws IOException {
        begun = Optional.of(installation.begin(OFFERS.get(release)));
    }

    /** Whether there is a change that is neither made nor undone. */
    boolean isStuck() throws IOException {
        return StatusReader.read(new Tree(new Disk(disk), ROOT), VersionFile.DEFAULT)
                        .phase()
                == InstallationStatus.Phase.STUCK;
    }

    private StateFolder folder() {
        return StateFolder.below(new Disk(disk), ROOT);
    }

    private State state() throws IOException {
        return folder().readState();
    }

    /** What the state folder says, in the words of the model. */
    TrialModel.Known known() throws IOException {
        State state = state();
        Report report = state.report();
        TreeSet<Integer> blocked = new TreeSet<>();
        state.blocked().forEach(release -> blocked.add(number(Optional.of(release))));
        return new TrialModel.Known(
                number(state.version()),
                number(state.previous()),
                state.wayBack().isPresent() ? TrialModel.WayBack.OPEN : TrialModel.WayBack.NONE,
                new TrialModel.Last(
                        report.outcome(),
                        number(report.release()),
                        report.reason().orElse(""),
                        state.reporting() == State.Reporting.DUE ? TrialModel.Told.NO : TrialModel.Told.YES),
                state.trial()
                        .map(trial -> new TrialModel.Trying(
                                trial.startsLeft(),
                                (int) trial.remaining().toMinutes(),
                                trial.healthyStarts(),
                                trial.rejection().orElse(""))),
                blocked);
    }

    private static int number(Optional<LooseVersion> release) {
        return release.map(version -> Integer.parseInt(version.toString())).orElse(0);
    }

    /** What the files say is installed; the name of what is odd about them if they are those of no release. */
    String installed() throws IOException {
        Path main = ROOT.resolve("main");
        boolean odd = disk.status(ROOT.resolve("odd")).isFile();
        if (!disk.status(main).isFile()) {
            return odd ? "main is missing" : "release 0";
        }
        String text = disk.text(main);
        boolean odds = (text.charAt(text.length() - 1) - '0') % 2 == 1;
        return odds == odd ? text : text + (odd ? " with" : " without") + " the file of odd ones";
    }

    /** The way to the disk, which can be cut and can break. */
    private static final class Wire extends InterceptingPort {
        private enum Health {
            GOOD,
            BREAKING,
            COMMITTING,
            BROKEN
        }

        private int changesLeft = Integer.MAX_VALUE;
        private Health health = Health.GOOD;

        Wire(FilePort port) {
            super(port);
        }

        void cutBefore(int changes) {
            changesLeft = changes;
        }

        boolean hasCut() {
            return changesLeft <= 0;
        }

        /** What is wrong can still be written down. */
        void breakAfterCommit() {
            health = health == Health.GOOD ? Health.BREAKING : health;
        }

        /** If there was no commit, nothing breaks. */
        void isSafeAgain() {
            health = health == Health.BROKEN ? Health.BROKEN : Health.GOOD;
        }

        boolean isBroken() {
            return health == Health.BROKEN;
        }

        void mend() {
            health = Health.GOOD;
        }

        @Override
        void around(Operation operation, Call call) throws IOException {
            if (operation.changes() && --changesLeft <= 0) {
                throw new PowerCut("cut before " + operation);
            }
            if (health == Health.BROKEN
                    && operation.changes()
                    && !operation.path().endsWith("stuck")) {
                throw Fault.EIO.exception(operation.path());
            }
            call.run();
            if (health == Health.BREAKING && operation.to().filter(Wire::isPlan).isPresent()) {
                health = Health.COMMITTING;
            } else if (health == Health.COMMITTING && operation.kind() == Operation.Kind.FORCE_FOLDER) {
                health = Health.BROKEN;
            }
        }

        private static boolean isPlan(Path path) {
            return path.getFileName().toString().equals("plan");
        }
    }
}
