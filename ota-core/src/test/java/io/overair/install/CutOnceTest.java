package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.crashkit.CrashReport;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Some scenarios that do everything between them, each a test of its own: what to run first after a change of apply or
 * recovery, and what mutations are shown. {@link InstallationCrashTest} has the others.
 */
class CutOnceTest {
    /** Of these, version, list of files and way back are judged, too: they have to fit the tree. */
    static List<Scenario> judgedWhole() {
        return List.of(
                UpdateScenarios.whole(UpdateScenarios.replaceAddRemove()),
                UpdateScenarios.whole(UpdateScenarios.rollback()),
                UpdateScenarios.whole(UpdateScenarios.firmwareThatCannotBeActivated()),
                SlotScenarios.whole(SlotScenarios.switching()),
                SlotScenarios.whole(SlotScenarios.update()),
                SlotScenarios.whole(SlotScenarios.updateUndone()));
    }

    static List<Scenario> judgedByTheTree() {
        return List.of(
                UpdateScenarios.everythingAtOnce(),
                UpdateScenarios.fileBecomesFolder(),
                UpdateScenarios.folderBecomesFile(),
                UpdateScenarios.mountPoint(),
                UpdateScenarios.firmwareRollback(),
                UpdateScenarios.firmwareThatCannotBeAskedFor(),
                UpdateScenarios.hookThatFailsBesideFirmwareThatCannotBeAskedFor(),
                SlotScenarios.rollback(),
                HookScenarios.markedUpdate(),
                TrialScenarios.confirmation(),
                TrialScenarios.lastStartTakesTheReleaseBack());
    }

    @ParameterizedTest
    @MethodSource({"judgedWhole", "judgedByTheTree"})
    void comesOutWholeAfterEveryCut(Scenario scenario) {
        CrashReport report = CrashExplorer.findFailure(scenario, 1);

        assertThat(report.foundFailures()).as(report.toString()).isFalse();
    }
}
