package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.overair.install.Installation;
import io.overair.install.InstallationStatus;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates on trial, from the update to the word that a release is good or not. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "true, false and touch are commands of Unix")
@Timeout(120)
class TrialCommandsTest extends DeviceVerbs {
    private static final String APPLIED = "applied      1.0.1%n".formatted();
    private static final LooseVersion NEW = LooseVersion.parse("1.0.1");

    private InstallationStatus status() throws IOException {
        return Installation.statusOf(device);
    }

    private Invocation updateThatFailsItsCheck() {
        return updateAndRestart("--deadline", "300ms", "--health", "false");
    }

    /** On a device that needs no more than a word for it. */
    private Invocation updateAndRestart(String... options) {
        List<String> all = new ArrayList<>(List.of("--restart", "true"));
        all.addAll(List.of(options));
        return update(all.toArray(String[]::new));
    }

    /** What the guard does before the application starts. */
    private void countAStart() throws IOException {
        try (Installation installation = Installation.open(device)) {
            installation.countStart();
        }
    }

    @Test
    void updateOnTrialIsToBeRestartedOrConfirmed() throws IOException {
        Invocation update = update("--trial", "2", "--deadline", "90m");

        assertThat(update.exitStatus()).isEqualTo(11);
        assertThat(update.out()).endsWith(APPLIED + "on trial     1.0.1, 2 starts and 1 h 30 min left%n".formatted());
        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(2);
    }

    @Test
    void trialIsPartOfTheJson() throws IOException {
        List<JsonNode> lines = update("--trial", "2", "--json").json();

        assertThat(lines.get(lines.size() - 1).at("/trial"))
                .hasToString("{\"release\":\"1.0.1\",\"startsLeft\":2,\"remainingMillis\":600000,\"healthyStarts\":0,"
                        + "\"healthyStartsNeeded\":1}");
    }

    @Test
    void variablesAskForATrialAsWell() {
        Invocation update = Invocation.in(
                Map.of("OTA_TRIAL", "5", "OTA_HEALTH", "true", "OTA_RESTART", "true"),
                Set.of(),
                "update",
                "--server",
                server.toString(),
                "--device",
                device.toString(),
                "--skip-firmware");

        assertThat(update.exitStatus()).isZero();
        assertThat(update.out()).contains("1.0.1, 5 starts and 10 min left", "confirmed    1.0.1");
    }

    @Test
    void healthyReleaseIsConfirmed() throws IOException {
        Invocation update = updateAndRestart("--health", "true", "--health", "test -d " + device);

        assertThat(update.exitStatus()).isZero();
        assertThat(update.out()).endsWith("confirmed    1.0.1%n".formatted());
        assertThat(status().trial()).isEmpty();
    }

    @Test
    void unhealthyReleaseIsTakenBackAtOnce() throws IOException {
        Invocation update = updateThatFailsItsCheck();

        assertThat(update.exitStatus()).isEqualTo(41);
        assertThat(update.out()).endsWith("rolled back  1.0.1 -> 1.0.0%n".formatted());
        assertThat(update.err())
                .containsOnlyOnce("warning: not confirmed yet: false ended with status 1")
                .endsWith(("error: OTA-DEV-012 1.0.1 was taken back: not healthy in time: false ended with status 1%n"
                                + "hint: 1.0.0 is back. 1.0.1 is blocked until a higher release comes, or until `ota unblock 1.0.1`.%n")
                        .formatted());
        assertThat(content("flash/OTA_VERSION.py")).startsWith("VERSION = '1.0.0'");
        assertThat(firmware.resolve("active")).hasContent("a");
        assertThat(status().blocked()).containsExactly(NEW);
    }

    @Test
    void allChecksHaveToBeGood() {
        assertThat(updateAndRestart("--deadline", "300ms", "--health", "true", "--health", "false")
                        .exitStatus())
                .isEqualTo(41);
    }

