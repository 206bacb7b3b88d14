package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.install.Operation.Kind;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise 6, as a caller sees it: what an update on a failing disk throws, and what there is while the disk fails. */
class FaultOutcomeTest {
    private static final Device DEVICE = Device.plain();
    private static final Path ROOT = Device.ROOT;
    private static final Map<String, String> OLD = Map.of("a", "old", "gone/x", "x");
    private static final Map<String, String> NEW = Map.of("a", "new", "made/y", "y");
    private static final Manifest RELEASE = Device.offer("2")
            .file("a", "new")
            .file("made/y", "y")
            .without("gone/x")
            .manifest();
    private static final TreeImage BEFORE = disk(OLD).tree(ROOT);
    private static final TreeImage AFTER = disk(NEW).tree(ROOT);

    private static CrashDisk disk(Map<String, String> tree) {
        return new CrashDisk().with(ROOT, tree);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whileAFaultLastsTheTreeIsOldOrNewOrTheWayOutIsThere(Fault fault) throws IOException {
        boolean struck = true;
        for (int place = 1; struck; place++) {
            CrashDisk disk = disk(OLD);
            FaultyPort port = FaultyPort.forEver(disk, fault, place, operation -> true);
            String story = "%s from operation %d on".formatted(fault, place);

            Optional<IOException> thrown = update(port);

            struck = port.hasStruck();
            TreeImage found = disk.tree(ROOT);
            InstallationStatus status = StatusReader.read(new Tree(new Disk(disk), ROOT), VersionFile.DEFAULT);
            if (thrown.isEmpty()) {
                assertThat(found).as(story).isEqualTo(AFTER);
            } else if (status.phase() == InstallationStatus.Phase.IDLE) {
                // The new one where nothing failed but the force of the very last rename.
                boolean unsure = thrown.get() instanceof RollbackFailedException;
                assertThat(found).as(story).isIn(BEFORE, unsure ? AFTER : BEFORE);
            } else {
                assertThat(thrown.get()).as(story).isInstanceOf(RollbackFailedException.class);
                nothingOfThePlanIsLost(disk, story);
            }
        }
    }

    /** As a network share may have it. */
    @Test
    void commitThatIsDoneAndReportedToHaveFailedIsTakenBack() throws IOException {
        CrashDisk disk = disk(OLD);
        FilePort port = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                call.run();
                if (operation.to().filter(to -> to.endsWith("plan")).isPresent()) {
                    throw new IOException("no answer");
                }
            }
        };

        assertThat(update(port)).get().asString().contains("no answer");

