package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
        Command command = new Command(List.of("sh", "-c", script, "sh", output.toString()), Map.of(), Optional.empty());
        return command.run(output, process -> {});
    }

    @Test
    void whatIsPrintedDoesNotFillTheDisk() throws Exception {
        String untilItIsShorter = "while [ $(wc -c < \"$1\") -gt 2500000 ]; do sleep 0.05; done; ";

        String last = run("yes | head -c 3000000; " + untilItIsShorter + "echo the end");

        assertThat(last).startsWith("y\n").endsWith("y\nthe end").hasSizeLessThanOrEqualTo(2000);
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
