package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.crashkit.CrashReport;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise 6: a disk that fails, at any operation, once or for good, leaves the old tree or the new one. */
class InstallationFaultTest {

    private static final boolean ALL = System.getProperty("overair.proofs", "").equals("all");

    static Stream<Scenario> everyScenario() {
        return Stream.concat(UpdateScenarios.all().stream(), SlotScenarios.all().stream());
    }

    @ParameterizedTest
    @MethodSource("everyScenario")
    void everyFaultAtEveryOperationLeavesTheOldOrTheNewTreeWhenItIsOver(Scenario scenario) {
        check(FaultExplorer.explore(scenario, FaultExplorer.Then.LIFTED, EnumSet.of(FaultExplorer.Lasting.ONCE)));
    }

    static List<Scenario> scenariosOnADiskThatStaysBroken() {
        return ALL
                ? everyScenario().toList()
                : List.of(
                        UpdateScenarios.fileBecomesFolder(),
                        UpdateScenarios.rollback(),
                        UpdateScenarios.firmwareThatCannotBeActivated(),
                        UpdateScenarios.firmwareThatCannotBeAskedFor());
    }

    @ParameterizedTest
    @MethodSource("scenariosOnADiskThatStaysBroken")
    void soDoesADiskThatStaysBrokenUntilItIsMended(Scenario scenario) {
        check(FaultExplorer.explore(scenario, FaultExplorer.Then.LIFTED, EnumSet.of(FaultExplorer.Lasting.FOR_EVER)));
    }

    static List<Scenario> scenariosWithPowerCuts() {
        return ALL ? everyScenario().toList() : List.of(UpdateScenarios.oneFileOfTheSameLength());
    }

    @ParameterizedTest
    @MethodSource("scenariosWithPowerCuts")
    void soDoesAPowerCutThatEndsTheFault(Scenario scenario) {
        check(FaultExplorer.explore(scenario, FaultExplorer.Then.LIFTED_OR_POWER_CUT));
    }

    private static void check(CrashReport report) {
        System.out.print(report);
        assertThat(report.foundFailures()).as(report.toString()).isFalse();
    }
}
