package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.overair.examples.cli.Surroundings.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtaCommandTest {
    private static final Set<Stream> TERMINAL = Set.of(Stream.OUT, Stream.ERR);

    private static final List<String> VERBS = List.of(
            "serve",
            "manifest",
            "diff",
            "check",
            "update",
            "confirm",
            "reject",
            "unblock",
            "recover",
            "rollback",
            "status",
            "verify",
            "demo",
            "completion");

    @TempDir
    private Path root;

    @Test
    void helpListsWhatThereIsAndNothingElse() {
        Invocation help = Invocation.of("--help");

        assertThat(help.exitStatus()).isZero();
        assertThat(help.out()
                        .lines()
                        .dropWhile(line -> !line.equals("Commands:"))
                        .skip(1)
                        .takeWhile(line -> !line.isEmpty()))
                .extracting(line -> line.strip().split(" ", 2)[0])
                .filteredOn(word -> word.matches("[a-z]+") && help.out().contains("\n  " + word + " "))
                .containsExactlyElementsOf(VERBS);
    }

    @ParameterizedTest
    @FieldSource("VERBS")
    void helpOfEveryVerbTellsOfVariablesAndFitsATerminal(String verb) {
        Invocation help = Invocation.of(verb, "--help");

        assertThat(help.exitStatus()).isZero();
        assertThat(help.out()).contains("Usage: ota " + verb, "OTA_CURRENT_VER", "--json");
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0 1 2 3 10 11 12 20 21 30 31 40 41 42 130 141",
        "serve, 0 1 2 3",
        "manifest, 0 1 2 3 40 130 141",
        "diff, 0 1 2 3 12 40 130 141",
        "check, 0 1 2 3 10 11 20 21 31 40 42 130 141",
        "update, 0 1 2 3 11 20 21 30 31 40 41 42 130",
        "confirm, 0 1 2 3 40 42 130",
        "reject, 0 1 2 3 40 42 130",
        "unblock, 0 1 2 3 40 42 130",
        "recover, 0 1 2 3 40 42 130",
        "rollback, 0 1 2 3 40 42 130",
        "status, 0 1 2 3 40 42 141",
        "verify, 0 1 2 3 12 40 42 141",
        "demo, 0 1 2 3 40 130 141",
        "completion, 0 1 2 40 141"
    })
    void helpListsTheExitStatusesThatAVerbCanGive(String verb, String statuses) {
        Invocation help = verb.isEmpty() ? Invocation.of("--help") : Invocation.of(verb, "--help");

        assertThat(help.out()
                        .lines()
                        .dropWhile(line -> !line.equals("Exit status:"))
                        .skip(1)
                        .takeWhile(line -> !line.isEmpty())
                        .map(line -> line.strip().split(" ", 2)[0]))
                .containsExactly(statuses.split(" "));
    }

    @Test
    void versionIsTheBuilds() {
        assertThat(Invocation.of("--version").out()).matches("ota \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @Test
    void withoutAVerbUsageIsWrong() {
        assertThat(Invocation.of())
                .isEqualTo(new Invocation(
                        2,
                        "",
                        "error: OTA-USE-001 Missing required subcommand%nhint: `ota --help` shows what there is.%n"
                                .formatted()));
    }

    @Test
    void misspeltOptionIsRefusedWithASuggestion() {
        Invocation wrong = Invocation.of("manifest", "--rot", "x");

        assertThat(wrong.exitStatus()).isEqualTo(2);
        assertThat(wrong.err()).contains("OTA-USE-001", "--rot", "Did you mean --root");
    }

    @Test
    void wrongUsageIsJsonTooIfAskedFor() throws IOException {
        JsonNode error =
                Invocation.of("serve", "--port", "many", "--json").jsonErrors().get(0);

        assertThat(error.at("/schema").asInt()).isEqualTo(1);
        assertThat(error.at("/type").asText()).isEqualTo("error");
        assertThat(error.at("/code").asText()).isEqualTo("OTA-USE-001");
        assertThat(error.at("/exit").asInt()).isEqualTo(2);
        assertThat(error.at("/message").asText()).contains("--port");
        assertThat(error.at("/hint").asText()).contains("ota serve --help");
    }

    @Test
    void wrongUsageIsJsonTooIfAVariableAsksForIt() throws IOException {
        Invocation wrong = Invocation.in(Map.of("OTA_JSON", "1"), Set.of(), "foo");

        assertThat(wrong.jsonErrors())
                .singleElement()
                .satisfies(error -> assertThat(error.at("/code").asText()).isEqualTo("OTA-USE-001"));
    }

    @Test
    void helpListsEveryVerbWithAWholeSentence() {
        assertThat(Invocation.of("--help").out().lines())
                .filteredOn(
                        line -> line.matches(
                                "  (serve|manifest|diff|check|update|confirm|reject|unblock|recover|rollback|status|verify|demo|completion) .*"))
                .hasSize(14)
                .allMatch(line -> line.endsWith("."));
    }

    @ParameterizedTest
    @CsvSource({
        "USAGE, OTA-USE-001, 2",
        "CANNOT_LISTEN, OTA-NET-001, 2",
        "NOT_FOUND, OTA-REPO-001, 3",
        "NOT_READABLE, OTA-REPO-002, 3",
        "NO_SUCH_RELEASE, OTA-REPO-003, 3",
        "READING_FAILED, OTA-REPO-004, 3",
        "NETWORK_NOT_FOUND, OTA-NET-002, 20",
        "NETWORK_GAVE_UP, OTA-NET-003, 20",
        "SERVER_REFUSED, OTA-SRV-001, 21",
        "BAD_MANIFEST, OTA-SRV-002, 21",
        "TOO_LARGE, OTA-SRV-003, 21",
        "DOWNGRADE_REFUSED, OTA-SRV-004, 31",
        "WRONG_CONTENT, OTA-HASH-001, 30",
        "NOT_WRITABLE, OTA-DISK-001, 40",
        "NO_SPACE, OTA-DISK-002, 40",
        "DISK_FAILED, OTA-DISK-003, 40",
        "LOCKED, OTA-DEV-001, 40",
        "IN_THE_WAY, OTA-DEV-002, 40",
        "NO_FIRMWARE_WRITER, OTA-DEV-003, 2",
        "NO_WAY_BACK, OTA-DEV-004, 3",
        "UNDONE, OTA-DEV-005, 40",
        "STUCK, OTA-DEV-006, 42",
        "UNTRUSTED_STATE, OTA-DEV-007, 42",
        "IN_TRIAL, OTA-DEV-008, 11",
        "BLOCKED, OTA-DEV-009, 41",
        "NOT_ON_TRIAL, OTA-DEV-010, 3",
        "VETOED, OTA-DEV-011, 40",
        "UNHEALTHY, OTA-DEV-012, 41",
        "STORE_MISSING, OTA-DEV-013, 40",
        "INTERRUPTED, OTA-INT-001, 130",
        "INTERNAL, OTA-BUG-001, 1",
        "DEMO_FAILED, OTA-BUG-002, 1"
    })
    void codesAndExitStatusesStayWhatTheyAre(ErrorCode error, String code, int exitStatus) {
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.exitStatus()).isEqualTo(exitStatus);
    }

    @Test
    void everyErrorHasACodeOfItsOwn() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code))
                .doesNotHaveDuplicates()
                .hasSize(33);
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest", "manifest --json", "--help", "--version"})
    void outputThatCannotBeWrittenIsAFailure(String command) throws IOException {
        Invocation failed = ontoBroken("No space left on device", command);

        assertThat(failed.exitStatus()).isEqualTo(40);
        assertThat(failed.err()).contains("OTA-DISK-001").contains("could not write all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest", "manifest --json", "--help", "--version"})
    void readerThatHasGoneIsNotWorthAWord(String command) throws IOException {
        assertThat(ontoBroken("Broken pipe", command)).isEqualTo(new Invocation(141, "", ""));
    }

    private Invocation ontoBroken(String message, String command) throws IOException {
        Files.createDirectories(root.resolve("2/flash"));
        return Invocation.ontoBroken(message, Map.of("OTA_ROOT", root.toString()), command.split(" "));
    }

    @Test
    void missingRootIsOneSentenceAndAHint() {
        Path missing = root.resolve("missing");

        Invocation failed = Invocation.of("manifest", "--root", missing.toString());

        assertThat(failed)
                .isEqualTo(new Invocation(
                        3,
                        "",
                        "error: OTA-REPO-001 there is no directory %s%nhint: --root DIR names the directory that holds the version folders.%n"
                                .formatted(missing)));
    }

    @Test
    void stackTraceOnlyWhenVerbose() {
        assertThat(Invocation.of("diff", "nope", "nope").err()).doesNotContain("\tat ");
        assertThat(Invocation.of("-v", "diff", "nope", "nope").err()).contains("\tat io.overair");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "YES", "on"})
    void variablesStandForOptions(String on) throws IOException {
        Files.createDirectories(root.resolve("2/flash"));
        Map<String, String> variables =
                Map.of("OTA_ROOT", root.toString(), "OTA_CURRENT_VER", "2", "OTA_JSON", on, "OTA_HOST", "h");

        Invocation invocation = Invocation.in(variables, Set.of(), "manifest");

        assertThat(invocation.json().get(0).at("/currentVersion").asText()).isEqualTo("2");
    }

    @Test
    void commandLineWinsAgainstVariables() throws IOException {
        Map<String, String> variables = Map.of("OTA_ROOT", "/missing", "OTA_JSON", "1", "OTA_CURRENT_VER", "2");

        Invocation invocation = Invocation.in(
                variables, Set.of(), "manifest", "--json", "--root", root.toString(), "--current-ver", "3");

        assertThat(invocation.json().get(0).at("/currentVersion").asText()).isEqualTo("3");
    }

    @Test
    void variableThatSaysNoSwitchesNothingOn() {
        Invocation invocation = Invocation.in(Map.of("OTA_JSON", "0"), Set.of(), "manifest", "--root", root.toString());

        assertThat(invocation.out()).isEqualTo("null%n".formatted());
    }

    @Test
    void globalOptionsStandBeforeTheVerbOrAfterIt() {
        Invocation before = Invocation.of("--json", "manifest", "--root", root.toString());
        Invocation after = Invocation.of("manifest", "--root", root.toString(), "--json");

        assertThat(before).isEqualTo(after);
        assertThat(before.out()).startsWith("{\"schema\":1,\"type\":\"manifest\"");
    }

    @Test
    void coloursAreForTerminalsThatWantThem() {
        String[] args = {"manifest", "--root", root.resolve("missing").toString()};

        assertThat(Invocation.in(Map.of(), TERMINAL, args).err()).startsWith("\u001B[31merror:\u001B[0m ");
        assertThat(List.of(
                        Invocation.in(Map.of(), Set.of(), args),
                        Invocation.in(Map.of(), Set.of(Stream.OUT), args),
                        Invocation.in(Map.of("NO_COLOR", "1"), TERMINAL, args),
                        Invocation.in(Map.of("TERM", "dumb"), TERMINAL, args),
                        Invocation.in(Map.of("OTA_NO_COLOR", "1"), TERMINAL, args),
                        Invocation.in(Map.of(), TERMINAL, "manifest", "--no-color", args[1], args[2])))
                .allSatisfy(plain -> assertThat(plain.err()).startsWith("error: "));
    }

    @Test
    void namesFromOutsideCannotSteerATerminal() {
        Invocation invocation = Invocation.of("diff", "a\u001B]0;title\u0007\r\nerror: b", "x");

        assertThat(invocation.err().lines().toList().get(0))
                .isEqualTo("error: OTA-REPO-003 \"a?]0;title???error: b\" is neither a release nor a folder");
    }
}
