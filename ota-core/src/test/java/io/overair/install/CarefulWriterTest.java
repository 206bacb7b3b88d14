package io.overair.install;

import static io.overair.install.Device.FIRMWARE;
import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What others wrote, and an installation calls, may throw whatever it likes: the device is not stuck with it. */
class CarefulWriterTest {
    private static final LooseVersion TWO = LooseVersion.parse("2");
    private static final Manifest RELEASE =
            offer("2").file("main", "new").firmware("image").manifest();
    private static final Manifest FILES = offer("2").file("main", "new").manifest();
    private static final TreeImage OLD = device().tree(ROOT);
    private static final TreeImage NEW =
            new CrashDisk().with(ROOT, Map.of("main", "new")).tree(ROOT);

    private final CrashDisk disk = device();
    private final List<String> calls = new ArrayList<>();
    private int runs;

    private static CrashDisk device() {
        return new CrashDisk().with(ROOT, Map.of("main", "old")).with(FIRMWARE, Map.of());
    }

    private Installation open(FirmwareWriter writer, UnaryOperator<InstallationOptions> more) throws IOException {
        return new Device(port -> more.apply(InstallationOptions.defaults().withFirmware(writer)))
                .open(disk, "r" + runs++ + "x");
    }

    private Installation open(FirmwareWriter writer) throws IOException {
        return open(writer, options -> options.withHook(new FakeHook("app", calls)));
    }

    private void install(FirmwareWriter writer) throws IOException {
        try (Installation installation = open(writer)) {
            Device.install(installation, RELEASE);
        }
    }

    private String active() throws IOException {
        return slots().active().orElseThrow().name();
    }

    private TwoSlotFiles slots() {
        return TwoSlotFiles.inDirectory(FIRMWARE, disk);
    }

    private FirmwareWriter broken(Method method) {
        return broken(slots(), method, new IllegalStateException("bus not ready"));
    }

    private static FirmwareWriter broken(FirmwareWriter inside, Method method, Throwable thrown) {
        return new BrokenWriter(inside, method, () -> {
            throw thrown;
        });
    }

    static Stream<Throwable> whatAWriterMayThrow() {
        return Stream.of(
                new IllegalStateException("bus not ready"),
                new NumberFormatException(),
                new NoClassDefFoundError("org/board/Bus"),
                new AssertionError("never"),
                new InterruptedException("undeclared"));
    }

    @ParameterizedTest
    @MethodSource("whatAWriterMayThrow")
    void whateverActivationThrowsHasTheUpdateUndone(Throwable thrown) throws IOException {
        FirmwareWriter writer = broken(slots(), Method.ACTIVATE, thrown);

        UpdateUndoneException undone = catchThrowableOfType(UpdateUndoneException.class, () -> install(writer));

        assertThat(undone)
                .hasMessageContaining(thrown.toString())
                .hasCauseInstanceOf(UncertainActivationException.class)
                .hasRootCause(thrown);
        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
        assertThat(active()).isEqualTo("a");
        assertThat(calls).containsExactly("app before-apply ?-2", "app undo ?-2");
        install(slots());
        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
        assertThat(active()).isEqualTo("b");
    }

    @ParameterizedTest
    @MethodSource("whatAWriterMayThrow")
    void soDoesItWhenAnUpdateThatWasCutIsToBeFinished(Throwable thrown) throws IOException {
        cutInActivation();

        try (Installation installation = open(broken(slots(), Method.ACTIVATE, thrown))) {
            assertThat(installation.recovery()).isEqualTo(Recovery.UNDONE);
            assertThat(installation.status().phase()).isEqualTo(InstallationStatus.Phase.IDLE);
        }

        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
        assertThat(calls).containsExactly("app before-apply ?-2", "app undo ?-2");
    }

    /** An error of the virtual machine is none of the writer's, and nobody can tell what still works. */
    private void cutInActivation() {
        Error end = new OutOfMemoryError("here it ends");
        assertThatThrownBy(() -> install(broken(slots(), Method.ACTIVATE, end))).isSameAs(end);
        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
    }

