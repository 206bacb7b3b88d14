package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Hooks that are commands, with shell scripts. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CommandHookTest {
    private static final String REPORT = "echo $OVERAIR_EVENT \"$OVERAIR_FROM-$OVERAIR_TO\" >> calls";

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void device() throws IOException {
        root = Files.createDirectory(folder.resolve("device"));
        Files.writeString(root.resolve("a"), "0");
    }

    /** Runs in the test's folder. */
    private List<String> script(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "cd '" + folder + "'; " + script, "sh"));
        command.addAll(List.of(arguments));
        return command;
    }

    private Installation open(UpdateHook hook) throws IOException {
        return Installation.open(root, InstallationOptions.defaults().withHook(hook));
    }

    private static void update(Installation installation, String version) throws IOException {
        Device.install(installation, Device.offer(version).file("a", version).manifest());
    }

    private static Change change(String to) {
        return new Change(Path.of("/device"), Optional.empty(), Optional.of(LooseVersion.parse(to)));
    }

    @Test
    void commandsAreRunAtTheirEvents() throws IOException {
        CommandHook hook = CommandHook.named("app")
                .withBeforeApply(script(REPORT))
                .withAfterApply(script(REPORT))
                .withBeforeRestart(script(REPORT))
                .withOnRollback(script(REPORT))
                .withUndo(script(REPORT));

        try (Installation installation = open(hook)) {
            update(installation, "1");
            installation.restart();
            installation.rollBack();
        }

        assertThat(folder.resolve("calls"))
                .hasContent("before-apply -1\nafter-apply -1\nbefore-restart -1\non-rollback 1-\n");
    }

    @Test
    void otherStatusThanZeroIsAVetoAndTheLastWordsAreItsReason() throws IOException {
        CommandHook hook = CommandHook.named("app")
                .withBeforeApply(script("seq 100000; echo the meter is busy >&2; exit 3"))
                .withUndo(script(REPORT));

        try (Installation installation = open(hook)) {
            assertThatThrownBy(() -> update(installation, "1"))
                    .isInstanceOf(HookVetoException.class)
                    .hasMessageContaining("hook app: sh ended with status 3")
                    .hasMessageEndingWith("the meter is busy")
                    .satisfies(veto -> assertThat(veto.getMessage()).hasSizeLessThan(2500));
        }

        assertThat(root.resolve("a")).hasContent("0");
        assertThat(folder.resolve("calls")).hasContent("undo -1\n");
    }

    @Test
    void failureAfterTheUpdateHasItUndone() throws IOException {
        CommandHook hook =
                CommandHook.named("app").withAfterApply(script("exit 1")).withUndo(script(REPORT));

        try (Installation installation = open(hook)) {
            assertThatThrownBy(() -> update(installation, "1")).isInstanceOf(UpdateUndoneException.class);
        }

        assertThat(root.resolve("a")).hasContent("0");
        assertThat(folder.resolve("calls")).hasContent("undo -1\n");
    }

    @Test
    void commandThatTakesTooLongIsKilledWithWhatItStarted() throws Exception {
        CommandHook hook = CommandHook.named("app")
                .withBeforeApply(script("sleep 100 & echo $$ $! > pids; wait"))
                .withLimit(Duration.ofSeconds(1));

        try (Installation installation = open(hook)) {
            assertThatThrownBy(() -> update(installation, "1"))
                    .isInstanceOf(HookVetoException.class)
                    .hasMessage("hook app: it did not end within 1.0 s");
        }

        for (String pid : Files.readString(folder.resolve("pids")).strip().split(" ")) {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
            if (process.isPresent()) {
                process.get().onExit().get();
            }
        }
    }

    @Test
    void processThatIsLeftBehindIsNotWaitedFor() throws Exception {
        CommandHook hook = CommandHook.named("app").withBeforeApply(script("sleep 100 & echo $! > pid"));
        try {
            hook.beforeApply(change("1"));
        } finally {
            long left = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
            assertThat(ProcessHandle.of(left)).isPresent();
            ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void commandHasNothingToReadAndKnowsWhereTheFilesAre() throws Exception {
        CommandHook.named("app")
                .withBeforeApply(script("cat > read; echo \"$OVERAIR_FILES\" > root; echo \"$1\" > argument", "$(a) b"))
                .beforeApply(change("1"));

        assertThat(folder.resolve("read")).isEmptyFile();
        assertThat(folder.resolve("root")).hasContent("/device");
        assertThat(folder.resolve("argument")).hasContent("$(a) b");
    }

    @Test
    void nothingInAVersionIsACommand() throws Exception {
        CommandHook.named("app").withBeforeApply(script(REPORT)).beforeApply(change("1; touch $(hacked) `hacked`"));

        assertThat(folder.resolve("calls")).hasContent("before-apply -1; touch $(hacked) `hacked`\n");
        assertThat(folder.resolve("hacked")).doesNotExist();
    }

    @Test
    void commandThatIsNotThereIsAFailure() {
        CommandHook hook = CommandHook.named("app").withBeforeApply(List.of("/no/such/command"));

        assertThatThrownBy(() -> hook.beforeApply(change("1"))).isInstanceOf(IOException.class);
    }

    @Test
    void hookWithoutCommandsAgrees() throws IOException {
        try (Installation installation = open(CommandHook.named("app"))) {
            update(installation, "1");
        }

        assertThat(root.resolve("a")).hasContent("1");
    }

    @Test
    void commandsPrintBelowTheStateFolderAndNothingOfItIsLeft() throws IOException {
        String printed = root.resolve(".ota/hook-output").toString();
        CommandHook hook = CommandHook.named("app").withBeforeApply(script("echo busy; cat \"$1\"/* >> seen", printed));

        try (Installation installation = open(hook)) {
            update(installation, "1");
        }

        assertThat(folder.resolve("seen")).hasContent("busy\n");
        assertThat(Path.of(printed)).isEmptyDirectory();
    }

    @Test
    void whatAKilledProgramsHooksPrintedGoesAtTheNextOpen() throws IOException {
        Installation.open(root).close();
        Path printed = Files.createDirectory(root.resolve(".ota/hook-output"));
        Files.writeString(printed.resolve("1"), "busy");

        Installation.open(root).close();

        assertThat(printed).doesNotExist();
    }

    @Test
    void hookThatLacksACommandNeitherAgreesNorIsUndone() throws IOException {
        CommandHook undoing = CommandHook.named("app").withUndo(script("echo $OVERAIR_EVENT >> seen"));
        CommandHook whole = undoing.withAfterApply(script("echo $OVERAIR_EVENT >> seen"));
        Environment real = Environment.real();
        FilePort cutting = new InterceptingPort(real.port()) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                if (operation.to().filter(to -> to.endsWith("done")).isPresent()) {
                    throw new PowerCut("before the end");
                }
                call.run();
            }
        };
        assertThatThrownBy(() -> {
                    InstallationOptions options = InstallationOptions.defaults().withHook(whole);
                    Environment cut = new Environment(cutting, real.clock(), real.ids(), real.sleeper());
                    try (Installation installation = Installation.open(root.toRealPath(), options, cut)) {
                        update(installation, "1");
                    }
                })
                .isInstanceOf(PowerCut.class);

        try (Installation installation = open(undoing)) {
            assertThat(installation.recovery()).isEqualTo(Recovery.UNDONE);
        }
        assertThat(folder.resolve("seen")).hasContent("after-apply\n");
        open(whole).close();
        assertThat(folder.resolve("seen")).hasContent("after-apply\nundo\n");
    }

    @Test
    void commandHasAtLeastAName() {
        assertThatThrownBy(() -> CommandHook.named("app").withUndo(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
