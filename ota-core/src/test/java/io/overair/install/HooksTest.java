package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.overair.install.Operation.Kind;
import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When hooks are called, what their failures do, and what is undone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HooksTest {
    private static final Path ROOT = Device.ROOT;
    private static final Manifest RELEASE =
            Device.offer("2").file("a", "new").file("b", "b").manifest();
    private static final TreeImage OLD = disk("old").tree(ROOT);
    private static final TreeImage NEW =
            new CrashDisk().with(ROOT, Map.of("a", "new", "b", "b")).tree(ROOT);

    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final CrashDisk disk = disk("old");

    private static CrashDisk disk(String content) {
        return new CrashDisk().with(ROOT, Map.of("a", content));
    }

    private FakeHook hook(String name) {
        return new FakeHook(name, calls);
    }

    private static Device device(UpdateHook... hooks) {
        return new Device(port -> options(hooks));
    }

    private static InstallationOptions options(UpdateHook... hooks) {
        InstallationOptions options = InstallationOptions.defaults();
        for (UpdateHook hook : hooks) {
            options = options.withHook(hook);
        }
        return options;
    }

    private void update(UpdateHook... hooks) throws IOException {
        device(hooks).update("u", RELEASE).on(disk);
    }

    private List<String> events() throws IOException {
        try (Installation installation = Device.plain().open(disk, "e")) {
            return installation.events().stream()
                    .map(event -> event.replaceFirst("\\d+ \\d+ ", ""))
                    .filter(event -> event.startsWith("hook"))
                    .toList();
        }
    }

    @Test
    void hooksAreCalledInTheirOrderBeforeAndAfterTheTreeChanges() throws IOException {
        List<TreeImage> seen = new ArrayList<>();

        update(
                hook("first").doing(HookEvent.BEFORE_APPLY, () -> seen.add(disk.tree(ROOT))),
                hook("second").doing(HookEvent.AFTER_APPLY, () -> seen.add(disk.tree(ROOT))));

        assertThat(calls)
                .containsExactly(
                        "first before-apply ?-2",
                        "second before-apply ?-2",
                        "first after-apply ?-2",
                        "second after-apply ?-2");
        assertThat(seen).containsExactly(OLD, NEW);
        assertThat(events())
                .startsWith("hook-started hook=first event=before-apply")
                .hasSize(4);
    }

    @Test
    void hookIsToldWhereTheFilesAre() throws IOException {
        List<Path> roots = new ArrayList<>();

        update(new UpdateHook() {
            @Override
            public String name() {
                return "root";
            }

            @Override
            public void beforeApply(Change change) {
                roots.add(change.files());
            }
        });

        assertThat(roots).containsExactly(ROOT);
    }

    @Test
    void vetoLeavesTheDeviceAsItWasAndSaysWhy() {
        HookVetoException veto = catchThrowableOfType(
                HookVetoException.class,
                () -> update(hook("first"), hook("second").failing(HookEvent.BEFORE_APPLY), hook("third")));

        assertThat(veto).hasMessage("hook second: not now");
        assertThat(veto.hook()).isEqualTo("second");
        assertThat(veto.reason()).isEqualTo("not now");
        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
        assertThat(calls)
                .containsExactly(
                        "first before-apply ?-2", "second before-apply ?-2", "second undo ?-2", "first undo ?-2");
    }

    @Test
    void whatWasStagedOutlivesAVeto() throws IOException {
        FakeHook hook = hook("first").failing(HookEvent.BEFORE_APPLY);
        try (Installation installation = device(hook).open(disk, "u")) {
            assertThatThrownBy(() -> Device.install(installation, RELEASE)).isInstanceOf(HookVetoException.class);

            hook.doing(HookEvent.BEFORE_APPLY, () -> {});
            try (UpdateTransaction again = installation.begin(RELEASE)) {
                assertThat(again.missing()).isEmpty();
                again.commit();
            }
        }

        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
    }

    @Test
    void failureAfterTheUpdateHasItUndone() throws IOException {
        List<TreeImage> seen = new ArrayList<>();
        FakeHook first = hook("first").doing(HookEvent.UNDO, () -> seen.add(disk.tree(ROOT)));

        assertThatThrownBy(() -> update(first, hook("second").failing(HookEvent.AFTER_APPLY), hook("third")))
                .isInstanceOf(UpdateUndoneException.class)
                .cause()
                .isInstanceOf(HookVetoException.class)
                .hasMessage("hook second: not now");

        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
        assertThat(seen).containsExactly(OLD);
        assertThat(calls.subList(5, 8)).containsExactly("third undo ?-2", "second undo ?-2", "first undo ?-2");
        assertThat(events())
                .contains("hook-failed hook=second event=after-apply cause=not%20now", "hook-undone hook=first");
    }

    static List<TimeLimit.Body> waysToFail() {
        return List.of(
                () -> {
                    throw new IllegalStateException("wrong");
                },
                () -> {
                    throw new InterruptedException("wrong");
                },
                () -> {
                    throw new AssertionError("wrong");
                },
                () -> {
                    throw new NoClassDefFoundError("wrong");
                });
    }

    @ParameterizedTest
    @MethodSource("waysToFail")
    void whateverAHookThrowsIsAFailureOfTheHook(TimeLimit.Body body) {
        assertThatThrownBy(() -> update(hook("first").doing(HookEvent.BEFORE_APPLY, body)))
                .isInstanceOf(HookVetoException.class)
                .hasMessage("hook first: wrong");
    }

    @Test
    void failureWithoutAMessageIsNamed() {
        FakeHook hook = hook("first").doing(HookEvent.BEFORE_APPLY, () -> {
            throw new IllegalStateException();
        });

        assertThatThrownBy(() -> update(hook)).hasMessage("hook first: IllegalStateException");
    }

    @Test
    void hookThatDoesNotEndHasFailed() {
        CountDownLatch never = new CountDownLatch(1);
        FakeHook hook = hook("first").withLimit(Duration.ofMillis(50)).doing(HookEvent.BEFORE_APPLY, never::await);

        assertThatThrownBy(() -> update(hook))
                .isInstanceOf(HookVetoException.class)
                .hasMessage("hook first: it did not end within 0.05 s");

        assertThat(calls).containsExactly("first before-apply ?-2", "first undo ?-2");
    }

    @Test
    void undoThatFailsIsTriedOnceMoreAndKeepsNoOtherFromRunning() throws IOException {
        FakeHook second = hook("second").failing(HookEvent.BEFORE_APPLY).failing(HookEvent.UNDO);

        assertThatThrownBy(() -> update(hook("first"), second)).isInstanceOf(HookVetoException.class);

        assertThat(calls).endsWith("second undo ?-2", "second undo ?-2", "first undo ?-2");
        assertThat(events()).contains("hook-failed hook=second event=undo cause=not%20now", "hook-undone hook=first");
        try (Installation installation = device(hook("first"), second).open(disk, "r")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
        }
    }

    /** Cut when both hooks have run, before the plan is written. */
    private void cutBeforeTheCommit() {
        cutUpdate(
                operation -> operation.kind() == Kind.CREATE && operation.path().endsWith("plan.tmp"));
    }

    private void cutUpdate(Predicate<Operation> before) {
        assertThatThrownBy(() -> device(hook("first"), hook("second"))
                        .update("u", RELEASE)
                        .on(new EndingPort(disk, before)))
                .isInstanceOf(PowerCut.class);
        calls.clear();
    }

    /** Ends the program before an operation. */
    private static final class EndingPort extends InterceptingPort {
        private final Predicate<Operation> last;
        private boolean over;

        EndingPort(FilePort port, Predicate<Operation> last) {
            super(port);
            this.last = last;
        }

        @Override
        void around(Operation operation, Call call) throws IOException {
            over |= last.test(operation);
            if (over) {
                throw new PowerCut("cut before " + operation);
            }
            call.run();
        }
    }

    @Test
    void whatWasCutBeforeTheCommitIsUndoneAtTheNextOpen() throws IOException {
        cutBeforeTheCommit();

        try (Installation installation = device(hook("first"), hook("second")).open(disk.afterKill(), "r")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.CLEANED_UP);
        }

        assertThat(calls).containsExactly("second undo ?-2", "first undo ?-2");
    }

    @Test
    void thatThereIsNoPlanIsOnTheDiskBeforeAnythingIsUndone() {
        cutBeforeTheCommit();
        List<String> operations = new ArrayList<>();
        FakeHook first = hook("first").doing(HookEvent.UNDO, () -> operations.add("undo"));
        FilePort watched = new InterceptingPort(disk.afterKill()) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                operations.add(operation.toString());
                call.run();
            }
        };

        assertThat(catchThrowableOfType(
                        IOException.class, () -> device(first, hook("second")).recover(watched)))
                .isNull();

        assertThat(operations).containsSubsequence("force folder /device/.ota/txn/u0", "undo");
    }

    @Test
    void programWithoutHooksLeavesThemToOneThatKnowsThem() throws IOException {
        cutBeforeTheCommit();
        CrashDisk found = disk.afterKill();

        assertThat(recoveryBy(device(), found)).isEqualTo(Recovery.CLEANED_UP);
        assertThat(found.list(ROOT.resolve(".ota/txn/u0"))).containsExactly("hooks");
        assertThat(openHooks(found)).containsExactly("first", "second");
        assertThat(recoveryBy(device(), found)).isEqualTo(Recovery.NOTHING_TO_DO);
        assertThat(calls).isEmpty();

        assertThat(recoveryBy(device(hook("second")), found)).isEqualTo(Recovery.NOTHING_TO_DO);
        assertThat(recoveryBy(device(hook("first"), hook("second")), found)).isEqualTo(Recovery.CLEANED_UP);
        assertThat(calls).containsExactly("second undo ?-2", "first undo ?-2");
        assertThat(found.list(ROOT.resolve(".ota/txn"))).isEmpty();
        assertThat(openHooks(found)).isEmpty();
    }

    private static List<String> openHooks(CrashDisk disk) throws IOException {
        try (Installation installation = Device.plain().open(disk, "s")) {
            return installation.status().openHooks();
        }
    }

    @Test
    void hooksOfAnUpdateThatIsOverAreNotOpen() throws IOException {
        update(hook("first"));

        assertThat(openHooks(disk)).isEmpty();
    }

    @Test
    void spoiltListOfHooksDoesNotHideTheStatus() throws IOException {
        cutBeforeTheCommit();
        CrashDisk found = disk.afterKill();
        found.unlink(ROOT.resolve(".ota/txn/u0/hooks"));
        found.with(ROOT, Map.of(".ota/txn/u0/hooks", "spoilt"));

        assertThat(openHooks(found)).isEmpty();
    }

    @Test
    void updateThatIsCutIsUndoneByAProgramThatCannotAskItsHooksWhetherItMayStay() throws IOException {
        cutBeforeTheEnd();
        CrashDisk found = disk.afterKill();

        assertThat(recoveryBy(device(hook("first")), found)).isEqualTo(Recovery.UNDONE);

        assertThat(found.tree(ROOT)).isEqualTo(OLD);
        assertThat(calls).containsExactly("first undo ?-2");
        recoveryBy(device(hook("first"), hook("second")), found);
        assertThat(calls).containsExactly("first undo ?-2", "second undo ?-2");
    }

    @Test
    void hooksThatAProgramDoesNotKnowAreForgottenWhenItUpdates() throws IOException {
        cutBeforeTheCommit();
        CrashDisk found = disk.afterKill();

        device().update("v", RELEASE).on(found);

        recoveryBy(device(hook("first"), hook("second")), found);
        assertThat(calls).isEmpty();
        try (Installation installation = Device.plain().open(found, "e")) {
            assertThat(installation.events())
                    .anyMatch(event -> event.endsWith("hook-unknown hook=first event=undo"))
                    .anyMatch(event -> event.endsWith("hook-unknown hook=second event=undo"));
        }
    }

    private static Recovery recoveryBy(Device device, CrashDisk disk) throws IOException {
        try (Installation installation = device.open(disk, "r")) {
            return installation.recovery();
        }
    }

    @Test
    void updateThatIsCutAtItsEndIsEndedAndItsHooksAreCalledAgain() throws IOException {
        cutBeforeTheEnd();

        try (Installation installation = device(hook("first"), hook("second")).open(disk.afterKill(), "r")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.FINISHED);
        }

        assertThat(calls).containsExactly("first after-apply ?-2", "second after-apply ?-2");
    }

    @Test
    void itIsUndoneIfOneOfThemFailsThen() throws IOException {
        cutBeforeTheEnd();
        FakeHook failing = hook("first").failing(HookEvent.AFTER_APPLY);
        CrashDisk found = disk.afterKill();

        try (Installation installation = device(failing, hook("second")).open(found, "r")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.UNDONE);
        }

        assertThat(found.tree(ROOT)).isEqualTo(OLD);
        assertThat(calls).containsExactly("first after-apply ?-2", "second undo ?-2", "first undo ?-2");
    }

    @Test
    void hookThatIsNewInTheProgramThatRecoversIsUndoneToo() throws IOException {
        cutBeforeTheEnd();

        device(hook("first"), hook("second"), hook("new").failing(HookEvent.AFTER_APPLY))
                .open(disk.afterKill(), "r")
                .close();

        assertThat(calls.subList(2, 4)).containsExactly("new after-apply ?-2", "new undo ?-2");
    }

    private void cutBeforeTheEnd() {
        cutUpdate(operation -> operation.to().filter(to -> to.endsWith("done")).isPresent());
    }

    @Test
    void rollbackTellsHooksAndNothingElseIsCalled() throws IOException {
        Device.plain().update("u", RELEASE).on(disk);
        List<TreeImage> seen = new ArrayList<>();

        device(hook("first").doing(HookEvent.ON_ROLLBACK, () -> seen.add(disk.tree(ROOT))), hook("second"))
                .rollBack("b")
                .on(disk);

        assertThat(calls).containsExactly("first on-rollback 2-?", "second on-rollback 2-?");
        assertThat(seen).containsExactly(OLD);
    }

    @Test
    void hookThatFailsInARollbackChangesNothing() throws IOException {
        Device.plain().update("u", RELEASE).on(disk);

        device(hook("first").failing(HookEvent.ON_ROLLBACK), hook("second"))
                .rollBack("b")
                .on(disk);

        assertThat(disk.tree(ROOT)).isEqualTo(OLD);
        assertThat(calls).containsExactly("first on-rollback 2-?", "second on-rollback 2-?");
        assertThat(events()).contains("hook-failed hook=first event=on-rollback cause=not%20now");
    }

    @Test
    void interruptIsHandedOnWhenAllIsDone() throws IOException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread caller = Thread.currentThread();

        update(hook("first").doing(HookEvent.AFTER_APPLY, () -> {
            caller.interrupt();
            interrupted.countDown();
        }));

        assertThat(interrupted.getCount()).isZero();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
    }

    @Test
    void restartIsPreparedByHooksAndMadeByTheRestartHook() throws IOException {
        RestartHook restart = change -> calls.add("restart " + change.to().orElseThrow());
        Device device =
                new Device(port -> options(hook("first"), hook("second")).withRestartHook(restart));
        try (Installation installation = device.open(disk, "u")) {
            Device.install(installation, RELEASE);
            calls.clear();

            installation.restart();

            assertThat(calls).containsExactly("first before-restart ?-2", "second before-restart ?-2", "restart 2");
        }
    }

    @Test
    void restartHookMayBeLeftOut() throws IOException {
        try (Installation installation = device(hook("first")).open(disk, "u")) {
            Device.install(installation, RELEASE);
            calls.clear();

            installation.restart();

            assertThat(calls).containsExactly("first before-restart ?-2");
        }
    }

    @Test
    void restartAfterARollbackIsIntoTheVersionBefore() throws IOException {
        device().update("u", RELEASE).on(disk);
        device().update("v", Device.offer("3").file("a", "newer").manifest()).on(disk);
        try (Installation installation = device(hook("first")).open(disk, "b")) {
            installation.restart();
            installation.rollBack();
            installation.restart();
        }

        assertThat(calls)
                .containsExactly("first before-restart 2-3", "first on-rollback 3-2", "first before-restart 3-2");
    }

    @Test
    void hookPutsARestartOffAndWhatIsInstalledStays() throws IOException {
        RestartHook restart = change -> calls.add("restart");
        FakeHook hook = hook("first").failing(HookEvent.BEFORE_RESTART);
        Device device = new Device(port -> options(hook, hook("second")).withRestartHook(restart));
        try (Installation installation = device.open(disk, "u")) {
            Device.install(installation, RELEASE);
            calls.clear();

            assertThatThrownBy(installation::restart)
                    .isInstanceOf(HookVetoException.class)
                    .hasMessage("hook first: not now");
            assertThat(calls).containsExactly("first before-restart ?-2");
            assertThat(installation.version()).contains(LooseVersion.parse("2"));

            hook.doing(HookEvent.BEFORE_RESTART, () -> {});
            installation.restart();
            assertThat(calls).endsWith("restart");
        }

        assertThat(disk.tree(ROOT)).isEqualTo(NEW);
        assertThat(events()).contains("hook-failed hook=first event=before-restart cause=not%20now");
    }

    @Test
    void nothingIsRestartedInTheMidstOfAnUpdate() throws IOException {
        Installation installation = device(hook("first")).open(disk, "u");
        UpdateTransaction transaction = installation.begin(RELEASE);

        assertThatThrownBy(installation::restart).isInstanceOf(IllegalStateException.class);
        transaction.close();
        installation.close();
        assertThatThrownBy(installation::restart).isInstanceOf(IllegalStateException.class);
        assertThat(calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "A", "a b", "a/b", "ä", "a\n"})
    void nameThatCannotBeWrittenDownPlainlyIsRefused(String name) {
        assertThatThrownBy(() -> options(hook(name))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nameIsNotGivenTwice() {
        assertThatThrownBy(() -> options(hook("a"), hook("a"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hookWithoutTimeIsRefused() {
        assertThatThrownBy(() -> options(hook("a").withLimit(Duration.ZERO)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void listOfStartedHooksIsReadAsItWasWritten() throws IOException {
        StartedHooks started = StartedHooks.none(Optional.empty(), Optional.of(LooseVersion.parse("1.0 beta")))
                .and("first")
                .and("2nd");

        assertThat(StartedHooks.parse(started.toBytes())).isEqualTo(started);
        assertThatThrownBy(() -> StartedHooks.parse(
                        new SealedText().line("OTAHOOKS", "2", "-", "-").toBytes()))
                .isInstanceOf(IOException.class);
    }
}
