package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
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
    void commandThatPrintsWithoutEndIsEndedAndShownByItsEnd() {
        CommandFirmwareWriter endless = running("yes").withLimit(Duration.ofMillis(500));

        assertThatThrownBy(() -> endless.activate(NEW, Optional.of(image)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end");
    }

    @Test
    void commandThatFailsTakesAlongWhatItStarted() throws Exception {
        CommandFirmwareWriter failing = running("sleep 100 & echo $! > daemon; exit 1");

        assertThatThrownBy(() -> failing.activate(NEW, Optional.of(image))).hasMessageContaining("status 1");

        long daemon = Long.parseLong(Files.readString(folder.resolve("daemon")).strip());
        Optional<ProcessHandle> notReapedYet = ProcessHandle.of(daemon);
        if (notReapedYet.isPresent()) {
            notReapedYet.get().onExit().get(20, TimeUnit.SECONDS);
        }
    }

    @Nested
    @EnabledOnOs(value = OS.LINUX, disabledReason = "looks into /proc")
    class KilledWithItsUpdater {
        @Test
        void commandThatGoesOnIsWaitedForAndThenRunsAgain() throws Exception {
            FlashingProgram.killWhileFlashing(root, folder);
            new ProcessBuilder("sh", "-c", "sleep 1; touch '" + folder.resolve("go") + "'").start();

            try (Installation installation = FlashingProgram.open(root, folder, Duration.ofSeconds(30))) {
                assertThat(installation.recovery()).isEqualTo(Recovery.FINISHED);
            }

            assertThat(folder.resolve("log")).hasContent("begin\nend\nbegin\nend");
        }

        @Test
        void commandThatHasClearedItsEnvironmentIsWaitedForAsWell() throws Exception {
            String untilItsProcessIsKnown = "while grep -q unknown '" + root.resolve(".ota/firmware/run")
                    + "'; do sleep 0.05; done; exec \"$@\"";
            String[] runner = {"env", "-i", "sh", "-c", untilItsProcessIsKnown, "sh"};
            FlashingProgram.killWhileFlashing(root, folder, runner);
            new ProcessBuilder("sh", "-c", "sleep 1; touch '" + folder.resolve("go") + "'").start();

            FlashingProgram.open(root, folder, Duration.ofSeconds(30), runner).close();

            assertThat(folder.resolve("log")).hasContent("begin\nend\nbegin\nend");
        }

        @Test
        void soIsOneThatAScriptHasStartedWithoutEnvironmentIfTheScriptIsKilledAsWell() throws Exception {
            String script = "echo $$ > '" + folder.resolve("script") + "'; env -i \"$@\"; exit $?";
            String[] runner = {"sh", "-c", script, "sh"};
            FlashingProgram.killWhileFlashing(root, folder, runner);
            long pid = Long.parseLong(Files.readString(folder.resolve("script")).strip());
            ProcessHandle killed = ProcessHandle.of(pid).orElseThrow();
            killed.destroyForcibly();
            killed.onExit().get();
            new ProcessBuilder("sh", "-c", "sleep 1; touch '" + folder.resolve("go") + "'").start();

            FlashingProgram.open(root, folder, Duration.ofSeconds(30), runner).close();

            assertThat(folder.resolve("log")).hasContent("begin\nend\nbegin\nend");
        }

        @Test
        void startOfAProcessDoesNotMoveWithTheClock() throws IOException {
            ProcessHandle self = ProcessHandle.current();
            String stat = Files.readString(Path.of("/proc/self/stat"));

            String started = CommandRun.in(folder).as(self).started();

            assertThat(started).isEqualTo(stat.substring(stat.lastIndexOf(')')).split(" ")[20]);
        }

        @Test
        void commandThatGoesOnForTooLongIsEndedBeforeItRunsAgain() throws Exception {
            FlashingProgram.killWhileFlashing(root, folder);

            FlashingProgram.open(root, folder, Duration.ofSeconds(1)).close();

            assertThat(folder.resolve("log")).hasContent("begin\nbegin\nend");
            assertThat(root.resolve("a")).hasContent("1");
        }

        @Test
        void whatACommandOfAnEarlierUpdateLeftBehindIsNotTouched() throws Exception {
            CommandFirmwareWriter leaving = running("[ -e daemon ] || { sleep 100 & echo $! > daemon; }")
                    .withLimit(Duration.ofSeconds(20));
            update(leaving, "1");
            ProcessHandle daemon = ProcessHandle.of(Long.parseLong(
                            Files.readString(folder.resolve("daemon")).strip()))
                    .orElseThrow();
            try {
                FlashingProgram.killWhileFlashing(root, folder);
                FlashingProgram.open(root, folder, Duration.ofSeconds(1)).close();

                assertThat(daemon.isAlive()).isTrue();
                assertThat(folder.resolve("log")).hasContent("begin\nbegin\nend");
            } finally {
                daemon.destroyForcibly();
            }
        }
    }

    @Nested
    class Contract extends FirmwareWriterContract {
        @Override
        FirmwareWriter writer() throws IOException {
            Files.writeString(folder.resolve("active"), sha256("built in").hex());
            return running("cat > incoming; new=$(sha256sum incoming | cut -c-64);"
                            + " [ \"$new\" = \"$(cat active)\" ] || cp active before; echo \"$new\" > active")
                    .asking(command("cat active"))
                    .switchingBackWith(command("if [ -e before ]; then mv before active; fi"));
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
    void warningOnStandardErrorIsNoPartOfTheAnswer() throws IOException {
        String answer = "echo 'warning: bad CRC' >&2; echo " + sha256("image").hex();

        assertThat(running("cat").asking(command(answer)).active()).contains(NEW);
        assertThatThrownBy(() ->
                        running("cat").asking(command(answer + "; exit 1")).active())
                .hasMessageContaining("bad CRC");
    }

    @Test
    void valuesThatCannotWorkAreRefused() {
        CommandFirmwareWriter writer = running("cat");

        assertThatThrownBy(() -> writer.withLimit(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.withLimit(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.asking(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.switchingBackWith(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEarlierCommandMayHaveCenturies() throws IOException {
        Process earlier = new ProcessBuilder("sleep", "1").start();

        CommandRun.in(folder).as(earlier.toHandle()).awaitEnd(ChronoUnit.FOREVER.getDuration());

        assertThat(earlier.isAlive()).isFalse();
    }

    @Test
    void onceACommandWasKilledOnlyItsSuccessLeadsOut() throws IOException {
        CommandFirmwareWriter writer =
                running("cat > flashed; [ -e succeed ] || { [ -e fail ] && exit 1; kill -9 $$; }");
        InstallationOptions options = InstallationOptions.defaults().withFirmware(writer);
        assertThatThrownBy(() -> update(writer, "1")).isInstanceOf(RollbackFailedException.class);
        Files.createFile(folder.resolve("fail"));

        for (int open = 0; open < 2; open++) {
            assertThatThrownBy(() -> Installation.open(root, options)).isInstanceOf(RollbackFailedException.class);
            assertThat(Installation.statusOf(root).phase()).isEqualTo(InstallationStatus.Phase.STUCK);
            assertThat(root.resolve("a")).hasContent("1");
        }

        Files.createFile(folder.resolve("succeed"));
        try (Installation installation = Installation.open(root, options)) {
            assertThat(installation.recovery()).isEqualTo(Recovery.FINISHED);
        }
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

    /** Something is in the way after the activation: another program has written to the tree. */
    private String spoiling(String script) {
        return script + "; echo spoilt > '" + root.resolve("a") + "'";
    }

    @Test
    void updateThatIsUndoneAfterTheActivationSwitchesBackWhatWasAskedFor() throws IOException {
        Files.writeString(folder.resolve("active"), sha256("before").hex());
        CommandFirmwareWriter writer = running(
                        spoiling("echo " + sha256("image").hex() + " > active"))
                .asking(command("cat active"))
                .switchingBackWith(command("echo " + sha256("before").hex() + " > active"));

        assertThatThrownBy(() -> update(writer, "1")).isInstanceOf(UpdateUndoneException.class);

        assertThat(root.resolve("a")).hasContent("0");
        assertThat(folder.resolve("active")).hasContent(sha256("before").hex());
    }

    @Test
    void updateIsNotUndoneOnceFirmwareIsActiveThatCannotBeAskedFor() throws IOException {
        CommandFirmwareWriter writer =
                running(spoiling("cat > flashed")).switchingBackWith(command("echo back >> switched"));

        update(writer, "1");

        assertThat(folder.resolve("flashed")).hasContent("image");
        assertThat(folder.resolve("switched")).doesNotExist();
        try (Installation installation = Installation.open(root)) {
            assertThat(installation.verify())
                    .containsExactly(new Difference(new DevicePath("a"), Difference.Kind.CHANGED));
        }
    }

    @Test
    void firmwareThatCannotBeSwitchedBackIsActivatedWhenAllHooksHaveAgreed() throws IOException {
        CommandFirmwareWriter writer = running("cat > flashed").asking(command("cat active"));
        Files.writeString(folder.resolve("active"), sha256("before").hex());
        CommandHook refusing = CommandHook.named("refusing").withAfterApply(command("exit 1"));
        InstallationOptions options =
                InstallationOptions.defaults().withFirmware(writer).withHook(refusing);

        try (Installation installation = Installation.open(root, options)) {
            assertThatThrownBy(() -> Device.install(
                            installation,
                            Device.offer("1").file("a", "1").firmware("image").manifest()))
                    .isInstanceOf(UpdateUndoneException.class);
        }

        assertThat(root.resolve("a")).hasContent("0");
        assertThat(folder.resolve("flashed")).doesNotExist();
    }

    @Test
    void updateWhoseCommandWasEndedIsNotUndoneButFinishedAtTheNextOpen() throws IOException {
        CommandFirmwareWriter writer = running("cat > flashed; [ -e quick ] || sleep 100");

        assertThatThrownBy(() -> update(writer.withLimit(Duration.ofMillis(500)), "1"))
                .isInstanceOf(RollbackFailedException.class)
                .hasMessageContaining("did not end");

        assertThat(Installation.statusOf(root).phase()).isEqualTo(InstallationStatus.Phase.STUCK);
        Files.createFile(folder.resolve("quick"));
        InstallationOptions options = InstallationOptions.defaults()
                .withFirmware(writer)
                .withHook(CommandHook.named("too-late").withAfterApply(command("exit 1")));
        try (Installation installation = Installation.open(root, options)) {
            assertThat(installation.recovery()).isEqualTo(Recovery.FINISHED);
        }
        assertThat(root.resolve("a")).hasContent("1");
        assertThat(folder.resolve("flashed")).hasContent("image");
    }

    @Test
    void updateWhoseCommandWasEndedIsUndoneWhereTheFirmwareBeforeIsStillActive() throws IOException {
        Files.writeString(folder.resolve("active"), sha256("before").hex());
        CommandFirmwareWriter writer =
                running("sleep 100").asking(command("cat active")).withLimit(Duration.ofSeconds(1));

        assertThatThrownBy(() -> update(writer, "1")).isInstanceOf(UpdateUndoneException.class);

        assertThat(root.resolve("a")).hasContent("0");
    }

    @Test
    void rollbackThatCannotSwitchBackIsUndoneWithoutSwitching() throws IOException {
        CommandFirmwareWriter writer =
                running("cat > flashed").switchingBackWith(command("echo tried >> switched; exit 1"));
        update(writer, "1");

        assertThatThrownBy(() -> rollBack(writer)).isInstanceOf(UpdateUndoneException.class);

        assertThat(root.resolve("a")).hasContent("1");
        assertThat(folder.resolve("switched")).hasContent("tried");
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
