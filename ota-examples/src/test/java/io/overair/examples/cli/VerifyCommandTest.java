package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.install.Installation;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VerifyCommandTest extends DeviceVerbs {
    @Test
    void whatWasInstalledIsAsItWas() throws IOException {
        update();

        assertThat(onDevice("verify"))
                .isEqualTo(new Invocation(0, "verified     every file is as it was installed%n".formatted(), ""));
        assertThat(onDevice("verify", "--json").json())
                .singleElement()
                .hasToString("{\"schema\":1,\"type\":\"verify\",\"asInstalled\":true,\"differences\":[]}");
    }

    @Test
    void differencesAreListedAndTheStatusTells() throws IOException {
        update();
        Files.writeString(device.resolve("flash/main.py"), "tampered");
        Files.delete(device.resolve("flash/lib/tariff.py"));

        Invocation verify = onDevice("verify");

        assertThat(verify)
                .isEqualTo(new Invocation(
                        12, "missing      flash/lib/tariff.py%nchanged      flash/main.py%n".formatted(), ""));
        assertThat(onDevice("verify", "--json").json().get(0).at("/differences"))
                .hasToString("[{\"path\":\"flash/lib/tariff.py\",\"kind\":\"missing\"},"
                        + "{\"path\":\"flash/main.py\",\"kind\":\"changed\"}]");
    }

    @Test
    void withoutAnUpdateThereIsNothingToCompareWithAndNothingIsMade() {
        assertThat(onDevice("verify").out()).startsWith("nothing was installed here");
        assertThat(device.resolve(".ota")).doesNotExist();
    }

    @Test
    void changeThatIsGoingOnIsMentioned() throws IOException {
        update();

        try (Installation other = Installation.open(device)) {
            assertThat(other.version()).isPresent();

            Invocation verify = onDevice("verify");

            assertThat(verify.exitStatus()).isZero();
            assertThat(verify.err()).startsWith("warning: another updater is at work: pid ");
        }
    }

    @Test
    void changeThatWasCutIsMentionedAndLeftAsItIs() throws IOException {
        updateKilledBeforeActivation();

        Invocation verify = onDevice("verify");

        assertThat(verify.err()).startsWith("warning: a change was cut and is not at its end: `ota recover`");
        assertThat(withFirmware("recover").out()).contains("a change that was cut is finished");
    }
}
