package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.install.Installation;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StatusCommandTest extends DeviceVerbs {
    @Test
    void deviceThatWasNeverUpdatedIsNotTouched() throws IOException {
        Invocation status = onDevice("status");

        assertThat(status)
                .isEqualTo(new Invocation(
                        0, "version      1.0.0%nphase        idle%nlast change  none%n".formatted(), ""));
        assertThat(device.resolve(".ota")).doesNotExist();
    }

    @Test
    void wayBackIsShown() throws IOException {
        update();

        assertThat(onDevice("status").out())
                .isEqualTo(
                        "version      1.0.1%nprevious     1.0.0   `ota rollback` brings it back%nphase        idle%nlast change  updated 1.0.1%nreported     not yet%n"
                                .formatted());
        assertThat(onDevice("status", "--json").json())
                .singleElement()
                .hasToString("{\"schema\":1,\"type\":\"status\",\"version\":\"1.0.1\",\"previous\":\"1.0.0\","
                        + "\"phase\":\"idle\",\"lastOutcome\":\"updated\",\"canRollBack\":true,\"lastRelease\":\"1.0.1\","
                        + "\"reported\":false,\"blocked\":[]}");
    }

    @Test
    void statusIsReadWhileAnotherUpdaterIsAtWork() throws IOException {
        try (Installation other = Installation.open(device)) {
            assertThat(other.version()).isPresent();

            long pid = ProcessHandle.current().pid();
            assertThat(onDevice("status").out())
                    .contains("%nupdater      another updater is at work: pid %d (".formatted(pid));
            assertThat(onDevice("status", "--json")
                            .json()
                            .get(0)
                            .at("/updater/pid")
                            .asLong())
                    .isEqualTo(pid);
        }
        assertThat(onDevice("status").out()).doesNotContain("updater");
    }

    @Test
    void verbOfTheOtherUpdaterIsNamed() throws IOException {
        update();

        try (Installation other = Installation.open(device)) {
            assertThat(other.version()).isPresent();

            assertThat(onDevice("status").out()).contains(" (ota update)");
        }
    }

    @Test
    void unknownVersionIsSaid() throws IOException {
        Files.delete(device.resolve("flash/OTA_VERSION.py"));

        assertThat(onDevice("status").out()).startsWith("version      not known");
    }
}
