package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.overair.install.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckCommandTest extends DeviceVerbs {
    @Test
    void statusTellsThatThereIsAnUpdateAndNothingIsChanged() throws IOException {
        Invocation check = check();

        assertThat(check)
                .isEqualTo(
                        new Invocation(10, "1.0.0 -> 1.0.1   1 new, 2 changed, 1 removed, firmware%n".formatted(), ""));
        assertThat(content("flash/OTA_VERSION.py")).isEqualTo("VERSION = '1.0.0'");
        assertThat(device.resolve(".ota")).doesNotExist();
    }

    @Test
    void askingDoesNotWaitForAnotherUpdater() throws IOException {
        try (Installation other = Installation.open(device)) {
            assertThat(other.version()).isPresent();

            Invocation check = check();

            assertThat(check.exitStatus()).isEqualTo(10);
            assertThat(check.err()).startsWith("warning: another updater is at work: pid ");
        }
    }

    @Test
    void olderVersionIsRefusedWhereThatIsAskedFor() {
        Invocation check = check("--current-ver", "7", "--no-downgrade");

        assertThat(check.exitStatus()).isEqualTo(31);
        assertThat(check.err()).contains("error: OTA-SRV-004 on 7, offered 1.0.1", "hint: nothing was changed");
    }

    @Test
    void directoryWithoutAnyReleaseNeverMeansUpToDate() throws IOException {
        Path stick = directory.resolve("stick");
        Files.createDirectories(stick.resolve("photos"));

        Invocation check = onDevice("check", "--server", stick.toString());

        assertThat(check.exitStatus()).isEqualTo(21);
        assertThat(check.err()).contains("error: OTA-SRV-001 " + stick + ": no release in it", "Check --server");
    }

    @Test
    void upToDateIsNothingToDo() {
        update();

        assertThat(check()).isEqualTo(new Invocation(0, "up to date   1.0.1%n".formatted(), ""));
    }

    @Test
    void jsonIsOneDocument() throws IOException {
        JsonNode available = check("--json").json().get(0);
        JsonNode none = check("--json", "--current-ver", "1.0.1").json().get(0);

        assertThat(available)
                .hasToString("{\"schema\":1,\"type\":\"check\",\"available\":true,\"from\":\"1.0.0\",\"to\":\"1.0.1\","
                        + "\"added\":1,\"changed\":2,\"removed\":1,\"firmware\":true}");
        assertThat(none).hasToString("{\"schema\":1,\"type\":\"check\",\"available\":false,\"version\":\"1.0.1\"}");
    }

    @Test
    void versionToReportCanBeGiven() {
        assertThat(check("--current-ver", "7").out()).startsWith("7 -> 1.0.1   4 new");
        assertThat(check("--current-ver", "7").err()).contains("warning: the server goes back: 1.0.1 is older than 7");
    }

    @Test
    void everyOptionHasAVariable() {
        Map<String, String> variables = Map.of(
                "OTA_SERVER", server.toString(),
                "OTA_DEVICE", device.toString(),
                "OTA_CURRENT_VER", "1.0.1");

        assertThat(Invocation.in(variables, Set.of(), "check").out()).startsWith("up to date   1.0.1");
    }

    @Test
    void requiredOptionsAreAskedFor() {
        Invocation wrong = Invocation.of("check", "--device", device.toString());

        assertThat(wrong.exitStatus()).isEqualTo(2);
        assertThat(wrong.err()).contains("OTA-USE-001", "--server");
    }
}
