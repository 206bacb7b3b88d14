package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario, killed at each of its changes and brought to its end: the quick part of what the crash explorer does. */
class KilledScenariosTest {
    static Stream<Scenario> scenarios() {
        return Stream.of(UpdateScenarios.all(), TrialScenarios.all(), HookScenarios.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void comesOutWhole(Scenario scenario) throws IOException {
        for (int changes = 0; ; changes++) {
            CrashDisk disk = scenario.disk().copy();
            CuttingPort port = new CuttingPort(disk, changes);
            try {
                scenario.action().on(port);
            } catch (PowerCut | IOException end) {
                assertThat(port.hasCut()).as("%s: %s", scenario.name(), end).isTrue();
            }
            CrashDisk after = disk.afterKill();
            scenario.recovery().on(after);
            Verdict verdict = scenario.judge().apply(after);
            if (!port.hasCut()) {
                assertThat(verdict).as(scenario.name()).isEqualTo(scenario.outcome());
                return;
            }
            assertThat(verdict)
                    .as("%s, killed after %d changes", scenario.name(), changes)
                    .isIn(Verdict.OLD, Verdict.NEW);
        }
    }
}
