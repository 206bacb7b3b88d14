package io.overair.install;

import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.after;
import static io.overair.install.Device.offer;

import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a release on trial goes through: the scenarios of the crash tests that are about states more than about files. */
final class TrialScenarios {
    private static final LooseVersion TWO = LooseVersion.parse("2");
    private static final Device SETTLED = Device.plain();
    private static final Device TRYING =
            new Device(port -> InstallationOptions.defaults().withTrial(Trial.of(2, Duration.ofMinutes(10))));

    private static final Map<String, String> OLD = Map.of("main", "old", "lib/gone", "gone");
    private static final Map<String, String> NEW = Map.of("main", "new", "lib/more", "more");

    private static final Predicate<State> WITHOUT = state -> state.trial().isEmpty();
    private static final Predicate<State> TAKEN_BACK = WITHOUT.and(state -> state.isBlocked(TWO)
            && state.report().outcome() == Outcome.ROLLED_BACK
            && state.wayBack().isEmpty());

    private TrialScenarios() {}

    static List<Scenario> all() {
        return List.of(
                updateOnTrial(),
                confirmation(),
                rejection(),
                rejectedReleaseIsTakenBack(),
                startIsCounted(),
                outcomeIsReported(),
                lastStartTakesTheReleaseBack(),
                rollbackOnTrial(),
                rollbackOnAFullDisk(),
                startIsCountedOnAFullDisk(),
                runningTimeIsUp(),
                startGivenBack(),
                healthyStart(),
                unblocking(),
                nothingToGoBackTo());
    }

    private static boolean isOnTrial(State state) {
        return state.trial().isPresent();
    }

    private static int startsLeft(State state) {
        return state.trial().map(TrialStatus::startsLeft).orElse(-1);
    }

    static Scenario updateOnTrial() {
        return Scenario.of(
                "update on trial",
                disk(OLD),
                TRYING.update("u", update()),
                TRYING::recover,
                keepingReserve(judge(OLD, WITHOUT, NEW, state -> startsLeft(state) == 2)));
    }

    /** On trial there is room for the way back. */
    private static Function<CrashDisk, Verdict> keepingReserve(Function<CrashDisk, Verdict> judge) {
        return disk -> {
            Verdict verdict = judge.apply(disk);
            StateFolder state = StateFolder.below(new Disk(disk), ROOT);
            boolean isKept = disk.status(state.reserve()).size() >= 64 << 10
                    && disk.status(state.reserveOfWords()).size() >= 16 << 10;
            return verdict == Verdict.NEW && !isKept ? Verdict.TORN : verdict;
        };
    }

    static Scenario confirmation() {
        return aboutStates(
                "confirmation",
                onTrial(),
                installation -> installation.confirm(TWO),
                state -> startsLeft(state) == 2,
                WITHOUT.and(state -> state.report().outcome() == Outcome.CONFIRMED
                        && state.wayBack().isPresent()));
    }

    /** The next open takes it back, which is what recovery is. */
    static Scenario rejection() {
        return Scenario.of(
                "rejection, and what follows",
                onTrial(),
                with("j", installation -> installation.reject(TWO, "bad")),
                SETTLED::recover,
                judge(NEW, TrialScenarios::isOnTrial, OLD, TAKEN_BACK));
    }

    private static Scenario rejectedReleaseIsTakenBack() {
        return Scenario.of(
                "a rejected release is taken back",
                after(onTrial(), with("j", installation -> installation.reject(TWO, "bad"))),
                with("k", installation -> {}),
                SETTLED::recover,
                judge(NEW, TrialScenarios::isOnTrial, OLD, TAKEN_BACK));
    }

    /** Whoever has been told is not told again. */
    static Scenario outcomeIsReported() {
        return aboutStates(
                "an outcome is reported",
                onTrial(),
                installation -> installation.reported(installation.unreported().orElseThrow()),
                state -> state.reporting() == State.Reporting.DUE,
                state -> state.reporting() != State.Reporting.DUE);
    }

    static Scenario startIsCounted() {
        return aboutStates(
                "a start is counted",
                onTrial(),
                Installation::countStart,
                state -> startsLeft(state) == 2,
                state -> startsLeft(state) == 1);
    }

    static Scenario lastStartTakesTheReleaseBack() {
        return Scenario.of(
                "no start is left",
                after(after(onTrial(), with("s", Installation::countStart)), with("t", Installation::countStart)),
                with("w", Installation::countStart),
                SETTLED::recover,
                judge(NEW, TrialScenarios::isOnTrial, OLD, TAKEN_BACK));
    }

    private static Scenario rollbackOnTrial() {
        return Scenario.of(
                "rollback on trial",
                onTrial(),
                with("b", Installation::rollBack),
                SETTLED::recover,
                judge(NEW, TrialScenarios::isOnTrial, OLD, TAKEN_BACK));
    }

