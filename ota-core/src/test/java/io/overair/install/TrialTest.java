package io.overair.install;

import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.offer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.overair.version.LooseVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise 5: a release that does not confirm its health is undone by itself, and not tried again. */
class TrialTest {
    private static final LooseVersion ONE = LooseVersion.parse("1");
    private static final LooseVersion TWO = LooseVersion.parse("2");
    private static final LooseVersion THREE = LooseVersion.parse("3");
    private static final Device SETTLED = Device.plain();
    private static final Device TRYING =
            new Device(port -> InstallationOptions.defaults().withTrial(Trial.of(2, Duration.ofMinutes(10))));

    private final CrashDisk disk = new CrashDisk().with(ROOT, Map.of());
    private int runs;

    @BeforeEach
    void aDeviceWithTwoOnTrial() throws IOException {
        update(SETTLED, ONE);
        update(TRYING, TWO);
    }

    private void update(Device device, LooseVersion release) throws IOException {
        device.update(
                        run(),
                        offer(release.toString())
                                .file("main", "release " + release)
                                .manifest())
                .on(disk);
    }

    private String run() {
        return "r" + runs++ + "x";
    }

    private Installation open() throws IOException {
        return SETTLED.open(disk, run());
    }

    private interface Act {
        void on(Installation installation) throws IOException;
    }

    private void act(Act act) throws IOException {
        try (Installation installation = open()) {
            act.on(installation);
        }
    }

    private Start start() throws IOException {
        try (Installation installation = open()) {
            return installation.countStart();
        }
    }

    private InstallationStatus status() throws IOException {
        try (Installation installation = open()) {
            return installation.status();
        }
    }

    private String main() throws IOException {
        return disk.text(ROOT.resolve("main"));
    }

    private boolean holdsReserve() {
        return disk.status(ROOT.resolve(".ota/reserve")).isFile();
    }

    @Test
    void withoutOneSuccessIsFinal() throws IOException {
        act(installation -> installation.confirm(TWO));
        update(SETTLED, THREE);

        assertThat(status().trial()).isEmpty();
        assertThat(start()).isEqualTo(Start.SETTLED);
        assertThat(holdsReserve()).isFalse();
    }

    @Test
    void beginsWithTheUpdateAndSaysHowFarItHasCome() throws IOException {
        InstallationStatus status = status();

        assertThat(status.phase()).isEqualTo(InstallationStatus.Phase.TRIAL);
        assertThat(status.trial()).contains(new TrialStatus(TWO, 2, 2, Duration.ofMinutes(10), 0, 1, Optional.empty()));
        assertThat(status.lastChange()).isEqualTo(Report.of(Outcome.UPDATED, Optional.of(TWO)));
        assertThat(holdsReserve()).isTrue();
    }

    @Test
    void reasonOfAnyLengthLeavesADeviceThatCanBeOpened() throws IOException {
        String reason = "ä".repeat(500_000);

        act(installation -> installation.reject(TWO, reason));
        assertThat(status().version()).contains(ONE);
        act(installation -> installation.unblock(TWO));
        update(SETTLED, TWO);
        act(installation -> installation.rollBack(reason));

        assertThat(status().lastChange().reason()).contains(reason.substring(0, Excerpt.LONGEST));
        assertThat(status().version()).contains(ONE);
    }

    @Test
    void countsEachStartAndTakesTheReleaseBackWhenNoneIsLeft() throws IOException {
        assertThat(start()).isEqualTo(Start.ON_TRIAL);
        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(1);
        assertThat(start()).isEqualTo(Start.ON_TRIAL);
        assertThat(main()).isEqualTo("release 2");
        assertThat(status().trial().orElseThrow().startsLeft()).isZero();

        assertThat(start()).isEqualTo(Start.ROLLED_BACK);

        assertThat(main()).isEqualTo("release 1");
        assertThat(status().version()).contains(ONE);
        assertThat(status().blocked()).containsExactly(TWO);
        assertThat(status().lastChange())
                .isEqualTo(new Report(
                        Outcome.ROLLED_BACK,
                        Optional.of(TWO),
                        Optional.of("it was not confirmed in any of its starts")));
        assertThat(holdsReserve()).isFalse();
        assertThat(start()).isEqualTo(Start.SETTLED);
    }

