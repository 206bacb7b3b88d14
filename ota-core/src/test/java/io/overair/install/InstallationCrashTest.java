package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.crashkit.CrashReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Promises 1 and 2: after a cut at any instant, and cuts of the recovery, the tree is the old one or the new one, and
 * success is for good.
 */
class InstallationCrashTest {
    private static final String PROOFS = "overair.proofs";
    private static final long SEED = 20_261_123;
    private static final int WALKS = 2_000;

    /** Those in which every second cut is made in every build; together they have all that an update can have. */
    private static final Set<String> CUT_TWICE = Set.of(
            UpdateScenarios.everythingAtOnce().name(),
            SlotScenarios.switching().name(),
            SlotScenarios.switchingRolledBack().name(),
            UpdateScenarios.firmwareThatCannotBeAskedFor().name(),
            UpdateScenarios.firmwareThatCannotBeActivated().name(),
            UpdateScenarios.rollback().name(),
            HookScenarios.markedUpdate().name(),
            TrialScenarios.confirmation().name(),
            TrialScenarios.lastStartTakesTheReleaseBack().name());

    private static List<Scenario> everyScenario() {
        return Stream.of(
                        UpdateScenarios.all(),
                        TrialScenarios.all(),
                        HookScenarios.all(),
                        RecoveryScenarios.all(),
                        SlotScenarios.all())
                .flatMap(List::stream)
                .toList();
    }

    @Test
    @DisabledIfSystemProperty(named = PROOFS, matches = "all", disabledReason = "the longer run does more")
    void everyCutLeavesTheOldOrTheNewTree() {
        List<CrashProof.Task> tasks = everyScenario().stream()
                .map(scenario -> cut(scenario, CUT_TWICE.contains(scenario.name()) ? 2 : 1))
                .toList();

        CrashProof proof = CrashProof.of(tasks);

        System.out.print("Every cut of each scenario, every second one of " + CUT_TWICE.size() + "\n" + proof);
        check(proof, 200_000);
    }

    @Test
    @EnabledIfSystemProperty(named = PROOFS, matches = "all", disabledReason = "takes some minutes")
    void soDoesEverySecondCutOfEachAndManyAThird() {
        List<CrashProof.Task> tasks = new ArrayList<>();
        for (Scenario scenario : everyScenario()) {
            tasks.add(told(cut(scenario, 2)));
            tasks.add(told(states -> CrashExplorer.wander(scenario, 3, WALKS, SEED, states)));
        }

        CrashProof proof = CrashProof.of(tasks);

        System.out.print(
                "Every first and second cut, and " + WALKS + " random third ones, seed " + SEED + "\n" + proof);
        check(proof, 1_000_000);
    }

    private static CrashProof.Task cut(Scenario scenario, int cuts) {
        return states -> CrashExplorer.explore(scenario, cuts, states);
    }

    /** Whoever waits for so long wants to see that it goes on. */
    private static CrashProof.Task told(CrashProof.Task task) {
        return states -> {
            CrashReport report = task.run(states);
            System.out.print(report);
            return report;
        };
    }

    private static void check(CrashProof proof, int leastStates) {
        assertThat(proof.stories()).isEmpty();
        assertThat(proof.torn() + proof.stuck() + proof.lost()).isZero();
        assertThat(everyScenario()).hasSizeGreaterThanOrEqualTo(40);
        assertThat(proof.reports()).allSatisfy(InstallationCrashTest::isJudged);
        assertThat(proof.states()).isGreaterThanOrEqualTo(leastStates);
    }

    private static void isJudged(CrashReport report) {
        assertThat(report.places()).isPositive();
        assertThat(report.old() + report.renewed()).isEqualTo(report.states()).isPositive();
    }
}