    @ParameterizedTest
    @MethodSource("whatAWriterMayThrow")
    void whereThereIsNoWayBackItIsNotUndoneButFinishedWhenTheWriterWorksAgain(Throwable thrown) throws IOException {
        FirmwareWriter blind = new UpdateScenarios.BlindWriter(disk);
        FirmwareWriter writer = broken(blind, Method.ACTIVATE, thrown);

        assertThatThrownBy(() -> install(writer))
                .isInstanceOf(RollbackFailedException.class)
                .hasCauseInstanceOf(UncertainActivationException.class);

        assertThatThrownBy(() -> open(writer)).isInstanceOf(RollbackFailedException.class);
        assertThat(Installation.statusOf(ROOT, environment()).phase()).isEqualTo(InstallationStatus.Phase.STUCK);
        try (Installation installation = open(blind)) {
            assertThat(installation.recovery()).isEqualTo(Recovery.FINISHED);
        }
        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
        assertThat(disk.text(FIRMWARE.resolve("flashed"))).isEqualTo("image");
        assertThat(calls).doesNotContain("app undo ?-2");
    }

    private Environment environment() {
        return new Environment(disk, Clock.systemUTC(), () -> "s", millis -> {});
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"HOLDS", "ACTIVE"})
    void rejectedReleaseStaysWhileTheWriterFailsAndIsTakenBackWhenItWorksAgain(Method method) throws IOException {
        rejectAfterUpdate();

        try (Installation installation = open(broken(method))) {
            assertThat(installation.recovery()).isEqualTo(Recovery.STAYS);
            assertThat(installation.countStart()).isEqualTo(Start.ON_TRIAL);
            assertThat(installation.events()).anyMatch(event -> event.contains("bus%20not%20ready"));
        }
        assertThat(disk.tree(ROOT)).isEqualTo(NEW);

        try (Installation installation = open(slots())) {
            assertThat(installation.recovery()).isEqualTo(Recovery.ROLLED_BACK);
        }
        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
        assertThat(active()).isEqualTo("a");
    }

    private void rejectAfterUpdate() throws IOException {
        Trial trial = Trial.of(1, Duration.ofHours(1));
        try (Installation installation = open(slots(), options -> options.withTrial(trial))) {
            Device.install(installation, RELEASE);
            installation.reject(TWO, "it does not work");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"ACTIVE", "WRITE"})
    void beforeTheCommitPointNothingIsChanged(Method method) throws IOException {
        assertThatThrownBy(() -> install(broken(method)))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageContaining("bus not ready");

        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
        assertThat(calls).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"ACTIVE", "WRITE"})
    void nullIsNoAnswer(Method method) {
        assertThatThrownBy(() -> install(new BrokenWriter(slots(), method, Fault.RETURN_NULL)))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageContaining("it returned null");

        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
    }

    static Stream<Arguments> writersThatFailAtOnce() {
        TwoSlotFiles slots = TwoSlotFiles.inDirectory(FIRMWARE, device());
        return Stream.of(Method.REMEMBERING_AT, Method.COPIES_TO, Method.WAY_BACK)
                .flatMap(method -> Stream.of(
                        Arguments.of(method, broken(slots, method, new IllegalStateException("no board"))),
                        Arguments.of(method, new BrokenWriter(slots, method, Fault.RETURN_NULL))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("writersThatFailAtOnce")
    void writerThatFailsAtOnceIsNoneAndThatIsWrittenDown(Method method, FirmwareWriter writer) throws IOException {
        UnaryOperator<InstallationOptions> skipping =
                options -> options.withUnsupportedFirmware(InstallationOptions.UnsupportedFirmware.SKIP);

        try (Installation installation = open(writer, skipping)) {
            assertThatThrownBy(() -> Device.install(installation, RELEASE))
                    .isInstanceOf(FirmwareNotSupportedException.class);
            assertThat(installation.events())
                    .anyMatch(event -> event.contains("firmware-writer-failed cause=" + method.inJava));

            Device.install(installation, FILES);
        }
        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("writersThatFailAtOnce")
    void updateThatWasCutWaitsForAWriterThatDoesNotFailAtOnce(Method method, FirmwareWriter writer) throws IOException {
        cutInActivation();

        assertThatThrownBy(() -> open(writer)).isInstanceOf(FirmwareNotSupportedException.class);

        try (Installation installation = open(slots())) {
            assertThat(installation.recovery()).isEqualTo(Recovery.FINISHED);
        }
        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
        assertThat(active()).as(method.inJava).isEqualTo("b");
    }

    @Test
    void rejectedReleaseIsTakenBackAlsoIfNobodyCanSayWhatIsWrittenInPlace() throws IOException {
        rejectAfterUpdate();

        try (Installation installation = open(
                slots(),
                options -> options.withWrittenInPlace(path -> {
                    throw new IllegalStateException("no list");
                }))) {
            assertThat(installation.recovery()).isEqualTo(Recovery.ROLLED_BACK);
        }
        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
    }

    static Stream<UnaryOperator<InstallationOptions>> policiesThatThrow() {
        return Stream.of(
                options -> options.withWrittenInPlace(path -> {
                    throw new IllegalStateException("no list");
                }),
                options -> options.withLocalChanges(path -> {
                    throw new IllegalStateException("no list");
                }));
    }

    @ParameterizedTest
    @MethodSource("policiesThatThrow")
    void policyThatThrowsEndsAnUpdateAndNothingElse(UnaryOperator<InstallationOptions> policy) throws IOException {
        try (Installation installation = open(slots(), policy)) {
            assertThatThrownBy(() -> Device.install(installation, RELEASE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no list");
            assertThatThrownBy(() -> Device.install(installation, RELEASE)).hasMessage("no list");
        }

        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
        install(slots());
        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
    }

    @Test
    void restartHookThatThrowsLeavesTheInstallationToTheNextOne() throws IOException {
        try (Installation installation = open(
                slots(),
                options -> options.withRestartHook(change -> {
                    throw new IllegalStateException("no restart");
                }))) {
            Device.install(installation, RELEASE);

            assertThatThrownBy(installation::restart).hasMessage("no restart");
            assertThatThrownBy(installation::restart).hasMessage("no restart");
        }

        assertThatCode(() -> open(slots()).close()).doesNotThrowAnyException();
        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
    }

    private enum Method {
        REMEMBERING_AT("rememberingAt"),
        COPIES_TO("copiesTo"),
        WAY_BACK("wayBack"),
        ACTIVE("active"),
        WRITE("write"),
        ACTIVATE("activate"),
        HOLDS("holds");

        private final String inJava;

        Method(String inJava) {
            this.inJava = inJava;
        }
    }

    /** What a method does instead of answering. */
    private interface Fault {
        Fault RETURN_NULL = () -> {};

        void happen() throws Throwable;
    }

    /** Does what the one inside does, but for one method. */
    private record BrokenWriter(FirmwareWriter inside, Method broken, Fault fault) implements FirmwareWriter {
        private interface Answer<T, E extends Exception> {
            T get() throws E;
        }

        @SuppressWarnings("NullAway") // as who has no NullAway may do it
        private <T, E extends Exception> T answer(Method method, Answer<T, E> answer) throws E {
            if (method != broken) {
                return answer.get();
            }
            try {
                fault.happen();
                return null;
            } catch (Throwable e) {
                throw BrokenWriter.<RuntimeException>undeclared(e);
            }
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <E extends Throwable> E undeclared(Throwable thrown) throws E {
            throw (E) thrown;
        }

        @Override
        public FirmwareWriter rememberingAt(Path place) {
            return answer(Method.REMEMBERING_AT, () -> this);
        }

        @Override
        public Optional<Path> copiesTo() {
            return answer(Method.COPIES_TO, inside::copiesTo);
        }

        @Override
        public WayBack wayBack() {
            return answer(Method.WAY_BACK, inside::wayBack);
        }

        @Override
        public Optional<FirmwareSlot> active() throws IOException {
            return answer(Method.ACTIVE, inside::active);
        }

        @Override
        public FirmwareSlot write(Path image, Digest sha256) throws IOException {
            return answer(Method.WRITE, () -> inside.write(image, sha256));
        }

        @Override
        public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
            boolean done = answer(Method.ACTIVATE, () -> {
                inside.activate(slot, image);
                return true;
            });
            assertThat(done).isTrue();
        }

        @Override
        public boolean holds(FirmwareSlot slot) throws IOException {
            return answer(Method.HOLDS, () -> inside.holds(slot));
        }
    }
}
