package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.install.Operation.Kind;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Downloads: what is held, what is thrown away, and when they count as being on the disk. */
class StagingTest {
    private static final Path ROOT = Device.ROOT;
    private static final String CONTENT = "0123456789";
    private static final Manifest RELEASE = Sized.release("2", "file", CONTENT);

    private final CrashDisk disk = new CrashDisk().with(ROOT, Map.of());

    @Nested
    class Resuming {
        private Installation installation;
        private UpdateTransaction transaction;
        private Target target;

        @BeforeEach
        void transaction() throws IOException {
            installation = Device.plain().open(disk, "u");
            begin();
        }

        @AfterEach
        void close() throws IOException {
            transaction.close();
            installation.close();
        }

        private void begin() throws IOException {
            transaction = installation.begin(RELEASE);
            target = transaction.missing().get(0);
        }

        private void beginAgain() throws IOException {
            close();
            installation = Device.plain().open(disk, "v");
            begin();
        }

        @Test
        void brokenConnectionLeavesWhatCameToTheNextRun() throws IOException {
            InputStream breaking = new SequenceInputStream(Device.stream("0123"), new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("connection reset");
                }
            });
            assertThatThrownBy(() -> transaction.stage(target, 0, breaking)).hasMessage("connection reset");
            assertThat(transaction.held(target)).isEqualTo(4);

            beginAgain();
            assertThat(transaction.held(target)).isEqualTo(4);
            transaction.stage(target, 4, Device.stream("456789"));
            transaction.commit();