    @Test
    void addressThatDoesNotAnswerIsUnhealthy() {
        Invocation update = updateAndRestart("--deadline", "3s", "--health-url", "http://127.0.0.1:1/");

        assertThat(update.exitStatus()).isEqualTo(41);
        assertThat(update.err()).contains("not confirmed yet: http://127.0.0.1:1/: ");
    }

    @ParameterizedTest
    @CsvSource({"5s, 30s, 30 s, 5 s", "30s, 30s, 30 s, 30 s", "10m, 1h, 1 h, 10 min"})
    void timeToSettleThatTheTrialDoesNotHaveIsRefused(String deadline, String settle, String told, String has)
            throws IOException {
        Invocation update = update("--deadline", deadline, "--settle", settle, "--health", "true");

        assertThat(update.exitStatus()).isEqualTo(2);
        assertThat(update.err())
                .startsWith(
                        "error: OTA-USE-001 --settle \"%s\": the checks have to settle in less than the %s of the trial"
                                .formatted(told, has));
        assertThat(device.resolve(".ota")).doesNotExist();
    }

    @Test
    void goodAnswersThatComeTooLateAreToldAsSuch() {
        update("--trial", "2", "--deadline", "300ms");

        Invocation update = updateAndRestart("--settle", "1m", "--health", "true");

        assertThat(update.exitStatus()).isEqualTo(41);
        assertThat(update.err())
                .contains(
                        "s are left of its trial, which is no more than the 60 s",
                        "not for the 60 s that it takes to settle");
    }

    @Test
    void applicationIsRestartedIntoTheNewReleaseAndIntoTheOldOneAgain() {
        update(
                "--deadline",
                "300ms",
                "--health",
                "false",
                "--restart",
                "cp %s/flash/OTA_VERSION.py %s --backup=numbered".formatted(device, directory));

        assertThat(directory.resolve("OTA_VERSION.py.~1~")).content().startsWith("VERSION = '1.0.1'");
        assertThat(directory.resolve("OTA_VERSION.py")).content().startsWith("VERSION = '1.0.0'");
    }

    @Test
    void restartThatFailsIsToldAndTheUpdateStays() {
        Invocation update = update("--restart", "false");

        assertThat(update.exitStatus()).isZero();
        assertThat(update.err()).contains("warning: the restart has failed: false ended with status 1");
    }

    @Test
    void neitherUpdateNorCheckDuringATrial() {
        update("--trial", "2");

        for (Invocation refused : List.of(update(), check())) {
            assertThat(refused.exitStatus()).isEqualTo(11);
            assertThat(refused.err())
                    .contains("error: OTA-DEV-008 1.0.1 is on trial", "`ota confirm` keeps the release")
                    .doesNotContain("recover");
        }
    }

    @Test
    void trialThatNobodyWatchesAnyMoreIsWatchedAgain() throws IOException {
        update("--trial", "2");
        countAStart();

        Invocation again = update("--health", "true", "--restart", "false");

        assertThat(again).isEqualTo(new Invocation(0, "confirmed    1.0.1%n".formatted(), ""));
        assertThat(status().trial()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "false", "/no/such/command"})
    void applicationThatWasNotRestartedIsNotAskedInPlaceOfItsUpdate(String restart) throws IOException {
        String[] options = restart.isEmpty()
                ? new String[] {"--health", "true"}
                : new String[] {"--health", "true", "--restart", restart};

        for (int attempt = 1; attempt <= 2; attempt++) {
            Invocation update = update(options);

            assertThat(update.exitStatus()).isEqualTo(11);
            assertThat(update.err())
                    .contains(
                            "warning: 1.0.1 is on trial, but not watched: it has not been started yet",
                            "or give --restart CMD");
            assertThat(update.err().contains("the restart has failed")).isEqualTo(!restart.isEmpty());
            assertThat(status().trial()).isPresent();
        }
    }

    @Test
    void restartThatFailedIsMadeUpForWhenTheUpdateIsRunAgain() throws IOException {
        update("--health", "true", "--restart", "false");

        Invocation again = updateAndRestart("--health", "true");

        assertThat(again).isEqualTo(new Invocation(0, "confirmed    1.0.1%n".formatted(), ""));
    }

