package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.overair.install.TrialEvent.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise 5, state by state: what each event does in each state, from a table that people can read; and what long random
 * sequences of events do, with kills and power cuts in between, from a model that knows no disk.
 *
 * <p>{@code -Doverair.seed} and {@code -Doverair.sequences} try others, and more.
 */
class TrialStateMachineTest {
    private static final long SEED = Long.getLong("overair.seed", 1);
    private static final int SEQUENCES = Integer.getInteger("overair.sequences", 10_000);
    private static final int STEPS = 30;
    private static final int LATEST_CUT = 128;

    /** How each state is reached on a new device. In "preparing", an update has begun and is not over. */
    private static final Map<String, List<String>> STATES = Map.of(
            "new", List.of(),
            "settled", List.of("update 1", "update 2"),
            "back", List.of("update 1", "update 2", "roll back"),
            "trial", List.of("update 1", "try 2"),
            "last", List.of("update 1", "try 2", "start", "start"),
            "rejected", List.of("update 1", "try 2", "reject 2"),
            "blocked", List.of("update 1", "try 2", "roll back"),
            "kept", List.of("update 1", "try 2", "lose backups", "reject 2", "open"),
            "preparing", List.of("update 1"),
            "stuck", List.of("update 1", "break 2"));

    /**
     * A state is written as {@code 2<1?2x3*}: release 2 with a way back to 1, on trial with two starts left ({@code !} if
     * it is rejected, {@code -6min} and {@code +} for the time left and healthy starts), 3 is blocked, nobody was told yet how the last
     * change ended. In {@code =} nothing has changed; words say why the event was refused, and nothing has changed either.
     */
    private static final String TABLE = """
            event               | new          | settled      | back         | trial         | last          | rejected     | blocked      | kept         | preparing | stuck
            (the state)         | -            | 2<1*         | 1*           | 2<1?2*        | 2<1?0*        | 2<1!*        | 1x2*         | 2x2*         | 1<-*      | stuck
            update 1            | 1<-*         | 1<2*         | 1<1*         | in trial      | in trial      | in trial     | 1<1x2*       | 1<2x2*       | busy      | stuck
            update 2            | 2<-*         | 2<2*         | 2<1*         | in trial      | in trial      | in trial     | blocked      | blocked      | busy      | stuck
            update 3            | 3<-*         | 3<2*         | 3<1*         | in trial      | in trial      | in trial     | 3<1*         | 3<2*         | busy      | stuck
            try 2               | 2<-?2*       | 2<2?2*       | 2<1?2*       | in trial      | in trial      | in trial     | blocked      | blocked      | busy      | stuck
            try 3               | 3<-?2*       | 3<2?2*       | 3<1?2*       | in trial      | in trial      | in trial     | 3<1?2x2*     | 3<2?2x2*     | busy      | stuck
            begin 3             | =            | =            | =            | in trial      | in trial      | in trial     | =            | =            | busy      | stuck
            break 3             | stuck        | stuck        | stuck        | in trial      | in trial      | in trial     | stuck        | stuck        | busy      | stuck
            confirm 2           | not on trial | =            | not on trial | 2<1*          | 2<1*          | not on trial | not on trial | =            | busy      | stuck
            confirm 3           | not on trial | not on trial | not on trial | not on trial  | not on trial  | not on trial | not on trial | not on trial | busy      | stuck
            reject 2            | not on trial | not on trial | not on trial | 2<1!*         | 2<1!*         | not on trial | =            | not on trial | busy      | stuck
            reject 3            | not on trial | not on trial | not on trial | not on trial  | not on trial  | not on trial | not on trial | not on trial | busy      | stuck
            roll back           | no way back  | 1*           | no way back  | 1x2*          | 1x2*          | 1x2*         | no way back  | no way back  | busy      | stuck
            roll back and block | no way back  | 1x2*         | no way back  | 1x2*          | 1x2*          | 1x2*         | no way back  | no way back  | busy      | stuck
            start               | =            | =            | =            | 2<1?1*        | 1x2*          | =            | =            | =            | busy      | stuck
            give start back     | =            | =            | =            | =             | 2<1?1*        | =            | =            | =            | busy      | stuck
            run 4 minutes       | =            | =            | =            | 2<1?2-6min*   | 2<1?0-6min*   | =            | =            | =            | busy      | stuck
            run 10 minutes      | =            | =            | =            | 2<1!*         | 2<1!*         | =            | =            | =            | busy      | stuck
            healthy start 2     | not on trial | =            | not on trial | 2<1?2+*       | 2<1?0+*       | not on trial | not on trial | =            | busy      | stuck
            healthy start 3     | not on trial | not on trial | not on trial | not on trial  | not on trial  | not on trial | not on trial | not on trial | busy      | stuck
            unblock 2           | =            | =            | =            | =             | =             | =            | 1*           | 2*           | busy      | stuck
            told                | =            | 2<1          | 1            | 2<1?2         | 2<1?0         | 2<1!         | 1x2          | 2x2          | busy      | stuck
            told of another     | =            | =            | =            | =             | =             | =            | =            | =            | busy      | stuck
            open                | =            | =            | =            | =             | =             | 1x2*         | =            | =            | =         | 2<1*
            """;

