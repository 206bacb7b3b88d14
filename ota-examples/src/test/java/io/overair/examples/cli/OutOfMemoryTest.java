package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.client.RetryPolicy;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A command that dies of an error is a bug that is told, and its process ends. */
class OutOfMemoryTest extends DeviceVerbs {
    @Test
    void errorIsToldAsABugAndTheProcessEnds() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutMemory.class.getName(),
                        "check",
                        "--server",
                        server.toString(),
                        "--device",
                        device.toString())
                .redirectError(directory.resolve("err").toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(directory.resolve("err"))
                    .content()
                    .startsWith(
                            "error: OTA-BUG-001 internal error: java.lang.OutOfMemoryError: test%nhint: ".formatted());
        } finally {
            process.destroyForcibly();
        }
    }

    /** {@code ota} in a process where the first line of output needs more memory than there is. */
    static final class WithoutMemory {
        private WithoutMemory() {}

        public static void main(String[] args) {
            OutputStream out = new OutputStream() {
                @Override
                public void write(int octet) {
                    throw new OutOfMemoryError("test");
                }
            };
            System.exit(OtaCommand.run(
                    List.of(args),
                    new Surroundings(
                            Map.of(),
                            Stdout.to(out, StandardCharsets.UTF_8),
                            new PrintStream(System.err, true, StandardCharsets.UTF_8),
                            Set.of(),
                            RetryPolicy.defaults())));
        }
    }
}