        assertThat(disk.tree(ROOT)).isEqualTo(BEFORE);
        try (Installation installation = DEVICE.open(disk.afterKill(), "r")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
        }
    }

    private static Optional<IOException> update(FilePort port) {
        try (Installation installation = DEVICE.open(port, "u")) {
            try {
                Device.install(installation, RELEASE);
                return Optional.empty();
            } catch (RollbackFailedException e) {
                assertThatThrownBy(() -> installation.begin(RELEASE)).isInstanceOf(IOException.class);
                assertThatThrownBy(installation::rollBack).isInstanceOf(IOException.class);
                throw e;
            }
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private static void nothingOfThePlanIsLost(CrashDisk disk, String story) throws IOException {
        StateFolder state = StateFolder.below(new Disk(disk), ROOT);
        TransactionFolder own = state.transaction("u0");
        Plan plan = state.readPlan(own.plan()).orElseThrow();
        for (Step step : plan.steps()) {
            if (step.backup().isPresent()) {
                int number = step.backup().getAsInt();
                assertThat(disk.status(own.backup(number)).isFile()
                                || disk.status(own.back(number)).isFile())
                        .as("%s: backup of %s", story, step.place())
                        .isTrue();
            }
        }
    }

    /** Forces of the touched folders fail, so nobody knows what is on the disk. */
    private static FaultyPort unsureAfterTheCommit(CrashDisk disk) {
        return FaultyPort.once(
                disk,
                Fault.EIO,
                1,
                operation -> operation.kind() == Kind.FORCE_FOLDER
                        && operation.path().equals(ROOT.resolve("made")));
    }

    @Test
    void stuckInstallationRefusesEverythingUntilItIsOpenedAgain() throws IOException {
        CrashDisk disk = disk(OLD);
        FaultyPort port = unsureAfterTheCommit(disk);
        try (Installation installation = DEVICE.open(port, "u")) {
            assertThatThrownBy(() -> Device.install(installation, RELEASE))
                    .isInstanceOf(RollbackFailedException.class)
                    .hasMessageContaining("Input/output error");
            port.lift();

            assertThat(installation.status().phase()).isEqualTo(InstallationStatus.Phase.STUCK);
            assertThat(installation.status().obstacle())
                    .hasValueSatisfying(why -> assertThat(why).contains("Input/output error"));
            assertThatThrownBy(() -> installation.begin(RELEASE)).isInstanceOf(RollbackFailedException.class);
            assertThatThrownBy(installation::rollBack).isInstanceOf(RollbackFailedException.class);
        }

        try (Installation again = DEVICE.open(disk, "r")) {
            assertThat(again.recovery()).isEqualTo(Recovery.FINISHED);
            assertThat(again.status().phase()).isEqualTo(InstallationStatus.Phase.IDLE);
        }
        assertThat(disk.tree(ROOT)).isEqualTo(AFTER);
    }

    @Test
    void nobodyGoesOnWhileItIsNotKnownWhetherTheUpdateWasCommitted() throws IOException {
        CrashDisk disk = disk(OLD);
        boolean[] named = {false};
        // The force after the plan's rename, and the one that would make sure that it is gone again.
        FaultyPort port = FaultyPort.forEver(disk, Fault.EIO, 1, operation -> {
            named[0] |= operation.to().filter(to -> to.endsWith("plan")).isPresent();
            return named[0] && operation.kind() == Kind.FORCE_FOLDER;
        });
        try (Installation installation = DEVICE.open(port, "u")) {
            assertThatThrownBy(() -> Device.install(installation, RELEASE))
                    .isInstanceOf(RollbackFailedException.class)
                    .hasMessageContaining("not known whether");
            port.lift();

            assertThatThrownBy(() -> installation.begin(RELEASE)).isInstanceOf(RollbackFailedException.class);
            assertThatThrownBy(installation::rollBack).isInstanceOf(RollbackFailedException.class);
        }

        assertThat(disk.tree(ROOT)).isEqualTo(BEFORE);
        DEVICE.update("v", RELEASE).on(disk);
        assertThat(disk.tree(ROOT)).isEqualTo(AFTER);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void faultInTheCleanUpChangesNoOutcome(Fault fault) throws IOException {
        CrashDisk updated = Device.after(disk(OLD), DEVICE.update("u", RELEASE));
        Manifest next = Device.offer("3").file("a", "newest").manifest();
        boolean struck = true;
        int places = 0;
        for (int place = 1; struck; place++) {
            CrashDisk disk = updated.copy();
            FaultyPort port = FaultyPort.forEver(disk, fault, place, afterTheEnd());

            DEVICE.update("v", next).on(port);

            struck = port.hasStruck();
            places += struck ? 1 : 0;
            try (Installation installation = DEVICE.open(disk, "r")) {
                assertThat(installation.version().map(Object::toString)).contains("3");
                installation.rollBack();
            }
            assertThat(disk.tree(ROOT)).isEqualTo(AFTER);
        }
        assertThat(places).isPositive();
    }

    /** From the force on that follows the rename of the plan to {@code done}. */
    private static Predicate<Operation> afterTheEnd() {
        int[] passed = {0};
        return operation -> {
            boolean ended = passed[0] == 2;
            boolean renamed = operation.to().filter(to -> to.endsWith("done")).isPresent();
            boolean forced = passed[0] == 1 && operation.kind() == Kind.FORCE_FOLDER;
            passed[0] += renamed || forced ? 1 : 0;
            return ended;
        };
    }

    @Test
    void fullDiskBeforeTheCommitIsToldAsSuchAndGetsBackTheRoomOfTheDownloads() throws IOException {
        boolean committed = false;
        for (int place = 1; !committed; place++) {
            CrashDisk disk = disk(OLD);
            boolean[] named = {false};
            FaultyPort port = FaultyPort.once(disk, Fault.ENOSPC, place, operation -> {
                boolean isAsked = operation.path().startsWith(ROOT.resolve(".ota/txn")) && !named[0];
                named[0] |= operation.to().filter(to -> to.endsWith("plan")).isPresent();
                return isAsked;
            });
            try (Installation installation = DEVICE.open(port, "u")) {
                try {
                    Device.install(installation, RELEASE);
                    assertThat(port.hasStruck()).isFalse();
                    committed = true;
                } catch (InsufficientSpaceException e) {
                    assertThat(disk.tree(ROOT)).isEqualTo(BEFORE);
                    assertThat(disk.list(ROOT.resolve(".ota/part")))
                            .as("operation %d", place)
                            .isEmpty();
                    Device.install(installation, RELEASE);
                }
            }
            assertThat(disk.tree(ROOT)).isEqualTo(AFTER);
        }
    }

    @Test
    void downloadThatIsHeldNeedsNoMoreRoom() throws IOException {
        String content = "c".repeat(3 << 20);
        CrashDisk disk = disk(OLD).capacity(5 << 20);
        Manifest large = Sized.release("2", "large", content);
        try (Installation installation = DEVICE.open(disk, "u")) {
            try (UpdateTransaction transaction = installation.begin(large)) {
                Target target = transaction.missing().get(0);
                transaction.stage(target, 0, Device.stream(content));
            }

            try (UpdateTransaction again = installation.begin(large)) {
                again.commit();
            }
            assertThat(disk.text(ROOT.resolve("large"))).hasSize(content.length());
            assertThatThrownBy(() -> installation.begin(Sized.release("3", "larger", content)))
                    .isInstanceOfSatisfying(InsufficientSpaceException.class, full -> {
                        assertThat(full.required().orElseThrow()).isGreaterThan(content.length());
                        assertThat(full.available().orElseThrow()).isLessThan(content.length());
                    });
        }
    }
}
