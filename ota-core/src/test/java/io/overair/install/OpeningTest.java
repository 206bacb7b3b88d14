package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.version.LooseVersion;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an installation is opened, and what becomes of the lock. */
class OpeningTest {
    private static final Path LOCK = Device.ROOT.resolve(".ota/lock");

    private final CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of("a", "old"));
    private final List<Long> naps = new ArrayList<>();

    @TempDir
    Path folder;

    private Installation open(FilePort port, Duration patience, Environment.Sleeper sleeper) throws IOException {
        int[] count = {0};
        Environment environment = new Environment(port, Clock.systemUTC(), () -> "t" + count[0]++, sleeper);
        return Installation.open(Device.ROOT, InstallationOptions.defaults().withLockPatience(patience), environment);
    }

    /** A port whose lock is held by another program until it was asked for so often. */
    private static FilePort lockedFor(CrashDisk disk, int attempts) {
        int[] left = {attempts};
        return new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                if (operation.kind() == Operation.Kind.LOCK && left[0]-- > 0) {
                    throw new InstallationLockedException(Device.ROOT, "another");
                }
                call.run();
            }
        };
    }

    @Test
    void lockIsWaitedForAsLongAsPatienceLasts() throws IOException {
        try (Installation installation = open(lockedFor(disk, 4), Duration.ofMillis(200), naps::add)) {
            assertThat(installation.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
        }
        assertThat(naps).containsExactly(50L, 50L, 50L, 50L);
    }

    @Test
    void thenItIsSaidWhoHoldsIt() {
        assertThatThrownBy(() -> open(lockedFor(disk, 5), Duration.ofMillis(200), naps::add))
                .isInstanceOfSatisfying(InstallationLockedException.class, e -> {
                    assertThat(e.root()).isEqualTo(Device.ROOT);
                    assertThat(e.holder()).isEqualTo("another");
                });
        assertThat(naps).hasSize(4);
    }

    @Test
    void withoutPatienceNobodyWaits() {
        assertThatThrownBy(() -> open(lockedFor(disk, 1), Duration.ZERO, naps::add))
                .isInstanceOf(InstallationLockedException.class);
        assertThat(naps).isEmpty();
    }

    @Test
    void patienceForCenturiesIsPatience() throws IOException {
        open(lockedFor(disk, 3), ChronoUnit.FOREVER.getDuration(), naps::add).close();

        assertThat(naps).hasSize(3);
    }

    @Test
    void lessThanNoPatienceIsRefused() {
        assertThatThrownBy(() -> InstallationOptions.defaults().withLockPatience(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() {
        assertThatThrownBy(() -> open(lockedFor(disk, 5), Duration.ofSeconds(1), millis -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void lockIsGivenBackByTheEndAndByAnOpeningThatFails() throws IOException {
        List<Path> closed = new ArrayList<>();
        FilePort port = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                call.run();
            }

            @Override
            public Closeable lock(Path file) throws IOException {
                Closeable lock = super.lock(file);
                return () -> {
                    closed.add(file);
                    lock.close();
                };
            }
        };

        open(port, Duration.ZERO, naps::add).close();
        assertThat(closed).containsExactly(LOCK);

        disk.with(Device.ROOT, Map.of(".ota/state", "spoilt"));
        assertThatThrownBy(() -> open(port, Duration.ZERO, naps::add)).isInstanceOf(UntrustedStateException.class);
        assertThat(closed).containsExactly(LOCK, LOCK);
    }

    @Test
    void planWithFirmwareWaitsForOptionsThatHaveAWriter() throws IOException {
        Device.Offer offer = Device.offer("2").file("a", "new").firmware("image");
        Recording update = Recording.of(disk, Device.withTwoSlots().update("u", offer.manifest()), port -> port);
        CrashDisk cut = update.disks().stream()
                .filter(state ->
                        state.status(Device.ROOT.resolve(".ota/txn/u0/plan")).isFile())
                .findFirst()
                .orElseThrow()
                .afterKill();
        TreeImage before = cut.tree(Device.ROOT);

        assertThatThrownBy(() -> Device.plain().recover(cut)).isInstanceOf(FirmwareNotSupportedException.class);
        assertThat(cut.tree(Device.ROOT)).isEqualTo(before);

        try (Installation installation = Device.withTwoSlots().open(cut, "r")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.FINISHED);
            assertThat(installation.version()).contains(LooseVersion.parse("2"));
        }
    }

    @Test
    void whoOnlyLooksNeedsAFolderAndAStateThatIsNotOpenToOthers() throws IOException {
        InstallationOptions options = InstallationOptions.defaults();
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Installation.openToRead(file, options)).isInstanceOf(NotDirectoryException.class);

        Installation.open(folder, options).close();
        try (Installation looking = Installation.openToRead(folder, options)) {
            assertThat(looking.root()).isEqualTo(folder.toRealPath());
            assertThat(looking.options().versionFile()).isEqualTo(VersionFile.DEFAULT);
        }
        Files.setPosixFilePermissions(folder.resolve(".ota"), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> Installation.openToRead(folder, options)).isInstanceOf(UntrustedStateException.class);
    }

    @Test
    void filesAreWholeUnlessAChangeOfThemWasCutInTheMiddle() throws IOException {
        Device.Offer offer = Device.offer("2").file("a", "new").file("b", "new");
        Recording update = Recording.of(disk, Device.plain().update("u", offer.manifest()), port -> port);
        List<Boolean> whole = new ArrayList<>();
        for (CrashDisk state : update.disks()) {
            boolean now = new Wholeness(new Tree(new Disk(state), Device.ROOT)).isWhole();
            if (whole.isEmpty() || whole.get(whole.size() - 1) != now) {
                whole.add(now);
            }
        }

        assertThat(whole).containsExactly(true, false, true);
        assertThat(Installation.isWhole(folder)).isTrue();
    }
}
