package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promises 1 and 2: after a cut at any instant the tree is the old one or the new one, and success is for good. */
class InstallationCrashTest {

    static Stream<Scenario> everyScenario() {
        return Stream.of(UpdateScenarios.all(), TrialScenarios.all(), SlotScenarios.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("everyScenario")
    void everySingleCutLeavesTheOldOrTheNewTree(Scenario scenario) {
        CrashReport report = CrashExplorer.explore(scenario, 1);

        System.out.print(report);
        assertThat(report.foundFailures()).as(report.toString()).isFalse();
        assertThat(report.old() + report.renewed()).isEqualTo(report.states());
    }

    static List<Scenario> scenariosJudgedWhole() {
        return List.of(
                UpdateScenarios.whole(UpdateScenarios.replaceAddRemove()),
                UpdateScenarios.whole(UpdateScenarios.rollback()),
                UpdateScenarios.whole(UpdateScenarios.firmwareThatCannotBeActivated()),
                SlotScenarios.whole(SlotScenarios.switching()),
                SlotScenarios.whole(SlotScenarios.update()),
                SlotScenarios.whole(SlotScenarios.updateUndone()));
    }

    @ParameterizedTest
    @MethodSource("scenariosJudgedWhole")
    void everySingleCutLeavesVersionListAndWayBackThatFitTheTree(Scenario scenario) {
        CrashReport report = CrashExplorer.explore(scenario, 1);

        assertThat(report.foundFailures()).as(report.toString()).isFalse();
    }

    static List<Scenario> scenariosCutTwice() {
        return List.of(
                UpdateScenarios.replaceAddRemove(),
                UpdateScenarios.fileBecomesFolder(),
                UpdateScenarios.rollback(),
                UpdateScenarios.firmwareWithFiles(),
                TrialScenarios.rejection(),
                TrialScenarios.lastStartTakesTheReleaseBack(),
                SlotScenarios.switching(),
                SlotScenarios.update(),
                SlotScenarios.rejection());
    }

    @ParameterizedTest
    @MethodSource("scenariosCutTwice")
    void everySecondCutDoesSoToo(Scenario scenario) {
        CrashReport report = CrashExplorer.explore(scenario, 2);

        System.out.print(report);
        assertThat(report.foundFailures()).as(report.toString()).isFalse();
        assertThat(report.old()).isPositive();
        assertThat(report.renewed()).isPositive();
    }
}