    @Test
    void openingAloneCountsNothing() throws IOException {
        for (int i = 0; i < 5; i++) {
            act(installation -> assertThat(installation.recovery()).isEqualTo(Recovery.NOTHING_TO_DO));
        }

        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(2);
    }

    @Test
    void startThatWasGivenBackDoesNotCount() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(start()).isEqualTo(Start.ON_TRIAL);
            act(Installation::giveStartBack);
        }

        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(2);
    }

    @Test
    void startThatWasNotCountedIsNotGivenBack() throws IOException {
        act(Installation::giveStartBack);

        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(2);
    }

    @Test
    void confirmationIsForGoodAndMayBeRepeated() throws IOException {
        start();
        act(installation -> installation.confirm(TWO));
        act(installation -> installation.confirm(TWO));

        assertThat(start()).isEqualTo(Start.SETTLED);
        assertThat(status().phase()).isEqualTo(InstallationStatus.Phase.IDLE);
        assertThat(status().lastChange().outcome()).isEqualTo(Outcome.CONFIRMED);
        assertThat(main()).isEqualTo("release 2");
        assertThat(holdsReserve()).isFalse();
    }

    @Test
    void wayBackStaysOpenAfterTheConfirmation() throws IOException {
        act(installation -> installation.confirm(TWO));

        act(Installation::rollBack);

        assertThat(main()).isEqualTo("release 1");
        assertThat(status().blocked()).isEmpty();
    }

    @Test
    void anotherReleaseCannotBeConfirmedOrRejected() throws IOException {
        act(installation -> {
            assertThatThrownBy(() -> installation.confirm(ONE))
                    .isInstanceOfSatisfying(
                            NotOnTrialException.class,
                            e -> assertThat(e.release()).isEqualTo(ONE))
                    .hasMessageContaining("2 is installed");
            assertThatThrownBy(() -> installation.reject(THREE, "no")).isInstanceOf(NotOnTrialException.class);
        });

        assertThat(status().trial().orElseThrow().isRejected()).isFalse();
    }

    @Test
    void confirmedReleaseCannotBeRejected() throws IOException {
        act(installation -> {
            installation.confirm(TWO);
            assertThatThrownBy(() -> installation.reject(TWO, "no"))
                    .isInstanceOf(NotOnTrialException.class)
                    .hasMessageContaining("confirmed");
        });
    }

    @Test
    void rejectedReleaseRunsOnUntilTheNextOpenTakesItBack() throws IOException {
        act(installation -> {
            installation.reject(TWO, "the pump stands still");
            assertThat(main()).isEqualTo("release 2");
            assertThatThrownBy(() -> installation.confirm(TWO))
                    .isInstanceOf(NotOnTrialException.class)
                    .hasMessageContaining("rejected");
        });

        act(installation -> assertThat(installation.recovery()).isEqualTo(Recovery.ROLLED_BACK));

        assertThat(main()).isEqualTo("release 1");
        assertThat(status().lastChange().reason()).contains("the pump stands still");
    }

    @Test
    void restartAfterARejectionLeadsToTheReleaseBefore() throws IOException {
        List<Change> restarts = new ArrayList<>();
        Device device = new Device(port -> InstallationOptions.defaults().withRestartHook(restarts::add));
        try (Installation installation = device.open(disk, run())) {
            installation.restart();
            installation.reject(TWO, "the pump stands still");
            installation.restart();
        }

        assertThat(restarts)
                .extracting(Change::from, Change::to)
                .containsExactly(tuple(Optional.of(ONE), Optional.of(TWO)), tuple(Optional.of(TWO), Optional.of(ONE)));
    }

    @Test
    void rejectionOfWhatWasTakenBackIsNoError() throws IOException {
        act(installation -> installation.reject(TWO, "once"));

        act(installation -> installation.reject(TWO, "twice"));

        assertThat(status().lastChange().reason()).contains("once");
    }

    @Test
    void runningTimeIsCountedUntilNoneIsLeft() throws IOException {
        act(installation -> installation.countRunningTime(Duration.ofMinutes(4)));
        assertThat(status().trial().orElseThrow().remaining()).isEqualTo(Duration.ofMinutes(6));

        act(installation -> installation.countRunningTime(Duration.ofMinutes(6)));

        assertThat(status().version()).contains(ONE);
        assertThat(status().lastChange().reason()).contains("it was not confirmed in time");
    }

    @Test
    void severalHealthyStartsMayBeNeeded() throws IOException {
        act(installation -> installation.confirm(TWO));
        Device careful = new Device(port -> InstallationOptions.defaults()
                .withTrial(Trial.of(5, Duration.ofMinutes(10)).withHealthyStarts(2)));
        update(careful, THREE);

        start();
        act(installation -> assertThat(installation.countHealthyStart(THREE)).isFalse());
        assertThat(status().trial().orElseThrow().healthyStarts()).isEqualTo(1);
        start();
        act(installation -> assertThat(installation.countHealthyStart(THREE)).isTrue());

        assertThat(status().lastChange().outcome()).isEqualTo(Outcome.CONFIRMED);
        act(installation -> assertThat(installation.countHealthyStart(THREE)).isTrue());
    }

    @Test
    void rollbackInATrialBlocksTheReleaseLikeARejection() throws IOException {
        act(installation -> installation.rollBack("by hand"));

        assertThat(main()).isEqualTo("release 1");
        assertThat(status().blocked()).containsExactly(TWO);
        assertThat(status().lastChange().reason()).contains("by hand");
    }

    @Test
    void rollbackOutsideATrialBlocksTheReleaseOnlyIfAsked() throws IOException {
        act(installation -> {
            installation.confirm(TWO);
            installation.rollBack("odd", AfterRollback.BLOCK);
        });

        assertThat(status().blocked()).containsExactly(TWO);
    }

    @Test
    void noUpdateIsBegunInATrial() throws IOException {
        assertThatThrownBy(() -> update(TRYING, THREE))
                .isInstanceOfSatisfying(
                        InTrialException.class, e -> assertThat(e.release()).isEqualTo(TWO));
    }

    @Test
    void blockedReleaseIsRefusedUntilItIsUnblocked() throws IOException {
        act(Installation::rollBack);
        assertThatThrownBy(() -> update(TRYING, TWO))
                .isInstanceOfSatisfying(
                        BlockedReleaseException.class,
                        e -> assertThat(e.release()).isEqualTo(TWO));

        act(installation -> assertThat(installation.unblock(TWO)).isTrue());
        act(installation -> assertThat(installation.unblock(TWO)).isFalse());

        update(TRYING, TWO);
        assertThat(main()).isEqualTo("release 2");
    }

    @Test
    void higherReleaseThatStaysUnblocksThoseBelow() throws IOException {
        act(Installation::rollBack);
        update(TRYING, THREE);
        assertThat(status().blocked()).containsExactly(TWO);

        act(installation -> installation.confirm(THREE));

        assertThat(status().blocked()).isEmpty();
    }

    @Test
    void outcomeIsKeptUntilSomebodyWasTold() throws IOException {
        act(Installation::rollBack);
        act(installation -> {
            Report report = installation.unreported().orElseThrow();
            assertThat(report.release()).contains(TWO);
            installation.reported(Report.of(Outcome.UPDATED, Optional.of(TWO)));
            assertThat(installation.unreported()).contains(report);

            installation.reported(report);
            assertThat(installation.unreported()).isEmpty();
        });

        assertThat(status().lastChange().outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void filesThatTheReleaseChangedDoNotKeepItFromBeingTakenBack() throws IOException {
        disk.unlink(ROOT.resolve("main"));
        new Disk(disk).write(ROOT.resolve("main"), new byte[] {1});
        Device keeping = new Device(port -> InstallationOptions.defaults().withLocalChanges(path -> LocalChanges.FAIL));

        try (Installation installation = keeping.open(disk, run())) {
            installation.rollBack();
        }

        assertThat(main()).isEqualTo("release 1");
    }

    @Test
    void startOfAReleaseThatStaysThoughItHasNotPassedIsOneWithoutATrial() throws IOException {
        Disk access = new Disk(disk);
        access.removeTree(StateFolder.below(access, ROOT).transactions());
        Start last = start();
        while (last == Start.ON_TRIAL) {
            last = start();
        }

        assertThat(last).isEqualTo(Start.SETTLED);
        assertThat(status().lastChange().outcome()).isEqualTo(Outcome.KEPT);
    }

    @Test
    void releaseStaysWhereThereIsNothingToGoBackTo() throws IOException {
        Disk access = new Disk(disk);
        access.removeTree(StateFolder.below(access, ROOT).transactions());
        act(installation -> installation.reject(TWO, "bad"));

        act(installation -> assertThat(installation.recovery()).isEqualTo(Recovery.NOTHING_TO_DO));

        assertThat(status().lastChange()).isEqualTo(new Report(Outcome.KEPT, Optional.of(TWO), Optional.of("bad")));
        update(SETTLED, THREE);
        assertThat(main()).isEqualTo("release 3");
    }

    @Test
    void startThatCannotBeCountedIsTheLast() throws IOException {
        FilePort failing = FaultyPort.forEver(
                disk, Fault.EIO, 1, operation -> operation.path().endsWith("state.tmp"));
        try (Installation installation = SETTLED.open(failing, run())) {
            assertThat(installation.countStart()).isEqualTo(Start.ROLLED_BACK);
        }

        assertThat(main()).isEqualTo("release 1");
        assertThat(status().blocked()).containsExactly(TWO);
    }

    /** The release takes all the room that there is. */
    private void fillTheDisk() {
        disk.capacity(Long.MAX_VALUE / 2);
        disk.capacity(Long.MAX_VALUE / 2 - disk.usableSpace(ROOT));
    }

    @Test
    void releaseThatFilledTheDiskIsTakenBack() throws IOException {
        fillTheDisk();

        act(Installation::rollBack);

        assertThat(main()).isEqualTo("release 1");
        assertThat(status().blocked()).containsExactly(TWO);
    }

    @Test
    void releaseThatFillsTheDiskInEachOfItsStartsIsTakenBackAfterThem() throws IOException {
        List<Start> starts = new ArrayList<>();
        for (int start = 0; start < 3; start++) {
            fillTheDisk();
            starts.add(start());
        }

        assertThat(starts).containsExactly(Start.ON_TRIAL, Start.ON_TRIAL, Start.ROLLED_BACK);
        assertThat(main()).isEqualTo("release 1");
    }

    @Test
    void startThatEndedInOrderAndAHealthyOneCountOnAFullDiskToo() throws IOException {
        act(installation -> installation.confirm(TWO));
        update(
                new Device(port -> InstallationOptions.defaults()
                        .withTrial(Trial.of(2, Duration.ofMinutes(10)).withHealthyStarts(2))),
                THREE);
        assertThat(start()).isEqualTo(Start.ON_TRIAL);
        fillTheDisk();

        act(Installation::giveStartBack);
        act(installation -> installation.countHealthyStart(THREE));

        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(2);
        assertThat(status().trial().orElseThrow().healthyStarts()).isEqualTo(1);
    }

    @Test
    void roomThatCannotBeKeptWholeIsNotKept() throws IOException {
        fillTheDisk();
        Reserve reserve = Reserve.ofWords(StateFolder.below(new Disk(disk), ROOT));
        assertThat(reserve.release()).isTrue();

        assertThatThrownBy(() -> reserve.keep(10 << 20)).isInstanceOf(InsufficientSpaceException.class);

        assertThat(reserve.isKept()).isFalse();
    }

    @Test
    void releaseThatIsFasterThanItsCountIsTakenBackAtTheNextStart() throws IOException {
        disk.unlink(ROOT.resolve(".ota/reserve.words"));
        fillTheDisk();

        assertThat(start()).isEqualTo(Start.ROLLED_BACK);

        assertThat(main()).isEqualTo("release 1");
        assertThat(status().lastChange().reason().orElseThrow()).startsWith("its starts cannot be counted: ");
    }

    @Test
    void updateWhoseHookFillsTheDiskAndFailsIsUndone() throws IOException {
        act(installation -> installation.confirm(TWO));
        UpdateHook filling = new UpdateHook() {
            @Override
            public String name() {
                return "migration";
            }

            @Override
            public void afterApply(Change change) throws IOException {
                fillTheDisk();
                throw new IOException("no room");
            }
        };
        Device device = new Device(port -> InstallationOptions.defaults()
                .withTrial(Trial.of(2, Duration.ofMinutes(10)))
                .withHook(filling));

        assertThatThrownBy(() -> update(device, THREE)).isInstanceOf(UpdateUndoneException.class);

        assertThat(main()).isEqualTo("release 2");
        assertThat(status().phase()).isEqualTo(InstallationStatus.Phase.IDLE);
    }

    @Test
    void wordThatCanWaitTakesNothingOfTheRoomForTheWayBack() throws IOException {
        fillTheDisk();
        TreeImage before = disk.tree(ROOT.resolve(".ota"));

        assertThatThrownBy(() -> act(installation -> installation.countRunningTime(Duration.ofMinutes(1))))
                .isInstanceOf(IOException.class);

        assertThat(status().trial().orElseThrow().remaining()).isEqualTo(Duration.ofMinutes(10));
        assertThat(holdsReserve()).isTrue();
        assertThat(disk.status(ROOT.resolve(".ota/reserve.words")).isFile()).isTrue();
        act(installation -> installation.reject(TWO, "full"));
        fillTheDisk();
        assertThat(status().version()).contains(ONE);
    }

    @Test
    void releaseIsTakenBackThoughTheApplicationBeforeHasGoneOnWritingItsFiles() throws IOException {
        Path backup = ROOT.resolve(".ota/txn/r1x0/old/0");
        assertThat(disk.text(backup)).isEqualTo("release 1");
        try (FilePort.Output log = disk.append(backup)) {
            log.write("!".getBytes(UTF_8), 0, 1);
        }
        act(installation -> installation.reject(TWO, "bad"));

        assertThat(status().version()).contains(ONE);

        assertThat(main()).isEqualTo("release 1!");
        act(installation ->
                assertThat(installation.events()).anyMatch(event -> event.contains(" changed-since path=main")));
    }

    @Test
    void backupThatIsNoFileLeadsNowhere() throws IOException {
        Path backup = ROOT.resolve(".ota/txn/r1x0/old/0");
        disk.unlink(backup);
        act(installation -> installation.reject(TWO, "bad"));

        assertThat(status().lastChange().outcome()).isEqualTo(Outcome.KEPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-> ../elsewhere", "a file"})
    void releaseIsTakenBackThoughItHasReplacedAFolder(String obstacle) throws IOException {
        act(installation -> installation.confirm(TWO));
        SETTLED.update(run(), offer("3").file("lib/a", "old").manifest()).on(disk);
        TRYING.update(run(), offer("4").file("lib/a", "new").manifest()).on(disk);
        disk.unlink(ROOT.resolve("lib/a"));
        disk.removeFolder(ROOT.resolve("lib"));
        Path elsewhere = ROOT.resolveSibling("elsewhere");
        disk.with(elsewhere, Map.of("a", "mine")).with(ROOT, Map.of("lib", obstacle));
        act(installation -> installation.reject(LooseVersion.parse("4"), "bad"));

        assertThat(status().version()).contains(THREE);

        assertThat(disk.text(ROOT.resolve("lib/a"))).isEqualTo("old");
        assertThat(disk.text(elsewhere.resolve("a"))).isEqualTo("mine");
    }

    @Test
    void statusSaysWhyARejectedReleaseIsStillThere() throws IOException {
        disk.unlink(ROOT.resolve("main"));
        disk.with(ROOT, Map.of("main/mine", "a folder where a file has to be"));
        act(installation -> installation.reject(TWO, "bad"));

        assertThat(status().obstacle().orElseThrow()).contains("main", "mine in it is not one of the release");

        disk.unlink(ROOT.resolve("main/mine"));
        disk.removeFolder(ROOT.resolve("main"));
        assertThat(status().obstacle()).isEmpty();
        assertThat(main()).isEqualTo("release 1");
    }

    @Test
    void releaseThatFailedIsBlockedAgainWhenTheOneThatCameAfterItIsTakenBack() throws IOException {
        act(Installation::rollBack);
        update(SETTLED, THREE);
        assertThat(status().blocked()).isEmpty();

        act(installation -> installation.rollBack("odd", AfterRollback.BLOCK));

        assertThat(status().blocked()).containsExactly(TWO, THREE);
    }

    @Test
    void releaseThatSomebodyHasUnblockedStaysSo() throws IOException {
        act(Installation::rollBack);
        update(SETTLED, LooseVersion.parse("1.5"));
        act(installation -> installation.unblock(TWO));

        act(Installation::rollBack);

        assertThat(status().blocked()).isEmpty();
    }

    /** The ways to look at a trial without opening the installation. */
    enum Look {
        STATUS {
            @Override
            Optional<TrialStatus> trial(Environment environment) throws IOException {
                return Installation.statusOf(ROOT, environment).trial();
            }
        },
        STATE {
            @Override
            Optional<TrialStatus> trial(Environment environment) throws IOException {
                return Installation.stateOf(ROOT, environment).trial();
            }
        };

        abstract Optional<TrialStatus> trial(Environment environment) throws IOException;
    }

    @Test
    void lookAtTheTrialReadsNothingButTheState() throws IOException {
        List<Path> read = new ArrayList<>();
        FilePort watched = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                if (operation.kind() == Operation.Kind.READ || operation.kind() == Operation.Kind.LIST) {
                    read.add(operation.path());
                }
                call.run();
            }
        };

        State state = Installation.stateOf(ROOT, new Environment(watched, Clock.systemUTC(), () -> "s", millis -> {}));

        assertThat(state.trial().map(TrialStatus::release)).contains(TWO);
        assertThat(read).containsExactly(ROOT.resolve(".ota/state"));
    }

    @ParameterizedTest
    @EnumSource
    void noPowerCutUnsaysAConfirmationThatWasReadWithoutALock(Look look) throws IOException {
        boolean[] named = {false};
        FaultyPort killed = FaultyPort.forEver(disk, Fault.EIO, 1, operation -> {
            named[0] |= operation.to().filter(to -> to.endsWith("state")).isPresent();
            return named[0] && operation.kind() == Operation.Kind.FORCE_FOLDER;
        });
        try (Installation installation = SETTLED.open(killed, run())) {
            assertThatThrownBy(() -> installation.confirm(TWO)).hasMessageContaining("Input/output error");
        }

        assertThat(isConfirmed(look, disk)).isTrue();
        assertThat(disk.powerLosses())
                .isNotEmpty()
                .allSatisfy(
                        loss -> assertThat(isConfirmed(look, disk.after(loss))).isTrue());
    }

    private static boolean isConfirmed(Look look, CrashDisk disk) {
        Environment environment = new Environment(disk, Clock.systemUTC(), () -> "s", millis -> {});
        try {
            return look.trial(environment).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
