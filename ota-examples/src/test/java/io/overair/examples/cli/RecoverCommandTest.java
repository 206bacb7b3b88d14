package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ota recover}, and what {@code ota status} says before and after. */
@Timeout(60)
class RecoverCommandTest extends DeviceVerbs {
    @Test
    void withoutACutThereIsNothingToDo() throws IOException {
        assertThat(withFirmware("recover"))
                .isEqualTo(new Invocation(0, "nothing to do%nversion      1.0.0%n".formatted(), ""));
        assertThat(withFirmware("recover", "--json").json())
                .singleElement()
                .hasToString("{\"schema\":1,\"type\":\"recover\",\"result\":\"nothing-to-do\",\"version\":\"1.0.0\"}");
    }

    @Test
    void whatAPycomClientLeftHalfWayIsPutBackAndSaid() throws IOException {
        Path flash = device.resolve("flash");
        Files.move(flash.resolve("main.py"), flash.resolve("main.py.bak"));
        Files.writeString(flash.resolve("main.py.new"), "half-way");

        assertThat(withFirmware("recover").out())
                .startsWith("recovered    files that a Pycom client had left half-way are back");
        assertThat(flash.resolve("main.py")).exists();
        assertThat(withFirmware("recover").out()).startsWith("nothing to do");
    }

    @Test
    void rejectedReleaseThatCannotBeTakenBackIsSaidUntilItCan() throws IOException {
        update("--trial", "2");
        assertThat(onDevice("status").out()).contains("`ota confirm` keeps the release");
        assertThat(onDevice("reject").exitStatus()).isZero();
        assertThat(onDevice("status").out())
                .contains("advice       the version before comes back at the next start, or with `ota recover`");

        Invocation recover = onDevice("recover");

        assertThat(recover.exitStatus()).isEqualTo(42);
        assertThat(recover.out()).startsWith("rejected     a release that was rejected cannot be taken back now");
        assertThat(recover.err()).contains("OTA-DEV-006 1.0.1 is rejected, and cannot be taken back now");
        Invocation update = onDevice("update", "--server", server.toString(), "--skip-firmware", "--health", "true");
        assertThat(update.exitStatus()).isEqualTo(42);
        assertThat(update.err()).contains("1.0.1 was rejected, and cannot be taken back now", "until then it runs on");
        assertThat(withFirmware("recover").out())
                .isEqualTo("recovered    a release that was rejected is taken back%nversion      1.0.0%n".formatted());
    }

    @Nested
    class AfterAKill {
        @BeforeEach
        void kill() throws IOException {
            updateKilledBeforeActivation();
        }

        @Test
        void statusTellsWhatRecoveryWouldDo() throws IOException {
            Invocation status = onDevice("status");

            assertThat(status.exitStatus()).isZero();
            assertThat(status.out())
                    .contains(
                            "version      1.0.0",
                            "phase        applying   the change to 1.0.1",
                            "`ota recover` finishes it, or else undoes it");
            assertThat(onDevice("status", "--json").json().get(0).toString())
                    .contains("\"version\":\"1.0.0\"", "\"phase\":\"applying\"", "\"target\":\"1.0.1\"");
        }

        @Test
        void changeIsFinished() throws IOException {
            Invocation recover = withFirmware("recover");

            assertThat(recover)
                    .isEqualTo(new Invocation(
                            0, "recovered    a change that was cut is finished%nversion      1.0.1%n".formatted(), ""));
            assertThat(firmware.resolve("active")).hasContent("b");
            assertThat(onDevice("status").out()).contains("phase        idle", "last change  updated");
        }

        @Test
        void otherVerbsRecoverFirstAndSayIt() throws IOException {
            assertThat(update().out())
                    .isEqualTo("recovered    a change that was cut is finished%nup to date   1.0.1%n".formatted());
        }

        @Test
        void cardThatIsMissingIsWaitedForUnlessItIsGoneForGood() throws IOException {
            killedUpdateUsesACardAt("sd");

            Invocation recover = withFirmware("recover");

            assertThat(recover.exitStatus()).isEqualTo(42);
            assertThat(recover.err())
                    .contains("OTA-DEV-006 the update cannot be finished now: waiting for sd", "--replaced-store DIR");
            assertThat(onDevice("status").out()).contains("phase        stuck", "sd");
            assertThat(withFirmware("rollback", "--replaced-store", "ds").err()).contains("There are: sd.");

            assertThat(withFirmware("rollback", "--replaced-store", "sd").out())
                    .isEqualTo(
                            "recovered    a change that was cut could not be finished and is undone%nrolled back  1.0.1 -> 1.0.0%n"
                                    .formatted());
            assertThat(onDevice("status").out()).contains("phase        idle");
        }

        @Test
        void withoutTheFirmwareNothingCanBeDoneButNothingIsLost() throws IOException {
            Invocation recover = onDevice("recover");

            assertThat(recover.exitStatus()).isEqualTo(2);
            assertThat(recover.err()).contains("OTA-DEV-003", "the change to 1.0.1 that was cut", "--firmware-dir");
            assertThat(onDevice("status").out()).contains("phase        applying");

            assertThat(withFirmware("recover").out()).contains("a change that was cut is finished");
            assertThat(onDevice("status").out()).contains("phase        idle", "last change  updated");
        }
    }
}