    static Stream<Arguments> eachEventInEachState() {
        List<String[]> rows =
                TABLE.lines().map(line -> line.strip().split(" *\\| *")).toList();
        String[] states = rows.get(0);
        return rows.subList(2, rows.size()).stream()
                .flatMap(row -> IntStream.range(1, states.length)
                        .mapToObj(column -> Arguments.of(row[0], states[column], rows.get(1)[column], row[column])));
    }

    @ParameterizedTest(name = "{0} when {1}: {3}")
    @MethodSource("eachEventInEachState")
    void eventDoesWhatTheTableSays(String event, String state, String before, String expected) throws IOException {
        TriedDevice device = new TriedDevice();
        TrialModel model = TrialModel.NEW;
        for (String step : Objects.requireNonNull(STATES.get(state))) {
            device.on(TrialEvent.parse(step));
            model = model.on(TrialEvent.parse(step)).then();
        }
        if (state.equals("preparing")) {
            device.begin(3);
        }
        TrialModel.Known first = device.known();
        assertThat(device.isStuck() ? "stuck" : first.toString()).isEqualTo(before);

        String said = device.on(TrialEvent.parse(event));

        boolean refused = expected.matches("[a-z ]{2,}");
        String then = device.isStuck() ? "stuck" : device.known().toString();
        if (refused) {
            assertThat(said).isEqualTo(expected);
        }
        if (refused && !expected.equals(TrialModel.STUCK)) {
            assertThat(device.known()).isEqualTo(first);
        } else {
            assertThat(then).isEqualTo(expected.equals("=") ? before : expected);
        }
        if (!device.isStuck()) {
            assertThat(device.installed()).isEqualTo("release " + device.known().version());
        }
        if (!state.equals("preparing")) {
            TrialModel.Answer answer = model.on(TrialEvent.parse(event));
            assertThat(said).isEqualTo(answer.said());
            assertThat(device.known()).isEqualTo(answer.then().known());
        }
    }

    /** Something happens, and maybe the program ends in it. */
    private record Step(TrialEvent event, Optional<TriedDevice.Cut> cut) {
        @Override
        public String toString() {
            return event + cut.map(end -> ", " + end).orElse("");
        }
    }

    @Test
    void randomSequencesOfEventsAndCutsDoWhatTheModelSays() {
        System.out.printf("%d sequences of %d steps, seed %d%n", SEQUENCES, STEPS, SEED);
        LongAdder cuts = new LongAdder();
        Optional<List<Step>> failing = IntStream.range(0, SEQUENCES)
                .parallel()
                .mapToObj(number -> sequence(new Random(SEED * SEQUENCES + number)))
                .peek(sequence -> cuts.add(
                        sequence.stream().filter(step -> step.cut().isPresent()).count()))
                .filter(TrialStateMachineTest::goesWrong)
                .findFirst();

        if (failing.isPresent()) {
            List<Step> shortest = Shrinker.shrink(failing.get(), TrialStateMachineTest::goesWrong);
            fail(
                    "seed %d: %s%nafter%n%s",
                    SEED,
                    complaint(shortest).orElse("it went wrong once"),
                    shortest.stream().map(step -> "  " + step).collect(Collectors.joining("\n")));
        }
        System.out.printf("%d of %d steps ended in a kill or in a power cut%n", cuts.sum(), SEQUENCES * STEPS);
    }