    @Test
    void watchThatIsInterruptedLeavesTheTrial() throws IOException {
        update("--trial", "2");
        countAStart();
        Thread.currentThread().interrupt();

        Invocation interrupted = update("--health", "sleep 60");

        assertThat(interrupted.exitStatus()).isEqualTo(130);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(status().trial()).isPresent();
    }

    @Test
    void releaseThatFailedIsNoUpdateAndNoError() throws IOException {
        updateThatFailsItsCheck();

        String blocked = "blocked      1.0.1 failed here before, 1.0.0 stays; `ota unblock 1.0.1` lets it come again%n"
                .formatted();
        assertThat(check()).isEqualTo(new Invocation(0, blocked, ""));
        assertThat(update("-q")).isEqualTo(new Invocation(0, blocked, ""));
        assertThat(check("--json").json())
                .singleElement()
                .hasToString(
                        "{\"schema\":1,\"type\":\"check\",\"available\":false,\"version\":\"1.0.0\",\"blocked\":\"1.0.1\"}");
    }

    @Test
    void unblockedReleaseComesAgain() throws IOException {
        updateThatFailsItsCheck();

        assertThat(withFirmware("unblock", "1.0.1"))
                .isEqualTo(new Invocation(0, "unblocked    1.0.1%n".formatted(), ""));
        assertThat(withFirmware("unblock", "1.0.1", "--json").json())
                .singleElement()
                .hasToString("{\"schema\":1,\"type\":\"unblocked\",\"version\":\"1.0.1\",\"wasBlocked\":false}");
        assertThat(check().exitStatus()).isEqualTo(10);
    }

    @Test
    void confirmedReleaseStays() throws IOException {
        update("--trial", "2");

        assertThat(withFirmware("confirm")).isEqualTo(new Invocation(0, "confirmed    1.0.1%n".formatted(), ""));
        assertThat(withFirmware("confirm", "1.0.1").exitStatus()).isZero();
        assertThat(status().trial()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"confirm, 1.0.0", "reject, 1.0.0", "reject, 7"})
    void verdictAboutAnotherReleaseIsRefused(String verb, String version) throws IOException {
        update("--trial", "2");

        Invocation refused = withFirmware(verb, version);

        assertThat(refused.exitStatus()).isEqualTo(3);
        assertThat(refused.err()).contains("error: OTA-DEV-010 " + version + " is not on trial: 1.0.1 is installed");
        assertThat(status().trial()).isPresent();
    }

    @Test
    void rejectionIsRefusedWithoutATrial() {
        update();

        assertThat(withFirmware("reject", "1.0.1").err()).contains("1.0.1 is not on trial: it has no trial");
    }

    @Test
    void rejectionIsRepeatedWithoutHarm() {
        update("--trial", "2");
        assertThat(withFirmware("reject").out()).contains("the version before is back at the next start");
        assertThat(withFirmware("recover").exitStatus()).isZero();

        assertThat(withFirmware("reject", "1.0.1").out()).contains("the version before is back already");
    }

    @Test
    void rejectedReleaseGoesWhenTheInstallationIsOpenedNext() throws IOException {
        update("--trial", "2");

        Invocation reject = withFirmware("reject", "--reason", "does not ring");

        assertThat(reject.exitStatus()).isZero();
        assertThat(reject.out()).startsWith("rejected     1.0.1");
        assertThat(status().version()).contains(NEW);
        assertThat(onDevice("status").out()).contains("trial        1.0.1 is rejected: does not ring");
        assertThat(withFirmware("confirm").exitStatus()).isEqualTo(3);
        assertThat(onDevice("status").out())
                .contains(
                        "version      1.0.0",
                        "blocked      1.0.1",
                        "last change  rolled-back 1.0.1: does not ring%nreported     not yet%n".formatted());
    }

