package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.crashkit.CrashReport;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario by itself, cut once: what to run first after a change of apply or recovery. */
class EveryScenarioTest {
    static Stream<Scenario> scenarios() {
        return Stream.of(
                        UpdateScenarios.all(),
                        TrialScenarios.all(),
                        HookScenarios.all(),
                        RecoveryScenarios.all(),
                        SlotScenarios.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void comesOutWholeAfterEveryCut(Scenario scenario) {
        CrashReport report = CrashExplorer.findFailure(scenario, 1);

        assertThat(report.foundFailures()).as(report.toString()).isFalse();
    }
}
