package io.overair.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guard as a device has it: the jar of ota-core, and no other one. */
@Timeout(60)
class GuardIT {
    @TempDir
    private Path device;

    @Test
    void guardNeedsNoOtherJar() throws Exception {
        Process guard = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        CoreJars.library().toString(),
                        "io.overair.guard.Guard",
                        "start",
                        "--device",
                        device.toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(guard.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(guard.waitFor()).isZero();
        assertThat(device.resolve(".ota")).isDirectory();
    }
}
