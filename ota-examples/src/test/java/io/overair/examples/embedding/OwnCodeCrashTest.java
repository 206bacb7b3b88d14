package io.overair.examples.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.crashkit.CrashReport;
import io.overair.crashkit.CrashTest;
import io.overair.crashkit.SimulatedDisk;
import io.overair.crashkit.SimulatedRelease;
import io.overair.install.Change;
import io.overair.install.InstallationOptions;
import io.overair.install.UpdateHook;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a firmware writer and a hook of one's own are proved safe at every cut, and how ones that are not are caught. */
class OwnCodeCrashTest {
    private static final SimulatedRelease RELEASE = SimulatedRelease.of("2").file("main.py", "new");
    private static final Path BOOT = Path.of("/board/boots-from");
    private static final Path SETTINGS = Path.of("/data/settings");

    @Test
    void ownFirmwareWriterIsSafe() {
        CrashTest.ofUpdate(
                        "a board's firmware",
                        RELEASE.firmware("new image"),
                        disk -> InstallationOptions.defaults().withFirmware(OwnFirmwareWriter.of(new SafeBoard(disk))))
                .withFiles(
                        Map.of("/device/main.py", "old", "/board/boots-from", "0", "/board/partition-0", "old image"))
                .withAlso(disk -> disk.text(Path.of("/board/partition-" + disk.text(BOOT))))
                .everyCut()
                .requireSafe();
    }

    @Test
    void bootVariableThatIsWrittenInPlaceIsCaught() {
        CrashReport report = CrashTest.ofUpdate(
                        "a careless board's firmware",
                        RELEASE.firmware("new image"),
                        disk -> InstallationOptions.defaults()
                                .withFirmware(OwnFirmwareWriter.of(new CarelessBoard(new SafeBoard(disk)))))
                .withFiles(
                        Map.of("/device/main.py", "old", "/board/boots-from", "0", "/board/partition-0", "old image"))
                .withAlso(disk -> disk.text(Path.of("/board/partition-" + disk.text(BOOT))))
                .everyCut();

        assertThat(report.foundFailures()).isTrue();
        assertThat(report.toString()).contains("unlink /board/boots-from");
    }

    @Test
    void ownHookIsSafe() {
        CrashTest.ofUpdate(
                        "a hook that migrates settings",
                        RELEASE,
                        disk -> InstallationOptions.defaults().withHook(new MigratingHook(disk)))
                .withFiles(Map.of("/device/main.py", "old", "/data/settings", "format 1"))
                .withAlso(disk -> disk.text(SETTINGS))
                .everyCut()
                .requireSafe();
    }

    @Test
    void hookThatForgetsToUndoIsCaught() {
        CrashReport report = CrashTest.ofUpdate(
                        "a hook that migrates settings for good",
                        RELEASE,
                        disk -> InstallationOptions.defaults().withHook(new OneWayHook(new MigratingHook(disk))))
                .withFiles(Map.of("/device/main.py", "old", "/data/settings", "format 1"))
                .withAlso(disk -> disk.text(SETTINGS))
                .everyCut();

        assertThat(report.torn()).isPositive();
    }

    private record SafeBoard(SimulatedDisk disk) implements OwnFirmwareWriter.Board {
        @Override
        public String bootsFrom() throws IOException {
            disk.forceFolder(BOOT.getParent()); // what a kill left may be in memory only
            return disk.text(BOOT);
        }

        @Override
        public String idle() throws IOException {
            return bootsFrom().equals("0") ? "1" : "0";
        }

        @Override
        public void bootFrom(String partition) throws IOException {
            partition(partition); // there is one
            replace(disk, BOOT, partition.getBytes(UTF_8));
        }

        @Override
        public void write(String partition, Path image) throws IOException {
            replace(disk, partition(partition), disk.read(image));
        }

        @Override
        public Optional<Digest> sha256(String partition) throws IOException {
            return disk.exists(partition(partition))
                    ? Optional.of(Digest.ofContent(Digest.Algorithm.SHA256, disk.read(partition(partition))))
                    : Optional.empty();
        }

        private static Path partition(String name) throws IOException {
            if (!name.equals("0") && !name.equals("1")) {
                throw new IOException("there is no partition " + name);
            }
            return BOOT.resolveSibling("partition-" + name);
        }
    }

    private record CarelessBoard(SafeBoard board) implements OwnFirmwareWriter.Board {
        @Override
        public String bootsFrom() throws IOException {
            return board.bootsFrom();
        }

        @Override
        public String idle() throws IOException {
            return board.idle();
        }

        @Override
        public void bootFrom(String partition) throws IOException {
            board.disk().delete(BOOT);
            board.disk().create(BOOT, partition);
        }

        @Override
        public void write(String partition, Path image) throws IOException {
            board.write(partition, image);
        }

        @Override
        public Optional<Digest> sha256(String partition) throws IOException {
            return board.sha256(partition);
        }
    }

    private record MigratingHook(SimulatedDisk disk) implements UpdateHook {
        @Override
        public String name() {
            return "migration";
        }

        @Override
        public void beforeApply(Change change) throws IOException {
            replace(disk, SETTINGS, "format 2".getBytes(UTF_8));
        }

        @Override
        public void undo(Change change) throws IOException {
            replace(disk, SETTINGS, "format 1".getBytes(UTF_8));
        }
    }

    private record OneWayHook(MigratingHook hook) implements UpdateHook {
        @Override
        public String name() {
            return hook.name();
        }

        @Override
        public void beforeApply(Change change) throws IOException {
            hook.beforeApply(change);
        }
    }

    private static void replace(SimulatedDisk disk, Path file, byte[] bytes) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        if (disk.exists(beside)) {
            disk.delete(beside);
        }
        disk.create(beside, bytes);
        disk.force(beside);
        disk.move(beside, file);
        disk.forceFolder(file.getParent());
    }
}
