package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.install.Operation.Kind;
import io.overair.install.PlantedBugs.Planted;
import io.overair.install.PlantedBugs.Recipe;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The crash tests notice what they are there to notice: mistakes are generated from all that is done to the disk in an
 * update, on its way back, in a rollback, in the words of a trial and in a recovery, and planted one at a time. Each time a
 * cut must come out wrong, unless one of the arguments of {@link Unnoticeable} fits, which say why none can.
 */
class PlantedBugsTest {
    private static final String STATE = "/device/.ota";
    private static final String TRANSACTION = STATE + "/txn/u0";
    private static final Scenario UPDATE = UpdateScenarios.whole(UpdateScenarios.replaceAddRemove());

    /** What is the same in two recipes is taken from one of them. */
    static List<Recipe> recipes() {
        Scenario undone = UpdateScenarios.whole(UpdateScenarios.undoneUpdateThatIsTold());
        Scenario undoneRollback = UpdateScenarios.rollbackThatIsUndone();
        return List.of(
                Recipe.of(UPDATE),
                Recipe.of(undone).onlyAt(path -> path.toString().endsWith(".back")),
                Recipe.of(undone).from(TRANSACTION + "/back"),
                Recipe.of(SlotScenarios.whole(SlotScenarios.switching()))
                        .onlyAt(path -> path.endsWith("device")
                                || path.startsWith("/device/releases")
                                || path.startsWith(STATE + "/slots")),
                Recipe.of(UpdateScenarios.whole(UpdateScenarios.rollback())),
                Recipe.of(undoneRollback).onlyAt(path -> path.toString().endsWith(".back") || path.endsWith("old")),
                Recipe.of(undoneRollback).from(STATE + "/txn/b0/back"),
                Recipe.of(TrialScenarios.updateOnTrial())
                        .onlyAt(path -> path.endsWith("reserve") || path.endsWith("reserve.words")),
                Recipe.of(TrialScenarios.startIsCounted()),
                Recipe.of(TrialScenarios.startGivenBack()),
                Recipe.of(TrialScenarios.confirmation()),
                Recipe.of(TrialScenarios.rejection()),
                Recipe.of(TrialScenarios.outcomeIsReported()),
                Recipe.of(UpdateScenarios.whole(RecoveryScenarios.committed())),
                // What is known of the installation is forced there as on the way back itself.
                Recipe.of(UpdateScenarios.whole(
                                RecoveryScenarios.onTheWayBackward(UpdateScenarios.firmwareThatCannotBeActivated())))
                        .onlyAt(path -> !path.endsWith(".ota")));
    }

    private static List<Planted> planted(Predicate<Planted> wanted) {
        return recipes().stream().flatMap(PlantedBugs::in).filter(wanted).toList();
    }

    /** What came of it. */
    private record Result(Planted planted, boolean isNoticed, double cpuSeconds) {
        static Result of(Planted planted) {
            long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            boolean noticed = planted.isNoticed();
            long ended = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            return new Result(planted, noticed, (ended - began) / 1e9);
        }
    }

    @Test
    void everyMistakeAboutWhichThereIsNoArgumentIsNoticed() {
        List<Planted> equivalent = planted(planted -> planted.argument().isPresent());

        List<Result> results = planted(planted -> planted.argument().isEmpty()).parallelStream()
                .map(Result::of)
                .toList();

        System.out.print(table(results, equivalent));
        assertThat(results)
                .filteredOn(result -> !result.isNoticed())
                .extracting(result -> result.planted().toString())
                .isEmpty();
        assertThat(results).hasSizeGreaterThanOrEqualTo(25);
    }

    private static String table(List<Result> results, List<Planted> equivalent) {
        String head = "%-45s %8s %8s %10s %7s%n".formatted("planted bugs", "planted", "caught", "equivalent", "CPU s");
        String families = Stream.of(PlantedBugs.Family.values())
                .map(family -> row(
                        family.toString(),
                        results.stream()
                                .filter(result -> result.planted().family() == family)
                                .toList(),
                        equivalent.stream()
                                .filter(planted -> planted.family() == family)
                                .count()))
                .collect(Collectors.joining());
        String arguments = Stream.of(Unnoticeable.values())
                .map(argument -> "%5d equivalent: %s%n"
                        .formatted(
                                equivalent.stream()
                                        .filter(planted -> planted.argument().orElseThrow() == argument)
                                        .count(),
                                argument))
                .collect(Collectors.joining());
        return head + families + row("all", results, equivalent.size()) + arguments;
    }

    private static String row(String name, List<Result> results, long equivalent) {
        return "%-45s %8d %8d %10d %7.1f%n"
                .formatted(
                        name,
                        results.size() + equivalent,
                        results.stream().filter(Result::isNoticed).count(),
                        equivalent,
                        results.stream().mapToDouble(Result::cpuSeconds).sum());
    }

    @Test
    @EnabledIfSystemProperty(named = "overair.proofs", matches = "all", disabledReason = "takes some minutes")
    void noMistakeAboutWhichThereIsAnArgumentIsNoticed() {
        List<Planted> equivalent = planted(planted -> planted.argument().isPresent());

        assertThat(equivalent.parallelStream().filter(Planted::isNoticed).map(Objects::toString))
                .isEmpty();
    }

    @Test
    void everyArgumentIsNeeded() {
        assertThat(planted(planted -> planted.argument().isPresent()))
                .extracting(planted -> planted.argument().orElseThrow())
                .contains(Unnoticeable.values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"main.py", "OTA_VERSION.py"})
    void extendedAttributesThatAreNotCopiedAreNoticed(String name) {
        PlantedBug bug = PlantedBug.dropping(
                Place.of(Kind.COPY_USER_ATTRIBUTES).at("/device/flash/" + name).nth(1));

        assertThat(CrashExplorer.notices(bug, UpdateScenarios.extendedAttributes()))
                .isTrue();
        assertThat(bug.strikes()).isPositive();
    }

    static List<PlantedBug> stepsPutOffOrNeverDone() {
        List<PlantedBug> bugs = new ArrayList<>();
        Place commit = Place.of(Kind.MOVE).to(TRANSACTION + "/plan");
        Place firstPut = Place.of(Kind.MOVE).to("/device/flash/main.py").nth(1);
        bugs.add(PlantedBug.delaying(commit, firstPut));
        bugs.add(PlantedBug.delaying(Place.of(Kind.FORCE_FOLDER).at(TRANSACTION).nth(3), firstPut));
        bugs.add(PlantedBug.delaying(
                Place.of(Kind.SET_ATTRIBUTES).at(STATE + "/part/*"),
                Place.of(Kind.FORCE).at(STATE + "/part/*")));
        bugs.add(PlantedBug.delaying(
                Place.of(Kind.MOVE).to(STATE + "/state"), Place.of(Kind.MOVE).to(TRANSACTION + "/done")));
        bugs.add(PlantedBug.dropping(commit));
        bugs.add(PlantedBug.dropping(Place.of(Kind.MOVE).to(STATE + "/installed")));
        for (String written : List.of(STATE + "/store.tmp", TRANSACTION + "/plan.tmp", TRANSACTION + "/state")) {
            bugs.add(PlantedBug.dropping(Place.of(Kind.WRITE).at(written)));
        }
        return bugs;
    }

    @ParameterizedTest
    @MethodSource("stepsPutOffOrNeverDone")
    void stepPutOffOrNeverDoneIsNoticed(PlantedBug bug) {
        assertThat(CrashExplorer.notices(bug, UPDATE)).isTrue();
        assertThat(bug.strikes()).isPositive();
    }
}
