package io.overair.examples.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The smart meter's story, and the part of it that other devices can use. */
class SmartMeterTest {

    @Test
    void theMeterUpdatesItselfFromTheVehicleAndAReleaseThatSendsNothingIsTakenBack() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int status = new CommandLine(new SmartMeter(new PrintStream(out, true, StandardCharsets.UTF_8))).execute();

        assertThat(status).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceAll("http:\\S+", "URL")))
                .containsExactly(
                        "vehicle   serves 1.0.0 and 1.0.1 at URL",
                        "meter     runs 1.0.0, sends energy",
                        "LoRaWAN   up    65 30 40",
                        "vehicle   comes by",
                        "LoRaWAN   up    65 30 47",
                        "LoRaWAN   down  01 02 03",
                        "Wi-Fi     joined vehicle-ota",
                        "server    offers 1.0.1",
                        "meter     fetched flash/lib/voltage.txt",
                        "meter     fetched flash/meter.properties",
                        "meter     installed 1.0.1",
                        "Wi-Fi     left vehicle-ota",
                        "meter     restarts",
                        "meter     runs 1.0.1, sends energy and voltage",
                        "LoRaWAN   up    65 30 4e 76 00 e6",
                        "meter     confirms 1.0.1, which has sent a reading",
                        "vehicle   another one serves 1.0.2, which does not start, at URL",
                        "meter     runs 1.0.1, sends energy and voltage",
                        "LoRaWAN   up    65 30 55 76 00 e6",
                        "vehicle   comes by",
                        "LoRaWAN   up    65 30 5c 76 00 e6",
                        "LoRaWAN   down  01 02 03",
                        "Wi-Fi     joined vehicle-ota",
                        "server    offers 1.0.2",
                        "meter     fetched flash/boot.txt",
                        "meter     installed 1.0.2",
                        "Wi-Fi     left vehicle-ota",
                        "meter     restarts",
                        "meter     1.0.2 does not start",
                        "meter     1.0.2 does not start",
                        "guard     took back 1.0.2: it was not confirmed in any of its starts",
                        "meter     runs 1.0.1, sends energy and voltage",
                        "LoRaWAN   up    65 30 63 76 00 e6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void aPasswordKeepsItsBlanksAndLosesTheEndOfItsLine(String end, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), " drive past me " + end);

        assertThat(SmartMeter.passwordIn(file)).isEqualTo(" drive past me ");
    }

    @Test
    void aPasswordFileThatIsMissingIsNamedAsSuch(@TempDir Path folder) {
        assertThatThrownBy(() -> SmartMeter.passwordIn(folder.resolve("nofile")))
                .hasMessage("there is no password file " + folder.resolve("nofile"));
    }

    @Test
    void aTriggerActsOnItsCommandAndOnNothingElse() throws IOException {
        AtomicInteger updates = new AtomicInteger();
        DownlinkTrigger trigger = new DownlinkTrigger("01 02 03", updates::incrementAndGet);

        assertThat(trigger.received(new byte[] {1, 2})).isFalse();
        assertThat(trigger.received(new byte[] {1, 2, 3, 4})).isFalse();
        assertThat(trigger.received(new byte[0])).isFalse();
        assertThat(updates).hasValue(0);
        assertThat(trigger.received(new byte[] {1, 2, 3})).isTrue();
        assertThat(updates).hasValue(1);
    }

    @Test
    void aTriggerWhoseActionFailedActsOnTheNextCommand() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        DownlinkTrigger trigger = new DownlinkTrigger("01", () -> {
            if (tries.incrementAndGet() == 1) {
                throw new IOException("no network");
            }
        });

        assertThatThrownBy(() -> trigger.received(new byte[] {1})).isInstanceOf(IOException.class);
        assertThat(trigger.received(new byte[] {1})).isTrue();
    }
}