    @Test
    void rollbackDuringATrialRejectsAndBlocks() throws IOException {
        update("--trial", "2");

        assertThat(withFirmware("rollback").exitStatus()).isZero();

        assertThat(status().blocked()).containsExactly(NEW);
    }

    @Test
    void rollbackBlocksIfAskedTo() throws IOException {
        update();

        assertThat(withFirmware("rollback", "--block").exitStatus()).isZero();

        assertThat(status().blocked()).containsExactly(NEW);
        assertThat(status().lastChange().reason()).contains("asked for by hand");
    }

    @Test
    void statusShowsTheTrialAndIsReadByPrograms() throws IOException {
        update("--trial", "1", "--deadline", "75s");

        assertThat(onDevice("status").out())
                .contains("phase        trial%ntrial        1.0.1, 1 start and 1 min 15 s left%n".formatted());
        JsonNode status = onDevice("status", "--json").json().get(0);
        assertThat(status.at("/trial/startsLeft").asInt()).isEqualTo(1);
        assertThat(status.at("/reported").asBoolean()).isFalse();
        assertThat(status.at("/blocked").isEmpty()).isTrue();
    }

    @Test
    void logTellsWhatHappened() throws IOException {
        updateThatFailsItsCheck();

        assertThat(onDevice("status", "--log").out().lines().map(line -> line.replaceFirst("^\\S+Z  ", "")))
                .containsSubsequence(
                        "commit            from 1.0.0, to 1.0.1",
                        "rejected          release 1.0.1, reason not healthy in time: false ended with status 1",
                        "rolled back");
        List<JsonNode> events = onDevice("status", "--log", "--json").json();
        assertThat(events).noneMatch(event -> event.at("/event").asText().startsWith("hook"));
        assertThat(events).allMatch(event -> event.at("/type").asText().equals("event"));
        assertThat(events.get(0).at("/number").asInt()).isEqualTo(1);
        assertThat(events)
                .anyMatch(event ->
                        event.at("/details/reason").asText().equals("not healthy in time: false ended with status 1"));
    }

    @Test
    void deviceWithoutAnyEventHasAnEmptyLog() {
        assertThat(onDevice("status", "--log")).isEqualTo(new Invocation(0, "", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "--trial, 0, a trial has at least one start",
        "--deadline, 0, a trial needs time",
        "--deadline, soon, 'expected a number with ms, s, m, h or d, such as 10m'",
        "--health, ' ', expected a command",
        "--health-url, ftp://x/, expected an address of http or https"
    })
    void trialThatMakesNoSenseIsRefused(String option, String value, String reason) throws IOException {
        Invocation update = update(option, value);

        assertThat(update.exitStatus()).isEqualTo(2);
        assertThat(update.err()).startsWith("error: OTA-USE-001 %s \"%s\": %s%n".formatted(option, value, reason));
        assertThat(device.resolve(".ota")).doesNotExist();
    }

    @Test
    void hookVetoesAnUpdate() throws IOException {
        Invocation update = update("--hook-before-apply", "false");

        assertThat(update.exitStatus()).isEqualTo(40);
        assertThat(update.err())
                .contains("error: OTA-DEV-011 hook command-line: ", "hint: nothing was changed, 1.0.0 still runs.");
        assertThat(content("flash/OTA_VERSION.py")).startsWith("VERSION = '1.0.0'");
    }

    @Test
    void hookThatFailsAfterTheUpdateHasItUndone() {
        Invocation update =
                update("--hook-after-apply", "false", "--hook-undo", "touch " + directory.resolve("undone"));

        assertThat(update.exitStatus()).isEqualTo(40);
        assertThat(update.err()).contains("OTA-DEV-005");
        assertThat(directory.resolve("undone")).exists();
    }

    @Test
    void hookIsToldOfARollback() {
        update();

        withFirmware("rollback", "--hook-on-rollback", "touch " + directory.resolve("told"));

        assertThat(Files.exists(directory.resolve("told"))).isTrue();
    }
}
