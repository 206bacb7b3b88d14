package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.install.Installation;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RollbackCommandTest extends DeviceVerbs {
    @Test
    void filesAndFirmwareOfTheVersionBeforeAreBack() throws IOException {
        update();

        Invocation rollback = withFirmware("rollback");

        assertThat(rollback).isEqualTo(new Invocation(0, "rolled back  1.0.1 -> 1.0.0%n".formatted(), ""));
        assertThat(device.resolve("flash/lib/display.py"))
                .hasSameBinaryContentAs(server.resolve("1.0.0/flash/lib/display.py"));
        assertThat(device.resolve("flash/lib/tariff.py")).doesNotExist();
        assertThat(content("flash/OTA_VERSION.py")).isEqualTo("VERSION = '1.0.0'");
        assertThat(firmware.resolve("active")).hasContent("a");
        assertThat(onDevice("status").out())
                .isEqualTo(
                        "version      1.0.0%nphase        idle%nlast change  rolled-back 1.0.1%nreported     not yet%n"
                                .formatted());
    }

    @Test
    void jsonNamesBothVersions() throws IOException {
        update();

        assertThat(withFirmware("rollback", "--json").json())
                .singleElement()
                .hasToString("{\"schema\":1,\"type\":\"rolled-back\",\"from\":\"1.0.1\",\"to\":\"1.0.0\"}");
    }

    @Test
    void reasonIsWrittenDown() throws IOException {
        update();

        withFirmware("rollback", "--reason", "does not ring");

        try (Installation installation = Installation.open(device)) {
            assertThat(installation.events()).anyMatch(event -> event.endsWith("reason=does%20not%20ring"));
        }
    }

    @Test
    void deviceThatWasNeverUpdatedHasNoWayBack() {
        Invocation rollback = onDevice("rollback");

        assertThat(rollback.exitStatus()).isEqualTo(3);
        assertThat(rollback.err())
                .isEqualTo("error: OTA-DEV-004 cannot roll back: no version before this one is known%n"
                        .concat(
                                "hint: nothing was changed, 1.0.0 still runs. There is a way back after an update, one step.%n")
                        .formatted());
    }

    @Test
    void thereIsOneStepBack() {
        update();
        withFirmware("rollback");

        Invocation second = withFirmware("rollback");

        assertThat(second.exitStatus()).isEqualTo(3);
        assertThat(second.err())
                .contains("error: OTA-DEV-004 cannot roll back: ", "hint: nothing was changed, 1.0.0 still runs.");
    }

    @Test
    void updateThatWasCutAndIsUndoneIsTheStepBack() throws IOException {
        update();
        DemoFiles.addBrokenRelease(server);
        updateKilledInAHook();

        assertThat(withFirmware("rollback").out())
                .isEqualTo(
                        "recovered    a change that was cut could not be finished and is undone%nrolled back  1.0.2 -> 1.0.1%n"
                                .formatted());
        assertThat(onDevice("status").out())
                .contains(
                        "version      1.0.1",
                        "previous     1.0.0   `ota rollback` brings it back",
                        "hooks        of-another-program: started, and neither over nor undone",
                        "advice       a program that has these hooks undoes them");
        assertThat(onDevice("status", "--json").json().get(0).toString())
                .contains("\"openHooks\":[\"of-another-program\"]");
    }

    @Test
    void firmwareIsNotLeftBehindForgotten() throws IOException {
        update();

        Invocation rollback = onDevice("rollback");

        assertThat(rollback.exitStatus()).isEqualTo(3);
        assertThat(rollback.err())
                .contains("OTA-DEV-004", "1.0.1 still runs. There is a way back as soon as ", "--firmware-dir")
                .doesNotContain("There is a way back after an update");
        assertThat(content("flash/OTA_VERSION.py")).startsWith("VERSION = '1.0.1'");
    }

    @Test
    void cardThatIsMissingIsWaitedForAsInAnUpdateAndTheStatusSaysSo() throws IOException {
        update();
        lastUpdateUsedACardAt("sd");

        Invocation rollback = withFirmware("rollback");

        assertThat(rollback.exitStatus()).isEqualTo(40);
        assertThat(rollback.err())
                .contains("error: OTA-DEV-013 waiting for sd: ", "1.0.1 still runs. Bring back what belongs there");
        assertThat(onDevice("status").out())
                .contains(
                        "previous     1.0.0   `ota rollback` brings it back when what is missing is there again%n"
                                .formatted(),
                        "missing      sd: the store 0f63, which belongs there, is not%n".formatted());
        assertThat(onDevice("status", "--json").json().get(0).toString())
                .contains("\"canRollBack\":false", "\"missingStores\":[{\"mount\":\"sd\",\"id\":\"0f63\"}]");
    }
}