            assertThat(disk.text(ROOT.resolve("file"))).isEqualTo(CONTENT);
        }

        @Test
        void endBeforeTheSizeIsAnErrorAndWhatCameIsHeld() {
            assertThatThrownBy(() -> transaction.stage(target, 0, Device.stream("01234")))
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining("5 of 10");

            assertThat(transaction.held(target)).isEqualTo(5);
        }

        @Test
        void moreThanTheSizeIsThrownAway() throws IOException {
            assertThatThrownBy(() -> transaction.stage(target, 0, Device.stream(CONTENT + "x")))
                    .isInstanceOf(IntegrityException.class)
                    .hasMessageContaining("expected 10 bytes, got more");

            assertThat(transaction.held(target)).isZero();
            transaction.stage(target, 0, Device.stream(CONTENT));
        }

        @Test
        void endlessContentIsNotReadToItsEnd() {
            InputStream endless = new InputStream() {
                private long given;

                @Override
                public int read() {
                    assertThat(++given).isLessThan(1_000_000);
                    return 'x';
                }
            };

            assertThatThrownBy(() -> transaction.stage(target, 0, endless)).isInstanceOf(IntegrityException.class);
        }

        @Test
        void wrongRestIsThrownAwayWithWhatWasHeld() {
            assertThatThrownBy(() -> transaction.stage(target, 0, Device.stream("01234")))
                    .isInstanceOf(EOFException.class);

            assertThatThrownBy(() -> transaction.stage(target, 5, Device.stream("forge")))
                    .isInstanceOf(IntegrityException.class);

            assertThat(transaction.held(target)).isZero();
        }

        @Test
        void contentFromElsewhereThanWhereItEndsIsRefused() {
            assertThatThrownBy(() -> transaction.stage(target, 3, Device.stream("345")))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void fromTheBeginningAgainReplacesWhatIsHeld() throws IOException {
            assertThatThrownBy(() -> transaction.stage(target, 0, Device.stream("forge")))
                    .isInstanceOf(EOFException.class);

            transaction.stage(target, 0, Device.stream(CONTENT));

            assertThat(transaction.missing()).isEmpty();
        }

        @Test
        void interruptStopsItAndLosesNothing() {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> transaction.stage(target, 0, Device.stream(CONTENT)))
                    .isInstanceOf(InterruptedIOException.class);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(transaction.missing()).containsExactly(target);
        }

        @Test
        void whatWasSpoiltMeanwhileIsFetchedAgain() throws IOException {
            transaction.stage(target, 0, Device.stream(CONTENT));
            Path parts = ROOT.resolve(".ota/part");
            Path part = parts.resolve(disk.list(parts).get(0));
            disk.unlink(part);
            disk.with(parts, Map.of(part.getFileName().toString(), "012345678X"));

            beginAgain();

            assertThat(transaction.held(target)).isZero();
        }

        @Test
        void commitWithoutAllTargetsIsRefused() {
            assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
            assertThat(disk.tree(ROOT).entries()).isEmpty();
        }

        @Test
        void onlyOneTransactionAtATime() {
            assertThatThrownBy(() -> installation.begin(RELEASE)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(installation::rollBack).isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    class Forcing {
        /** What waits to be forced in the background. */
        private final Queue<Runnable> waiting = new ArrayDeque<>();

        private Device device(Executor executor) {
            return new Device(port -> InstallationOptions.defaults().withExecutor(executor));
        }

        /** A disk that cannot write a file back, says so once, and then takes it for written, as Linux does. */
        private FilePort losingTheFirstFile() {
            boolean[] lost = {false};
            return new InterceptingPort(disk) {
                @Override
                void around(Operation operation, Call call) throws IOException {
                    if (operation.kind() == Kind.FORCE && operation.path().startsWith(ROOT.resolve(".ota/part"))) {
                        if (!lost[0]) {
                            lost[0] = true;
                            throw Fault.EIO.exception(operation.path());
                        }
                        assertThat(created)
                                .as("forced again without having been written again")
                                .isTrue();
                    }
                    created |= lost[0] && operation.kind() == Kind.CREATE;
                    call.run();
                }

                private boolean created;
            };
        }

        @Test
        void failedForceStopsTheUpdateAndTheFileIsFetchedAgain() throws IOException {
            try (Installation installation = device(Runnable::run).open(losingTheFirstFile(), "u")) {
                assertThatThrownBy(() -> Device.install(
                                installation, Device.offer("1").file("a", "a").manifest()))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("Input/output error");
                assertThat(disk.tree(ROOT).entries()).isEmpty();

                Device.install(installation, Device.offer("1").file("a", "a").manifest());
            }
            assertThat(disk.text(ROOT.resolve("a"))).isEqualTo("a");
        }

        @Test
        void failedForceInTheBackgroundDoesSoToo() throws IOException {
            try (Installation installation = device(waiting::add).open(losingTheFirstFile(), "u")) {
                Manifest release = Device.offer("1").file("a", "a").manifest();
                try (UpdateTransaction transaction = installation.begin(release)) {
                    transaction.stage(transaction.missing().get(0), 0, Device.stream("a"));
                    assertThat(waiting).hasSize(1);
                    waiting.remove().run();

                    assertThatThrownBy(transaction::commit).hasMessageContaining("Input/output error");
                }
                try (UpdateTransaction again = installation.begin(release)) {
                    assertThat(again.missing()).hasSize(1);
                }
            }
            assertThat(disk.tree(ROOT).entries()).isEmpty();
        }

        @Test
        void noMoreThanSixteenFilesWaitOpen() throws IOException {
            Device.Offer offer = Device.offer("1");
            for (int i = 0; i < 40; i++) {
                offer = offer.file("f" + i, "content " + i);
            }
            try (Installation installation = device(waiting::add).open(disk, "u");
                    UpdateTransaction transaction = installation.begin(offer.manifest())) {
                for (Target target : transaction.missing()) {
                    transaction.stage(target, 0, Device.stream(target.reference()));
                }

                assertThat(waiting).hasSize(16);
                waiting.forEach(Runnable::run);
                transaction.commit();
            }
            assertThat(disk.tree(ROOT).entries()).hasSize(40);
        }

        @Test
        void executorWhoseOnlyThreadRunsTheUpdateDoesNotStopIt() throws Exception {
            Device.Offer offer = Device.offer("1");
            for (int i = 0; i < 20; i++) {
                offer = offer.file("f" + i, "content " + i);
            }
            Manifest release = offer.manifest();
            ExecutorService one = Executors.newSingleThreadExecutor();
            try {
                Future<Boolean> update = one.submit(() -> {
                    device(one).update("u", release).on(disk);
                    return true;
                });

                assertThat(update.get(20, TimeUnit.SECONDS)).isTrue();
            } finally {
                one.shutdownNow();
            }
            assertThat(disk.tree(ROOT).entries()).hasSize(20);
        }

        @Test
        void executorThatDropsWhatItTookIsDoneWithout() throws IOException {
            Executor forgetful = task -> {};

            device(forgetful)
                    .update("u", Device.offer("1").file("a", "a").manifest())
                    .on(disk);

            assertThat(disk.text(ROOT.resolve("a"))).isEqualTo("a");
        }

        @Test
        void executorThatTakesNothingIsDoneWithout() throws IOException {
            Executor full = task -> {
                throw new RejectedExecutionException("full");
            };

            device(full)
                    .update("u", Device.offer("1").file("a", "a").manifest())
                    .on(disk);

            assertThat(disk.text(ROOT.resolve("a"))).isEqualTo("a");
        }
    }

    @Nested
    class FullDisk {
        private static final int FLOOR = 1000;

        private final Manifest release = Device.offer("2")
                .file("a", "a".repeat(400_000))
                .file("b", "b".repeat(400_000))
                .manifest();

        private Installation open(FilePort port) throws IOException {
            return new Device(any -> InstallationOptions.defaults().withFreeSpaceFloor(FLOOR)).open(port, "u");
        }

        private void installContent(Installation installation) throws IOException {
            try (UpdateTransaction transaction = installation.begin(RELEASE)) {
                transaction.stage(transaction.missing().get(0), 0, Device.stream(CONTENT));
                transaction.commit();
            }
        }

        @Test
        void roomOfAllThatWasFetchedIsGivenBackAndTheTargetIsNamed() throws IOException {
            disk.capacity(500_000);
            try (Installation installation = open(disk);
                    UpdateTransaction transaction = installation.begin(release)) {
                long before = disk.usableSpace(ROOT);
                Target a = transaction.missing().get(0);
                Target b = transaction.missing().get(1);
                transaction.stage(a, 0, Device.stream(a.reference()));

                assertThatThrownBy(() -> transaction.stage(b, 0, Device.stream(b.reference())))
                        .isInstanceOfSatisfying(
                                InsufficientSpaceException.class,
                                full -> assertThat(full.available()).isPresent())
                        .hasMessageContaining("no room for b");

                assertThat(disk.usableSpace(ROOT)).isEqualTo(before);
                assertThat(transaction.held()).isZero();
                assertThat(transaction.missing()).containsExactly(a, b);
                disk.capacity(Long.MAX_VALUE);
                for (Target target : transaction.missing()) {
                    transaction.stage(target, 0, Device.stream(target.reference()));
                }
                transaction.commit();
            }
            assertThat(disk.tree(ROOT).entries()).containsKeys("a", "b");
        }

        @Test
        void someRoomIsAlwaysLeft() throws IOException {
            disk.capacity(790_000 + FLOOR);
            try (Installation installation = open(watched())) {
                assertThatThrownBy(() -> Device.install(installation, release))
                        .isInstanceOf(InsufficientSpaceException.class);
            }
            assertThat(disk.tree(ROOT).entries()).isEmpty();
        }

        private FilePort watched() {
            return new InterceptingPort(disk) {
                @Override
                void around(Operation operation, Call call) throws IOException {
                    call.run();
                    if (operation.kind() == Kind.WRITE) {
                        assertThat(disk.usableSpace(ROOT)).isGreaterThanOrEqualTo(FLOOR);
                    }
                }
            };
        }

        @Test
        void someRoomIsLeftByTheCopyOfFirmwareWhoseSizeNobodyTold() throws IOException {
            Manifest firmware = Device.offer("2").firmware("i".repeat(200_000)).manifest();
            Device device = new Device(port -> InstallationOptions.defaults()
                    .withFreeSpaceFloor(FLOOR)
                    .withFirmware(TwoSlotFiles.inDirectory(Device.FIRMWARE, port)));
            disk.capacity(400_000 + FLOOR);

            isRefusedAtTheCommit(device, firmware);

            device.update("v", firmware).on(disk.capacity(500_000));
        }

        @Test
        void someRoomIsLeftByTheBackupsWhereNobodyToldASize() throws IOException {
            Manifest file = Device.offer("2").file("file", "y".repeat(300_000)).manifest();
            Device device = new Device(port ->
                    InstallationOptions.defaults().withFreeSpaceFloor(FLOOR).withWrittenInPlace(path -> true));
            disk.with(ROOT, Map.of("file", "x".repeat(300_000))).capacity(900_000 + FLOOR);

            isRefusedAtTheCommit(device, file);

            device.update("v", file).on(disk.capacity(1_000_000));
        }

        private void isRefusedAtTheCommit(Device device, Manifest manifest) throws IOException {
            TreeImage before = disk.tree(ROOT);
            try (Installation installation = device.open(watched(), "u");
                    UpdateTransaction transaction = installation.begin(manifest)) {
                Target target = transaction.missing().get(0);
                transaction.stage(target, 0, Device.stream(target.reference()));

                assertThatThrownBy(transaction::commit).isInstanceOf(InsufficientSpaceException.class);
            }
            assertThat(disk.tree(ROOT)).isEqualTo(before);
            assertThat(disk.list(ROOT.resolve(".ota/part"))).isEmpty();
        }

        @Test
        void whatTheStoreRefusesIsToldByTheNameOfTheTarget() throws IOException {
            FaultyPort full = FaultyPort.once(
                    disk,
                    Fault.ENOSPC,
                    1,
                    operation ->
                            operation.kind() == Kind.WRITE && operation.path().startsWith(ROOT.resolve(".ota/part")));
            try (Installation installation = open(full)) {
                assertThatThrownBy(() -> installContent(installation))
                        .isInstanceOfSatisfying(
                                InsufficientSpaceException.class,
                                e -> assertThat(e.required()).hasValue(CONTENT.length() + FLOOR))
                        .hasMessageContaining("no room for file");
            }
            assertThat(disk.list(ROOT.resolve(".ota/part"))).isEmpty();
        }

        @Test
        void copiesOfWhatIsReplacedAreCountedBeforeAnythingIsFetched() throws IOException {
            disk.with(ROOT, Map.of("file", "x".repeat(300_000))).capacity(500_000);
            Device copying = new Device(port ->
                    InstallationOptions.defaults().withFreeSpaceFloor(FLOOR).withWrittenInPlace(path -> true));

            try (Installation installation = copying.open(disk, "u")) {
                assertThatThrownBy(() -> installation.begin(RELEASE)).isInstanceOf(InsufficientSpaceException.class);
            }
            try (Installation installation = open(disk)) {
                installContent(installation);
            }
            assertThat(disk.text(ROOT.resolve("file"))).isEqualTo(CONTENT);
        }

        @Test
        void copiesAreCountedOnAStoreWithoutLinks() throws IOException {
            CrashDisk fat = new CrashDisk(CrashDisk.Lack.LINKS, CrashDisk.Lack.MODES)
                    .with(ROOT, Map.of("file", "x".repeat(300_000)))
                    .capacity(500_000);

            try (Installation installation = open(fat)) {
                assertThatThrownBy(() -> installation.begin(RELEASE)).isInstanceOf(InsufficientSpaceException.class);
            }
            try (Installation installation = open(fat.capacity(700_000))) {
                installContent(installation);
            }
            assertThat(fat.text(ROOT.resolve("file"))).isEqualTo(CONTENT);
        }

        @Test
        void theCopyInASlotIsCountedToo() throws IOException {
            String image = "i".repeat(200_000);
            Manifest firmware = Sized.firmware("2", image);
            Device device = new Device(port -> InstallationOptions.defaults()
                    .withFreeSpaceFloor(FLOOR)
                    .withFirmware(TwoSlotFiles.inDirectory(Device.FIRMWARE, port)));

            try (Installation installation = device.open(disk.capacity(400_000), "u")) {
                assertThatThrownBy(() -> installation.begin(firmware)).isInstanceOf(InsufficientSpaceException.class);
            }
            try (Installation installation = device.open(disk.capacity(500_000), "v")) {
                Device.install(installation, firmware);
            }
            assertThat(disk.text(Device.FIRMWARE.resolve("slot-b.img"))).isEqualTo(image);
        }
    }

    @Test
    void downloadsThatNobodyAsksForAnyMoreAreRemoved() throws IOException {
        try (Installation installation = Device.plain().open(disk, "u")) {
            try (UpdateTransaction transaction = installation.begin(RELEASE)) {
                transaction.stage(transaction.missing().get(0), 0, Device.stream(CONTENT));
            }
            assertThat(disk.list(ROOT.resolve(".ota/part"))).hasSize(1);

            installation.begin(Sized.release("3", "file", "other")).close();

            assertThat(disk.list(ROOT.resolve(".ota/part"))).isEmpty();
        }
    }

    @Test
    void twoTargetsOfOneContentAreTwoFiles() throws IOException {
        Device.plain()
                .update(
                        "u",
                        Device.offer("1").file("a", "same").file("b", "same").manifest())
                .on(disk);

        assertThat(disk.text(ROOT.resolve("a"))).isEqualTo("same");
        assertThat(disk.text(ROOT.resolve("b"))).isEqualTo("same");
    }
}
