package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.crashkit.CrashReport;
import io.overair.install.Operation.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The explorer, shown by the smallest thing that must be whole after a cut: one file that is replaced. */
class CrashExplorerTest {
    private static final Path ROOT = Path.of("/device");
    private static final Path FILE = ROOT.resolve("settings");
    private static final Path BESIDE = ROOT.resolve("settings.tmp");

    private static final CrashDisk BEFORE = new CrashDisk().with(ROOT, Map.of("settings", "old"));
    private static final CrashDisk AFTER = new CrashDisk().with(ROOT, Map.of("settings", "new, and longer"));

    private static final Function<CrashDisk, Verdict> JUDGE =
            Scenario.judgeByTree(ROOT, BEFORE.tree(ROOT), AFTER.tree(ROOT));

    private static final Scenario REPLACE =
            Scenario.of("replace a file", BEFORE, CrashExplorerTest::replace, CrashExplorerTest::recover, JUDGE);

    private static void replace(FilePort port) throws IOException {
        byte[] bytes = "new, and longer".getBytes(StandardCharsets.UTF_8);
        try (FilePort.Output out = port.create(BESIDE)) {
            out.write(bytes, 0, bytes.length);
            port.setAttributes(BESIDE, new Attributes(0644, Attributes.NO_OWNER));
            out.force();
        }
        port.move(BESIDE, FILE);
        port.forceFolder(ROOT);
    }

    private static void recover(FilePort port) throws IOException {
        // After a kill the new name is there and may still be lost.
        port.forceFolder(ROOT);
        removeLeftovers(port);
    }

    private static void removeLeftovers(FilePort port) throws IOException {
        if (!port.status(BESIDE).isAbsent()) {
            port.unlink(BESIDE);
        }
    }

    @Test
    void atomicReplacementIsWholeAfterEveryCut() {
        CrashReport report = CrashExplorer.explore(REPLACE, 1);

        assertThat(report.foundFailures()).as(report.toString()).isFalse();
        assertThat(report.old()).isPositive();
        assertThat(report.renewed()).isPositive();
        assertThat(report.states()).isEqualTo(report.old() + report.renewed());
    }

    @Test
    void secondCutFindsMoreStatesAndAllAreWhole() {
        CrashReport once = CrashExplorer.explore(REPLACE, 1);
        CrashReport twice = CrashExplorer.explore(REPLACE, 2);

        assertThat(twice.foundFailures()).as(twice.toString()).isFalse();
        assertThat(twice.states()).isGreaterThan(once.states());
    }

    static PlantedBug[] brokenReplacements() {
        return new PlantedBug[] {
            PlantedBug.dropping(Place.of(Kind.WRITE)),
            PlantedBug.dropping(Place.of(Kind.SET_ATTRIBUTES)),
            PlantedBug.dropping(Place.of(Kind.FORCE)),
            PlantedBug.dropping(Place.of(Kind.MOVE)),
            PlantedBug.dropping(Place.of(Kind.FORCE_FOLDER)),
            PlantedBug.delaying(Place.of(Kind.SET_ATTRIBUTES), Place.of(Kind.FORCE)),
            PlantedBug.delaying(Place.of(Kind.FORCE), Place.of(Kind.MOVE).to("**/settings")),
            PlantedBug.delaying(
                    Place.of(Kind.MOVE),
                    Place.of(Kind.FORCE_FOLDER).at("/device").nth(1))
        };
    }

    @ParameterizedTest
    @MethodSource("brokenReplacements")
    void everyStepLeftOutOrPutOffIsNoticed(PlantedBug bug) {
        CrashReport report = CrashExplorer.findFailure(REPLACE.with(bug), 1);

        assertThat(bug.strikes()).isPositive();
        assertThat(report.foundFailures()).as(report.toString()).isTrue();
    }

    @Test
    void recoveryThatDoesNotForceWhatAKillLeftIsNoticedByASecondCut() {
        Scenario forgetful =
                Scenario.of("forgetful", BEFORE, CrashExplorerTest::replace, CrashExplorerTest::removeLeftovers, JUDGE);

        assertThat(CrashExplorer.findFailure(forgetful, 1).foundFailures()).isFalse();
        assertThat(CrashExplorer.findFailure(forgetful, 2).stories())
                .singleElement()
                .asString()
                .startsWith("forgetful: the tree is OLD, due was NEW")
                .contains("--- kill")
                .contains("--- power cut; lost: move to /device/settings");
    }

