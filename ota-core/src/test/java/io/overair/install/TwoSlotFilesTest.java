package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.crashkit.CrashReport;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwoSlotFilesTest {
    private static final Path FOLDER = Device.FIRMWARE;
    private static final Path IMAGE = Path.of("/image");

    private final CrashDisk disk = new CrashDisk()
            .with(FOLDER, Map.of("slot-a.img", "running", "active", "a\n"))
            .with(CrashDisk.ROOT, Map.of("image", "new"));
    private final TwoSlotFiles slots = TwoSlotFiles.inDirectory(FOLDER, disk);

    private static Digest sha256(String content) {
        return Digest.ofContent(Digest.Algorithm.SHA256, content.getBytes(UTF_8));
    }

    private static FirmwareSlot slot(String name, String content) {
        return new FirmwareSlot(name, Optional.of(sha256(content)));
    }

    @Nested
    class Contract extends FirmwareWriterContract {
        @TempDir
        Path folder;

        @Override
        FirmwareWriter writer() {
            return TwoSlotFiles.inDirectory(folder);
        }
    }

    @Test
    void imageGoesToTheSlotThatDoesNotRun() throws IOException {
        assertThat(slots.active()).contains(slot("a", "running"));

        assertThat(slots.write(IMAGE, sha256("new"))).isEqualTo(slot("b", "new"));
        assertThat(slots.active()).contains(slot("a", "running"));

        slots.activate(slot("b", "new"), Optional.empty());
        assertThat(slots.active()).contains(slot("b", "new"));
        assertThat(slots.holds(slot("a", "running"))).isTrue();
    }

    @Test
    void folderIsMadeWithTheFirstImage() throws IOException {
        Path missing = Path.of("/none");
        TwoSlotFiles first = TwoSlotFiles.inDirectory(missing, disk);
        FirmwareSlot nothing = first.active().orElseThrow();

        first.write(IMAGE, sha256("new"));

        assertThat(disk.list(missing)).containsExactly("slot-b.img");
        assertThat(first.holds(nothing)).isTrue();
    }

    @Test
    void imageIsReadBackAndTheSlotKeptIfItIsAnother() throws IOException {
        disk.with(FOLDER, Map.of("slot-b.img", "before"));

        assertThatThrownBy(() -> slots.write(IMAGE, sha256("other")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reads back other than it was written");

        assertThat(slots.holds(slot("b", "before"))).isTrue();
        assertThat(disk.list(FOLDER)).containsExactly("active", "slot-a.img", "slot-b.img");
    }

    @Test
    void pointerIsNeverTornAndTheImageItNamesIsThere() {
        Function<CrashDisk, Verdict> judge = cut -> {
            try {
                FirmwareSlot active =
                        TwoSlotFiles.inDirectory(FOLDER, cut).active().orElseThrow();
                return active.equals(slot("a", "running"))
                        ? Verdict.OLD
                        : active.equals(slot("b", "new")) ? Verdict.NEW : Verdict.TORN;
            } catch (IOException e) {
                return Verdict.TORN;
            }
        };
        Scenario scenario = Scenario.of(
                "two slots",
                disk,
                port -> {
                    TwoSlotFiles writer = TwoSlotFiles.inDirectory(FOLDER, port);
                    writer.activate(writer.write(IMAGE, sha256("new")), Optional.of(IMAGE));
                },
                port -> TwoSlotFiles.inDirectory(FOLDER, port).active(),
                judge);

        CrashReport report = CrashExplorer.explore(scenario, 2);

        assertThat(report.foundFailures()).as(report.toString()).isFalse();
        assertThat(report.renewed()).isPositive();
    }

    @Test
    void pointerThatNamesNeitherSlotIsAnError() {
        disk.with(FOLDER.resolve("other"), Map.of("active", "c\n"));

        assertThatThrownBy(TwoSlotFiles.inDirectory(FOLDER.resolve("other"), disk)::active)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("names neither slot");
        assertThatThrownBy(() -> slots.activate(new FirmwareSlot("c", Optional.empty()), Optional.empty()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void rollbackIsRefusedOnceTheSlotBeforeIsBeingOverwritten() throws IOException {
        Device device = Device.withTwoSlots();
        disk.with(Device.ROOT, Map.of("a", "0"));
        device.update("u", Device.offer("1").file("a", "1").firmware("image 1").manifest())
                .on(disk);
        // The next update fails after it has written its image.
        FaultyPort failing = FaultyPort.once(
                disk, Fault.EIO, 1, operation -> operation.path().endsWith("plan.tmp"));
        assertThatThrownBy(() -> device.update(
                                "v",
                                Device.offer("2")
                                        .file("a", "2")
                                        .firmware("image 2")
                                        .manifest())
                        .on(failing))
                .isInstanceOf(IOException.class);
        TreeImage before = disk.tree(CrashDisk.ROOT);

        assertThatThrownBy(() -> device.rollBack("b").on(disk))
                .isInstanceOf(NoWayBackException.class)
                .hasMessageContaining("overwritten");

        assertThat(disk.tree(CrashDisk.ROOT)).isEqualTo(before);
        assertThat(slots.active()).contains(slot("b", "image 1"));
        assertThat(disk.text(Device.ROOT.resolve("a"))).isEqualTo("1");
    }

    @Test
    void rollbackIsRefusedIfTheImageBeforeIsSpoilt() throws IOException {
        Device device = Device.withTwoSlots();
        disk.with(Device.ROOT, Map.of("a", "0"));
        device.update("u", Device.offer("1").file("a", "1").firmware("image 1").manifest())
                .on(disk);
        disk.unlink(FOLDER.resolve("slot-a.img"));
        disk.with(FOLDER, Map.of("slot-a.img", "bit rot"));

        assertThatThrownBy(() -> device.rollBack("b").on(disk)).isInstanceOf(NoWayBackException.class);

        assertThat(disk.text(Device.ROOT.resolve("a"))).isEqualTo("1");
    }

    @Test
    void firmwareWithoutAWriterIsRefusedBeforeAnythingChangesOrSkipped() throws IOException {
        disk.with(Device.ROOT, Map.of("a", "0"));
        Device.Offer offer = Device.offer("1").file("a", "1").firmware("image");
        TreeImage before = disk.tree(Device.ROOT);

        assertThatThrownBy(() -> Device.plain().update("u", offer.manifest()).on(disk))
                .isInstanceOf(FirmwareNotSupportedException.class);
        assertThat(disk.tree(Device.ROOT)).isEqualTo(before);

        new Device(port -> InstallationOptions.defaults()
                        .withUnsupportedFirmware(InstallationOptions.UnsupportedFirmware.SKIP))
                .update("u", offer.manifest())
                .on(disk);
        assertThat(disk.text(Device.ROOT.resolve("a"))).isEqualTo("1");
    }
}