    private static List<Step> sequence(Random random) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            Kind kind = kind(random);
            int release = kind.isAboutARelease() ? 1 + random.nextInt(TriedDevice.RELEASES) : 0;
            // What the library does not do cannot be cut.
            boolean ends = kind != Kind.LOSE_BACKUPS && random.nextInt(20) == 0;
            Optional<TriedDevice.Cut> cut = ends ? Optional.of(cut(random)) : Optional.empty();
            steps.add(new Step(new TrialEvent(kind, release), cut));
        }
        return steps;
    }

    /** What ends a trial, or keeps one from beginning, comes less often. */
    private static Kind kind(Random random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        return switch (kind) {
            case BEGIN, BREAK, LOSE_BACKUPS, OPEN -> random.nextInt(4) == 0 ? kind : kind(random);
            default -> kind;
        };
    }

    /** Most events make few changes. */
    private static TriedDevice.Cut cut(Random random) {
        TriedDevice.End end = random.nextBoolean() ? TriedDevice.End.KILLED : TriedDevice.End.POWER_LOST;
        int changes = 1 + random.nextInt(1 + random.nextInt(LATEST_CUT));
        return new TriedDevice.Cut(end, changes, random.nextInt(Integer.MAX_VALUE));
    }

    private static boolean goesWrong(List<Step> sequence) {
        return complaint(sequence).isPresent();
    }

    /** How the device and the model disagree. What a cut decides may show only later, so there are several models. */
    private static Optional<String> complaint(List<Step> sequence) {
        TriedDevice device = new TriedDevice();
        Set<TrialModel> models = Set.of(TrialModel.NEW);
        for (Step step : sequence) {
            try {
                Set<TrialModel> allowed =
                        step.cut().isPresent() ? cut(device, models, step) : happen(device, models, step.event());
                TrialModel.Known known = device.known();
                models = allowed.stream()
                        .filter(model -> model.known().equals(known))
                        .collect(Collectors.toSet());
                if (models.isEmpty()) {
                    return Optional.of("%s: %s %s is none of %s".formatted(step, known, known.last(), allowed));
                }
                String files = device.installed();
                boolean whole =
                        models.stream().allMatch(model -> model.committed().isEmpty());
                if (whole && !files.equals("release " + known.version())) {
                    return Optional.of("%s: it is %s, and the files are those of %s".formatted(step, known, files));
                }
            } catch (IOException | RuntimeException e) {
                return Optional.of(step + ": " + e);
            }
        }
        return Optional.empty();
    }

    /** What may be so after the event, the end of the program in it, and the next start. */
    private static Set<TrialModel> cut(TriedDevice device, Set<TrialModel> models, Step step) throws IOException {
        device.cutIn(step.event(), step.cut().orElseThrow());
        return models.stream()
                .flatMap(model -> Stream.of(model, model.on(step.event()).then()))
                .map(TrialModel::opened)
                .collect(Collectors.toSet());
    }

    /** What may be so after the event, if the answer was this one. */
    private static Set<TrialModel> happen(TriedDevice device, Set<TrialModel> models, TrialEvent event)
            throws IOException {
        String said = device.on(event);
        Set<TrialModel.Answer> answers =
                models.stream().map(model -> model.on(event)).collect(Collectors.toSet());
        Set<TrialModel> then = answers.stream()
                .filter(answer -> answer.said().equals(said))
                .map(TrialModel.Answer::then)
                .collect(Collectors.toSet());
        if (then.isEmpty()) {
            throw new IllegalStateException("it said \"%s\", not %s".formatted(said, answers));
        }
        return then;
    }

    @Test
    void failingSequenceIsShrunkToTheStepsThatMatter() {
        List<Integer> sequence = IntStream.range(0, 100).boxed().toList();

        List<Integer> shortest = Shrinker.shrink(sequence, steps -> steps.containsAll(Arrays.asList(17, 3, 80)));

        assertThat(shortest).containsExactly(3, 17, 80);
    }
}
