package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What hooks and firmware have in common that are commands. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs sh")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CommandTest {
    @TempDir
    Path folder;

    private Path output;

    @BeforeEach
    void output() {
        output = folder.resolve("output");
    }

    private String run(String script) throws IOException, InterruptedException {
        return run(script, output);
    }

    private String run(String script, Path errors) throws IOException, InterruptedException {
        Command command = new Command(List.of("sh", "-c", script, "sh", output.toString()), Map.of(), Optional.empty());
        return command.run(output, errors, process -> {});
    }

    @Test
    void whatIsPrintedDoesNotFillTheDisk() throws Exception {
        String untilItIsShorter = "while [ $(wc -c < \"$1\") -gt 2500000 ]; do sleep 0.05; done; ";

        String last = run("yes | head -c 3000000; " + untilItIsShorter + "echo the end");

        assertThat(last).startsWith("y\n").endsWith("y\nthe end").hasSizeLessThanOrEqualTo(2000);
    }

    @Test
    void commandThatPrintsMuchIsLookedAtMoreOften() throws Exception {
        // How often the command itself can look before it is seen to have printed much, in twenty times.
        run("looks=0; for burst in $(seq 20); do yes | head -c 1100000;"
                + " while [ $(wc -c < \"$1\") -gt 1100000 ]; do looks=$((looks + 1)); done; done;"
                + " echo $looks > \"$1.looks\"");

        String looks = Files.readString(folder.resolve("output.looks")).strip();
        assertThat(Integer.parseInt(looks)).isLessThan(200);
    }

    @Test
    void aFewLinesTellOfAFailure() {
        assertThatThrownBy(() -> run("seq 1000; exit 1"))
                .hasMessageContaining("status 1: 991\n992\n")
                .hasMessageEndingWith("\n1000");
    }

    @Test
    void errorsAreNoAnswerAndAreShownIfTheCommandFails() throws Exception {
        Path errors = folder.resolve("errors");

        assertThat(run("echo warning >&2; echo the answer", errors)).isEqualTo("the answer");
        assertThatThrownBy(() -> run("echo why >&2; exit 1", errors)).hasMessageContaining("why");
        assertThat(run("echo all >&2; echo of it")).endsWith("all\nof it");
    }

    @Test
    void errorsDoNotFillTheDiskEither() throws Exception {
        String untilItIsShorter = "while [ $(wc -c < \"$1/errors\") -gt 2500000 ]; do sleep 0.05; done";
        Command command = new Command(
                List.of("sh", "-c", "yes | head -c 3000000 >&2; " + untilItIsShorter, "sh", folder.toString()),
                Map.of(),
                Optional.empty());

        assertThat(command.run(output, folder.resolve("errors"), process -> {})).isEmpty();
    }

    @Test
    void commandThatSaysThatItFailedIsToldFromOneThatWasKilled() {
        assertThatThrownBy(() -> run("exit 1"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("status 1");
        assertThatThrownBy(() -> run("exit 255")).isInstanceOf(CommandFailedException.class);
        assertThatThrownBy(() -> run("kill -9 $$"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageContaining("status 137");
    }
}
