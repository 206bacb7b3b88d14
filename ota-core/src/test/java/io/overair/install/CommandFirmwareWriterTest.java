package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Firmware by a command, with shell scripts for flashers. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CommandFirmwareWriterTest {
    private static final FirmwareSlot NEW = new FirmwareSlot("command", Optional.of(sha256("image")));

    @TempDir
    Path folder;

    private Path root;
    private Path image;

    @BeforeEach
    void device() throws IOException {
        root = Files.createDirectory(folder.resolve("device"));
        Files.writeString(root.resolve("a"), "0");
        image = Files.writeString(folder.resolve("image file"), "image");
    }

    private static Digest sha256(String content) {
        return Digest.ofContent(Digest.Algorithm.SHA256, content.getBytes(UTF_8));
    }

    private CommandFirmwareWriter running(String script, String... arguments) {
        return CommandFirmwareWriter.running(command(script, arguments));
    }

    /** Runs in the test's folder. */
    private List<String> command(String script, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("sh", "-c", "cd '" + folder + "'; " + script, "sh"));
        command.addAll(List.of(arguments));
        return command;
    }

    private void update(FirmwareWriter writer, String version) throws IOException {
        try (Installation installation =
                Installation.open(root, InstallationOptions.defaults().withFirmware(writer))) {
            Device.install(
                    installation,
                    Device.offer(version).file("a", version).firmware("image").manifest());
        }
    }

    private void rollBack(FirmwareWriter writer) throws IOException {
        try (Installation installation =
                Installation.open(root, InstallationOptions.defaults().withFirmware(writer))) {
            installation.rollBack();
        }
    }

    @Test
    void imageIsNamedWhereTheCommandSaysSo() throws IOException {
        running("cp \"$1\" flashed; echo \"$2\" > rest", "{image}", "if={image}")
                .activate(NEW, Optional.of(image));

        assertThat(folder.resolve("flashed")).hasContent("image");
        assertThat(folder.resolve("rest")).hasContent("if=" + image);
    }

    @Test
    void otherwiseItComesOnStandardInput() throws IOException {
        running("cat > flashed").activate(NEW, Optional.of(image));

        assertThat(folder.resolve("flashed")).hasContent("image");
    }

    @Test
    void nothingInTheNameOfTheImageIsACommand() throws IOException {
        Path hostile = Files.writeString(folder.resolve("$(touch hacked); touch hacked"), "image");

        running("cp \"$1\" flashed", "{image}").activate(NEW, Optional.of(hostile));

        assertThat(folder.resolve("flashed")).hasContent("image");
        assertThat(folder.resolve("hacked")).doesNotExist();
    }

    @Test
    void commandThatFailsSaysWhyAndHasTheWholeUpdateUndone() throws IOException {
        CommandFirmwareWriter failing = running("seq 100000; echo wrong board >&2; exit 3");

        assertThatThrownBy(() -> update(failing, "1"))
                .isInstanceOf(UpdateUndoneException.class)
                .cause()
                .hasMessageContaining("status 3")
                .hasMessageContaining("wrong board")
                .satisfies(cause -> assertThat(cause.getMessage()).hasSizeLessThan(2500));

        assertThat(root.resolve("a")).hasContent("0");
    }

    @Test
    void commandThatTakesTooLongIsEnded() {
        CommandFirmwareWriter slow = running("sleep 100").withLimit(Duration.ofMillis(200));

        assertThatThrownBy(() -> slow.activate(NEW, Optional.of(image)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end");
    }

    @Test
    void commandThatLeavesAProcessBehindHasEndedAllTheSame() throws IOException {
        CommandFirmwareWriter writer =
                running("sleep 100 & echo $! > daemon; cat > flashed").withLimit(Duration.ofSeconds(20));
        try {
            writer.activate(NEW, Optional.of(image));
            assertThat(folder.resolve("flashed")).hasContent("image");
        } finally {
            long daemon =
                    Long.parseLong(Files.readString(folder.resolve("daemon")).strip());
            ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void commandThatIsNotThereIsAFailure() {
        CommandFirmwareWriter writer = CommandFirmwareWriter.running(List.of("/no/such/flasher"));

        assertThatThrownBy(() -> writer.activate(NEW, Optional.of(image))).isInstanceOf(IOException.class);
    }

    @Test
    void commandThatIsAskedPrintsADigest() throws IOException {
        CommandFirmwareWriter writer = running("cat > flashed");

        assertThat(writer.active()).isEmpty();
        assertThat(writer.asking(command("echo " + sha256("image").hex())).active())
                .contains(NEW);
        assertThat(writer.asking(command("echo do not know")).active()).isEmpty();
        assertThatThrownBy(() -> writer.asking(command("exit 1")).active()).isInstanceOf(IOException.class);
    }

    @Test
    void rollbackSwitchesBackWithoutHavingAsked() throws IOException {
        CommandFirmwareWriter writer = running("cat > flashed").switchingBackWith(command("echo back >> switched"));
        update(writer, "1");

        rollBack(writer);

        assertThat(root.resolve("a")).hasContent("0");
        assertThat(folder.resolve("switched")).hasContent("back");
    }

    @Test
    void rollbackSwitchesBackAfterHavingAsked() throws IOException {
        Files.writeString(folder.resolve("active"), sha256("before").hex());
        CommandFirmwareWriter writer = running(
                        "cat > flashed; echo " + sha256("image").hex() + " > active")
                .asking(command("cat active"))
                .switchingBackWith(command("echo " + sha256("before").hex() + " > active; echo back >> switched"));
        update(writer, "1");

        rollBack(writer);

        assertThat(root.resolve("a")).hasContent("0");
        assertThat(folder.resolve("switched")).hasContent("back");
    }

    @Test
    void rollbackIsRefusedWhereFirmwareCannotBeSwitchedBack() throws IOException {
        CommandFirmwareWriter writer = running("cat > flashed");
        update(writer, "1");

        assertThatThrownBy(() -> rollBack(writer)).isInstanceOf(NoWayBackException.class);

        assertThat(root.resolve("a")).hasContent("1");
    }

    @Test
    void rollbackOfTheFilesAloneIsAllowedWhereTheHostSaysSo() throws IOException {
        CommandFirmwareWriter writer = running("cat > flashed").stayingOnRollback();
        update(writer, "1");

        rollBack(writer);

        assertThat(root.resolve("a")).hasContent("0");
        assertThat(folder.resolve("flashed")).hasContent("image");
    }
}