    /** The release has taken all the room that there was: what it takes to go back was kept. */
    private static Scenario rollbackOnAFullDisk() {
        return Scenario.of(
                "rollback on a full disk",
                full(),
                with("b", Installation::rollBack),
                SETTLED::recover,
                judge(NEW, TrialScenarios::isOnTrial, OLD, TAKEN_BACK));
    }

    private static CrashDisk full() {
        return after(onTrial().capacity(1 << 20), port -> {
            byte[] bytes = new byte[(int) port.usableSpace(ROOT)];
            try (FilePort.Output out = port.create(Path.of("/filler"))) {
                out.write(bytes, 0, bytes.length);
            }
        });
    }

    /** The way back is open whatever becomes of the count. */
    private static Scenario startIsCountedOnAFullDisk() {
        TreeImage tree = disk(NEW).tree(ROOT);
        Function<CrashDisk, Verdict> judge =
                judge(tree, state -> startsLeft(state) == 2, tree, state -> startsLeft(state) == 1);
        return Scenario.of(
                "a start is counted on a full disk",
                full(),
                with("a", Installation::countStart),
                SETTLED::recover,
                disk -> {
                    boolean isKept =
                            disk.status(StateFolder.below(new Disk(disk), ROOT).reserve())
                                            .size()
                                    >= 64 << 10;
                    return isKept ? judge.apply(disk) : Verdict.TORN;
                });
    }

    private static Scenario runningTimeIsUp() {
        return Scenario.of(
                "no running time is left",
                onTrial(),
                with("b", installation -> installation.countRunningTime(Duration.ofHours(1))),
                SETTLED::recover,
                judge(NEW, TrialScenarios::isOnTrial, OLD, TAKEN_BACK));
    }

    static Scenario startGivenBack() {
        return aboutStates(
                "a start is given back",
                after(onTrial(), with("s", Installation::countStart)),
                Installation::giveStartBack,
                state -> startsLeft(state) == 1,
                state -> startsLeft(state) == 2);
    }

    private static Scenario healthyStart() {
        Device careful = new Device(port -> InstallationOptions.defaults()
                .withTrial(Trial.of(2, Duration.ofMinutes(10)).withHealthyStarts(2)));
        return aboutStates(
                "a healthy start of two",
                after(disk(OLD), careful.update("u", update())),
                installation -> installation.countHealthyStart(TWO),
                state -> state.trial().orElseThrow().healthyStarts() == 0,
                state -> state.trial().orElseThrow().healthyStarts() == 1);
    }

    private static Scenario unblocking() {
        return aboutStates(
                "a release is unblocked",
                after(onTrial(), with("b", Installation::rollBack)),
                installation -> installation.unblock(TWO),
                state -> state.isBlocked(TWO),
                state -> !state.isBlocked(TWO));
    }

    private static Scenario nothingToGoBackTo() {
        CrashDisk lost = after(onTrial(), port -> {
            Disk disk = new Disk(port);
            disk.removeTree(StateFolder.below(disk, ROOT).transactions());
        });
        return Scenario.of(
                "a rejected release that has to stay",
                lost,
                with("j", installation -> installation.reject(TWO, "bad")),
                SETTLED::recover,
                judge(
                        NEW,
                        TrialScenarios::isOnTrial,
                        NEW,
                        WITHOUT.and(state -> state.report().outcome() == Outcome.KEPT)));
    }

    private static Manifest update() {
        return offer("2")
                .file("main", "new")
                .file("lib/more", "more")
                .without("lib/gone")
                .manifest();
    }

    private static CrashDisk onTrial() {
        return after(disk(OLD), TRYING.update("u", update()));
    }

    private static CrashDisk disk(Map<String, String> tree) {
        return new CrashDisk().with(ROOT, tree);
    }

    private interface Act {
        void on(Installation installation) throws IOException;
    }

    private static Scenario.Run with(String run, Act act) {
        return port -> {
            try (Installation installation = SETTLED.open(port, run)) {
                act.on(installation);
            }
        };
    }

    /** The files stay as they are. */
    private static Scenario aboutStates(
            String name, CrashDisk disk, Act act, Predicate<State> before, Predicate<State> then) {
        TreeImage tree = disk.tree(ROOT);
        return Scenario.of(name, disk, with("a", act), SETTLED::recover, judge(tree, before, tree, then));
    }

    private static Function<CrashDisk, Verdict> judge(
            Map<String, String> old, Predicate<State> before, Map<String, String> then, Predicate<State> after) {
        return judge(disk(old).tree(ROOT), before, disk(then).tree(ROOT), after);
    }

    private static Function<CrashDisk, Verdict> judge(
            TreeImage old, Predicate<State> before, TreeImage then, Predicate<State> after) {
        return disk -> {
            TreeImage tree = disk.tree(ROOT);
            State state;
            try {
                state = StateFolder.below(new Disk(disk), ROOT).readState();
            } catch (IOException e) {
                return Verdict.TORN;
            }
            if (tree.equals(old) && before.test(state)) {
                return Verdict.OLD;
            }
            return tree.equals(then) && after.test(state) ? Verdict.NEW : Verdict.TORN;
        };
    }
}
