package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VerifyCommandTest extends DeviceVerbs {
    @Test
    void whatWasInstalledIsAsItWas() throws IOException {
        update();

        assertThat(withFirmware("verify"))
                .isEqualTo(new Invocation(0, "verified     every file is as it was installed%n".formatted(), ""));
        assertThat(withFirmware("verify", "--json").json())
                .singleElement()
                .hasToString("{\"schema\":1,\"type\":\"verify\",\"asInstalled\":true,\"differences\":[]}");
    }

    @Test
    void differencesAreListedAndTheStatusTells() throws IOException {
        update();
        Files.writeString(device.resolve("flash/main.py"), "tampered");
        Files.delete(device.resolve("flash/lib/tariff.py"));

        Invocation verify = withFirmware("verify");

        assertThat(verify)
                .isEqualTo(new Invocation(
                        12, "missing      flash/lib/tariff.py%nchanged      flash/main.py%n".formatted(), ""));
        assertThat(withFirmware("verify", "--json").json().get(0).at("/differences"))
                .hasToString("[{\"path\":\"flash/lib/tariff.py\",\"kind\":\"missing\"},"
                        + "{\"path\":\"flash/main.py\",\"kind\":\"changed\"}]");
    }

    @Test
    void withoutAnUpdateThereIsNothingToCompareWith() {
        assertThat(withFirmware("verify").out()).startsWith("nothing was installed here");
    }
}