    @Test
    void faultsLeaveTheOldFileOrTheNewOne() {
        CrashReport report = FaultExplorer.explore(REPLACE, FaultExplorer.Then.LIFTED_OR_POWER_CUT);

        assertThat(report.foundFailures()).as(report.toString()).isFalse();
        assertThat(report.old()).isPositive();
        assertThat(report.renewed()).isPositive();
    }

    @Test
    void failedForceThatIsNotReportedIsNoticed() {
        Scenario careless = Scenario.of(
                "careless",
                BEFORE,
                port -> {
                    try {
                        replace(port);
                    } catch (IOException e) {
                        assertThat(e).isNotNull();
                    }
                },
                CrashExplorerTest::recover,
                JUDGE);

        assertThat(CrashExplorer.explore(careless, 2).foundFailures()).isFalse();
        assertThat(FaultExplorer.explore(careless, FaultExplorer.Then.LIFTED_OR_POWER_CUT)
                        .stories())
                .first()
                .asString()
                .startsWith(
                        "careless: ENOSPC once, at operation 1: the action returned; fault lifted; the tree is OLD");
    }

    @Test
    void faultThatMakesTheActionThrowAnythingButAnIoExceptionIsAFailure() {
        Scenario unchecked = Scenario.of(
                "unchecked",
                BEFORE,
                port -> {
                    try {
                        replace(port);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                CrashExplorerTest::recover,
                JUDGE);

        assertThat(FaultExplorer.explore(unchecked, FaultExplorer.Then.LIFTED_OR_POWER_CUT)
                        .stories())
                .first()
                .asString()
                .startsWith("unchecked: ENOSPC once, at operation 1: the action threw java.io.UncheckedIOException");
    }

    @Test
    void actionThatFailsIsAFailure() {
        Scenario failing = Scenario.of(
                "failing",
                BEFORE,
                port -> {
                    throw new IOException("boom");
                },
                CrashExplorerTest::recover,
                JUDGE);

        assertThat(CrashExplorer.explore(failing, 1).stories())
                .singleElement()
                .asString()
                .startsWith("failing: the action failed: java.io.IOException: boom");
    }

    @Test
    void recoveryThatFailsOrNeverEndsIsAFailure() {
        Scenario failing = Scenario.of("failing", BEFORE, CrashExplorerTest::replace, port -> port.list(FILE), JUDGE);
        Scenario endless = Scenario.of(
                "endless",
                BEFORE,
                CrashExplorerTest::replace,
                port -> {
                    while (true) {
                        port.status(FILE);
                    }
                },
                JUDGE);

        assertThat(CrashExplorer.findFailure(failing, 1).stories())
                .singleElement()
                .asString()
                .startsWith("failing: recovery failed: java.nio.file.NotDirectoryException: /device/settings");
        assertThat(CrashExplorer.findFailure(endless, 1).stories())
                .singleElement()
                .asString()
                .startsWith("endless: recovery failed: io.overair.install.PowerCut: no end");
    }

    @Test
    void actionThatReportsToHaveChangedNothingIsHeldToIt() {
        Scenario undone = Scenario.of(
                        "undone",
                        BEFORE,
                        port -> {
                            replace(port);
                            port.unlink(FILE);
                        },
                        CrashExplorerTest::recover,
                        JUDGE)
                .endingIn(Verdict.OLD);

        assertThat(CrashExplorer.explore(undone, 1).foundFailures()).isTrue();
        assertThat(CrashExplorer.explore(REPLACE.endingIn(Verdict.OLD), 1).foundFailures())
                .isTrue();
    }

    @Test
    void failureTellsWhatHappenedWhatWasLostAndWhatWasFound() {
        PlantedBug bug = PlantedBug.dropping(Place.of(Kind.FORCE_FOLDER));

        CrashReport report = CrashExplorer.findFailure(REPLACE.with(bug), 1);

        assertThat(report.stories()).containsExactly("""
                replace a file, dropped: FORCE_FOLDER: the tree is OLD, due was NEW
                    1 create /device/settings.tmp
                    2 write /device/settings.tmp
                    3 set attributes /device/settings.tmp
                    4 force /device/settings.tmp
                    5 move /device/settings.tmp -> /device/settings
                  --- power cut; lost: move to /device/settings
                    1 unlink /device/settings.tmp
                Found:
                  device  0755 1000:1000 folder
                  device/settings  0644 1000:1000 "old"
                """);
    }
}
