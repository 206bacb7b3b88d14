package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.crashkit.CrashReport;
import io.overair.install.Operation.Kind;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a fault may do to an update with hooks, and mistakes in the record of those that were started; for cuts see {@link InstallationCrashTest}. */
class HookFaultTest {
    private static final String TRANSACTION = "/device/.ota/txn/u0";

    static List<Scenario> everyScenarioOfTheTree() {
        return HookScenarios.ofTheTree();
    }

    @ParameterizedTest
    @MethodSource("everyScenarioOfTheTree")
    void everyFaultLeavesTheOldOrTheNewTree(Scenario scenario) {
        CrashReport report =
                FaultExplorer.explore(scenario, FaultExplorer.Then.LIFTED, EnumSet.of(FaultExplorer.Lasting.ONCE));

        assertThat(report.foundFailures()).as(report.toString()).isFalse();
    }

    static List<PlantedBug> mistakesInTheRecord() {
        String record = TRANSACTION + "/hooks";
        Place written = Place.of(Kind.MOVE).to(record);
        return List.of(
                PlantedBug.dropping(Place.of(Kind.WRITE).at(record + ".tmp")),
                PlantedBug.dropping(Place.of(Kind.FORCE).at(record + ".tmp").nth(1)),
                PlantedBug.dropping(Place.of(Kind.FORCE).at(record + ".tmp").nth(2)),
                PlantedBug.dropping(written),
                PlantedBug.delaying(written, Place.of(Kind.CREATE).at("/marks/*")),
                // The first two are those of the folder itself and of the states.
                PlantedBug.dropping(Place.of(Kind.FORCE_FOLDER).at(TRANSACTION).nth(3)),
                PlantedBug.dropping(Place.of(Kind.FORCE_FOLDER).at(TRANSACTION).nth(4)));
    }

    @ParameterizedTest
    @MethodSource("mistakesInTheRecord")
    void hookThatStartsBeforeThatIsWrittenDownIsNoticed(PlantedBug bug) {
        CrashReport report =
                CrashExplorer.findFailure(HookScenarios.markedUpdate().with(bug), 1);

        assertThat(bug.strikes()).isPositive();
        assertThat(report.foundFailures()).isTrue();
    }
}
