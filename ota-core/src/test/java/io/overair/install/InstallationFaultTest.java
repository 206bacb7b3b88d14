package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise 6: a disk that fails, at any operation, once or for good, leaves the old tree or the new one. */
class InstallationFaultTest {

    static Stream<Scenario> everyScenario() {
        return UpdateScenarios.all().stream();
    }

    @ParameterizedTest
    @MethodSource("everyScenario")
    void everyFaultAtEveryOperationLeavesTheOldOrTheNewTreeWhenItIsLifted(Scenario scenario) {
        check(FaultExplorer.explore(scenario, FaultExplorer.Then.LIFTED));
    }

    static List<Scenario> scenariosWithPowerCuts() {
        return System.getProperty("overair.proofs", "").equals("all")
                ? UpdateScenarios.all()
                : List.of(UpdateScenarios.oneFileOfTheSameLength());
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
