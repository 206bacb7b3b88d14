package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.crashkit.CrashReport;
import io.overair.install.Operation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The crash tests notice what they are there to notice: every force, link and setting of attributes that an update or its
 * way back makes is left out once, one at a time, and so are a few steps put off. Each time a cut must come out wrong;
 * where none does, {@link #ARGUMENTS} says why none can.
 */
class PlantedBugsTest {
    private static final String STATE = "/device/.ota";
    private static final String TRANSACTION = STATE + "/txn/u0";
    private static final Scenario UPDATE = UpdateScenarios.whole(UpdateScenarios.replaceAddRemove());
    private static final Scenario SLOTS = SlotScenarios.whole(SlotScenarios.switching());
    private static final Scenario UNDONE = UpdateScenarios.whole(UpdateScenarios.firmwareThatCannotBeActivated());

    private static final Pattern SLOT = Pattern.compile("/device(/\\.ota/slots.*|/releases.*|) no\\. \\d+$");

    private static final String FORCED_AGAIN = "the same folder is forced again before anything leans on it";
    private static final String GOES_BACK =
            "what is lost of the new files sends recovery back; by success the touched folders are forced";
    private static final String DEPARTURE =
            "a file never loses its old name before it has the new one: forcing either end of the move keeps the file";

    /** Why leaving out a force cannot be noticed, by scenario and bug. */
    private static final Map<String, String> ARGUMENTS = Map.ofEntries(
            argument(UPDATE, force(STATE, 1), FORCED_AGAIN),
            argument(UPDATE, force(STATE, 2), "the name in it is forced already when the store gets its id"),
            argument(UPDATE, force(TRANSACTION, 1), FORCED_AGAIN),
            argument(UPDATE, force(TRANSACTION + "/new", 1), GOES_BACK),
            argument(UPDATE, force("/device/flash/new", 1), FORCED_AGAIN),
            argument(UPDATE, force("/device/flash", 1), GOES_BACK),
            argument(UPDATE, force("/device/flash/new/deep", 1), FORCED_AGAIN),
            argument(UPDATE, force("/device/flash/new", 2), GOES_BACK),
            argument(UPDATE, force("/device/flash/new", 3), "all that is new in it was forced when it was made"),
            argument(UPDATE, force(TRANSACTION, 4), "a plan that is there again is found done, and ended again"),
            argument(
                    UPDATE,
                    drop(Kind.FORCE, TRANSACTION + "/state.back", 1),
                    "read on the way back only; noticed there"),
            argument(UNDONE, force(TRANSACTION + "/back", 1), DEPARTURE),
            argument(UNDONE, force(TRANSACTION + "/old", 2), DEPARTURE),
            argument(UNDONE, force(TRANSACTION, 5), FORCED_AGAIN),
            argument(UNDONE, force(TRANSACTION, 7), FORCED_AGAIN),
            argument(UNDONE, force(TRANSACTION, 8), "needed after a kill only; then a second cut notices"),
            argument(UNDONE, force("/device/flash/lib", 1), FORCED_AGAIN),
            argument(UNDONE, force(STATE, 3), "the state before is the one of the old tree, but for the last outcome"));

    private record Mutation(Scenario scenario, PlantedBug bug) {
        Optional<String> argument() {
            return Optional.ofNullable(ARGUMENTS.get(toString()));
        }

        boolean isNoticed() {
            CrashReport report = CrashExplorer.findFailure(scenario.with(bug), 1);
            assertThat(bug.strikes()).as("strikes of %s", bug).isPositive();
            return report.foundFailures();
        }

        @Override
        public String toString() {
            return scenario.name() + ", " + bug;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"main.py", "OTA_VERSION.py"})
    void extendedAttributesThatAreNotCopiedAreNoticed(String name) {
        Mutation mutation = new Mutation(
                UpdateScenarios.extendedAttributes(), drop(Kind.COPY_USER_ATTRIBUTES, "/device/flash/" + name, 1));

        assertThat(mutation.isNoticed()).isTrue();
    }

    private static PlantedBug force(String folder, int number) {
        return drop(Kind.FORCE_FOLDER, folder, number);
    }

    private static PlantedBug drop(Kind kind, String path, int number) {
        return PlantedBug.dropping(Place.of(kind).at(path).nth(number));
    }

    private static Map.Entry<String, String> argument(Scenario scenario, PlantedBug bug, String argument) {
        return Map.entry(new Mutation(scenario, bug).toString(), argument);
    }

    /** All that can be left out of an update, of the way back, and of the making of a slot; the rest is the update's. */
    private static Stream<Mutation> everyMutation() {
        Stream<Mutation> slots = mutations(SLOTS, STATE + "/slots")
                .filter(mutation -> SLOT.matcher(mutation.toString()).find());
        return Stream.of(mutations(UPDATE, ""), mutations(UNDONE, TRANSACTION + "/back"), slots)
                .flatMap(mutations -> mutations);
    }

    /** From the first operation at a path that begins with {@code from}. */
    private static Stream<Mutation> mutations(Scenario scenario, String from) {
        Recording run = Recording.of(scenario.disk(), scenario.action(), scenario.fault());
        Map<String, Mutation> mutations = new LinkedHashMap<>();
        Map<String, Integer> seen = new HashMap<>();
        boolean begun = false;
        for (Operation operation : run.operations()) {
            String path = operation.path().toString();
            int number = seen.merge(operation.kind() + path, 1, Integer::sum);
            begun |= path.startsWith(from);
            boolean mutated = switch (operation.kind()) {
                case FORCE, FORCE_FOLDER, LINK -> true;
                // Recorded as two calls where there is only one.
                case SET_ATTRIBUTES -> number == 1;
                default -> false;
            };
            // Nothing depends on the log.
            if (begun && mutated && !path.endsWith("/log")) {
                Mutation mutation = new Mutation(scenario, drop(operation.kind(), path, number));
                mutations.put(mutation.toString(), mutation);
            }
        }
        return mutations.values().stream();
    }

    static Stream<Mutation> stepsThatMatter() {
        return everyMutation().filter(mutation -> mutation.argument().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("stepsThatMatter")
    void stepLeftOutIsNoticed(Mutation mutation) {
        assertThat(mutation.isNoticed()).isTrue();
    }

    static Stream<Mutation> stepsWithAnArgument() {
        return everyMutation().filter(mutation -> mutation.argument().isPresent());
    }

    @ParameterizedTest
    @MethodSource("stepsWithAnArgument")
    @EnabledIfSystemProperty(named = "overair.proofs", matches = "all", disabledReason = "takes a minute")
    void stepThatCannotBeNoticedIsNot(Mutation mutation) {
        assertThat(mutation.isNoticed()).as(mutation.argument().toString()).isFalse();
    }

    @Test
    void everyArgumentIsAboutAStepThatIsThere() {
        assertThat(stepsWithAnArgument().map(Mutation::toString))
                .containsExactlyInAnyOrderElementsOf(ARGUMENTS.keySet());
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
        bugs.add(PlantedBug.delaying(Place.of(Kind.FORCE).at(STATE + "/part/*"), firstPut));
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
        assertThat(new Mutation(UPDATE, bug).isNoticed()).isTrue();
    }

    /** Each force of a file, but for the log, swapped with what comes next: in an update, one on trial, and a rollback. */
    static List<Mutation> forcesSwappedWithWhatComesNext() {
        List<Mutation> mutations = new ArrayList<>();
        Scenario rollback = UpdateScenarios.whole(UpdateScenarios.rollback());
        for (Scenario scenario : List.of(UPDATE, rollback, TrialScenarios.updateOnTrial())) {
            List<Operation> run = Recording.of(scenario.disk(), scenario.action(), scenario.fault())
                    .operations();
            for (int i = 0; i + 1 < run.size(); i++) {
                Operation force = run.get(i);
                if (force.kind() == Kind.FORCE && !force.path().endsWith("log")) {
                    PlantedBug swap = PlantedBug.delaying(placeOf(run, i), placeOf(run, i + 1));
                    mutations.add(new Mutation(scenario, swap));
                }
            }
        }
        return mutations;
    }

    /** Which of its kind at its path this one is; by where it moves to where one file is moved or linked twice. */
    private static Place placeOf(List<Operation> run, int index) {
        Operation one = run.get(index);
        Place place = Place.of(one.kind()).at(one.path().toString());
        if (one.to().isPresent()) {
            place = place.to(one.to().get().toString());
        }
        return place.nth(
                (int) run.subList(0, index + 1).stream().filter(one::equals).count());
    }

    @ParameterizedTest
    @MethodSource("forcesSwappedWithWhatComesNext")
    void forceThatComesTooLateIsNoticed(Mutation mutation) {
        assertThat(mutation.isNoticed()).isTrue();
    }
}
