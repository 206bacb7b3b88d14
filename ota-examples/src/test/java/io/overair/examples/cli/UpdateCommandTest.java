package io.overair.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.overair.examples.cli.Surroundings.Stream;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.jdk.JdkHttpAdapter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class UpdateCommandTest extends DeviceVerbs {
    private static final String UNCHANGED = "hint: nothing was changed, 1.0.0 still runs.";

    @Test
    void updateSaysWhatComesWhatWasVerifiedAndWhatIsApplied() throws IOException {
        Invocation update = update();

        assertThat(update.exitStatus()).isZero();
        assertThat(update.out())
                .isEqualTo(
                        "1.0.0 -> 1.0.1   1 new, 2 changed, 1 removed, firmware%nverified     4 files, 256.8 KiB%napplied      1.0.1%n"
                                .formatted());
        assertThat(update.err().lines()).first().asString().startsWith("downloading: file 1/4, ");
        assertThat(content("flash/lib/tariff.py"))
                .isEqualTo(Files.readString(server.resolve("1.0.1/flash/lib/tariff.py")));
        assertThat(device.resolve("flash/lib/display.py")).doesNotExist();
        assertThat(content("flash/OTA_VERSION.py")).startsWith("VERSION = '1.0.1'");
        assertThat(firmware.resolve("slot-b.img")).hasSameBinaryContentAs(server.resolve("firmware_1.0.1.bin"));
        assertThat(firmware.resolve("active")).hasContent("b");
    }

    @Test
    void releasesLieInSlotsIfAskedForAndStayThere() throws IOException {
        assertThat(update("--layout", "slots").exitStatus()).isZero();

        assertThat(device.resolve("current/flash/lib/tariff.py"))
                .hasSameTextualContentAs(server.resolve("1.0.1/flash/lib/tariff.py"));
        assertThat(withFirmware("rollback").exitStatus()).isZero();
        assertThat(update("--layout", "somewhere").err())
                .contains("--layout \"somewhere\": expected in-place or slots");
    }

    @Test
    void quietUpdateSaysOnlyHowItEnded() {
        assertThat(update("-q")).isEqualTo(new Invocation(0, "applied      1.0.1%n".formatted(), ""));
    }

    @Test
    void cardThatIsMissingIsWaitedForUnlessItIsGoneForGood() throws IOException {
        cardIsMissingAt("flash");

        Invocation update = update();

        assertThat(update.exitStatus()).isEqualTo(40);
        assertThat(update.err())
                .contains(
                        "error: OTA-DEV-013 waiting for flash: ",
                        UNCHANGED + " Bring back what belongs there",
                        "--replaced-store DIR");
        assertThat(update("--replaced-store", "../flash").exitStatus()).isEqualTo(2);
        assertThat(update("--replaced-store", "/flash").err()).contains("below the device's folder");
        assertThat(update("--replaced-store", "flash/").exitStatus()).isZero();
        assertThat(content("flash/OTA_VERSION.py")).startsWith("VERSION = '1.0.1'");
    }

    @Test
    void cardThatTheDeviceDoesNotKnowCannotBeReplaced() throws IOException {
        cardIsMissingAt("flash");

        Invocation update = update("--replaced-store", "flush");

        assertThat(update.exitStatus()).isEqualTo(2);
        assertThat(update.err()).contains("error: OTA-DEV-014 --replaced-store flush: ", "There are: flash.");
        assertThat(content("flash/OTA_VERSION.py")).startsWith("VERSION = '1.0.0'");
    }

    @Test
    void deviceWithoutCardsHasNoneToReplace() {
        assertThat(update("--replaced-store", "sd").err())
                .contains("error: OTA-DEV-014 --replaced-store sd: ", "All its files are on one disk.");
    }

    @Test
    void nothingToDoIsNoError() {
        update();

        assertThat(update()).isEqualTo(new Invocation(0, "up to date   1.0.1%n".formatted(), ""));
    }

    @Test
    void jsonHasALineForEachEvent() throws IOException {
        List<JsonNode> lines = update("--json").json();

        assertThat(lines).allMatch(line -> line.at("/schema").asInt() == 1);
        assertThat(lines)
                .extracting(line -> line.at("/type").asText())
                .containsSubsequence("offered", "begun", "progress", "staged", "staged", "staged", "staged", "updated");
        assertThat(lines.get(1).at("/missing").asInt()).isEqualTo(4);
        assertThat(lines.get(2).at("/target").asText()).isEqualTo("flash/lib/tariff.py");
        assertThat(lines.get(2).at("/total").asInt()).isEqualTo(183);
        assertThat(lines.get(lines.size() - 1))
                .hasToString("{\"schema\":1,\"type\":\"updated\",\"from\":\"1.0.0\",\"to\":\"1.0.1\",\"files\":3,"
                        + "\"removed\":1,\"bytes\":262915,\"firmware\":true}");
        assertThat(update("--json").json())
                .singleElement()
                .hasToString("{\"schema\":1,\"type\":\"up-to-date\",\"version\":\"1.0.1\"}");
    }

    @Test
    void whatIsHereAlreadyIsNotCounted() throws IOException {
        Files.copy(server.resolve("1.0.1/flash/lib/tariff.py"), device.resolve("flash/lib/tariff.py"));

        assertThat(update().out()).contains("verified     3 files, ");
    }

    @Test
    void deviceThatKnowsNoVersionGetsEverything() throws IOException {
        Files.delete(device.resolve("flash/OTA_VERSION.py"));

        assertThat(update().out()).startsWith("unknown version -> 1.0.1   4 new, firmware");
    }

    @Test
    void updateComesOverHttpAsWell() throws IOException {
        HttpHandler releases = JdkHttpAdapter.of(OtaHandler.of(ReleaseRepository.inDirectory(server)));

        Invocation update = updateFrom(releases);

        assertThat(update.exitStatus()).isZero();
        assertThat(update.out()).endsWith("applied      1.0.1%n".formatted());
    }

    @Test
    void firmwareNeedsADirectory() throws IOException {
        Invocation update = onDevice("update", "--server", server.toString());

        assertThat(update.exitStatus()).isEqualTo(2);
        assertThat(update.err())
                .contains("error: OTA-DEV-003 release 1.0.1 brings firmware", UNCHANGED + " --firmware-dir DIR");
        assertThat(content("flash/OTA_VERSION.py")).isEqualTo("VERSION = '1.0.0'");
    }

    @Test
    void filesAloneAreInstalledWhereFirmwareIsToBeLeftOut() throws IOException {
        Invocation update = onDevice("update", "--server", server.toString(), "--skip-firmware");

        assertThat(update.exitStatus()).isZero();
        assertThat(update.err()).contains("warning: the firmware of this release is left out, as asked for");
        assertThat(content("flash/OTA_VERSION.py")).startsWith("VERSION = '1.0.1'");
        assertThat(firmware.resolve("active")).doesNotExist();
    }

    @Test
    void firmwareIsLeftOutOrWrittenAndNotBoth() {
        Invocation update = update("--skip-firmware");

        assertThat(update.exitStatus()).isEqualTo(2);
        assertThat(update.err()).contains("OTA-USE-001 --skip-firmware and --firmware-dir");
    }

    @Test
    void olderVersionIsRefusedWhereThatIsAskedFor() throws IOException {
        Invocation update = update("--current-ver", "7", "--no-downgrade");

        assertThat(update.exitStatus()).isEqualTo(31);
        assertThat(update.err()).contains("error: OTA-SRV-004 on 7, offered 1.0.1: a downgrade, refused", UNCHANGED);
        assertThat(content("flash/OTA_VERSION.py")).isEqualTo("VERSION = '1.0.0'");
    }

    @Test
    void newOptionsHaveVariables() {
        Map<String, String> variables = Map.of(
                "OTA_SERVER",
                server.toString(),
                "OTA_DEVICE",
                device.toString(),
                "OTA_CURRENT_VER",
                "7",
                "OTA_NO_DOWNGRADE",
                "1");

        assertThat(Invocation.in(variables, Set.of(), "update").exitStatus()).isEqualTo(31);
        assertThat(Invocation.in(
                                Map.of("OTA_SKIP_FIRMWARE", "yes"),
                                Set.of(),
                                "update",
                                "--server",
                                server.toString(),
                                "--device",
                                device.toString())
                        .exitStatus())
                .isZero();
    }

    /** What {@code | head -1} does to it. */
    @Test
    void updateIsMadeToItsEndThoughNobodyListens() throws IOException {
        Invocation update = ontoBroken("Broken pipe", "update", "--json");

        assertThat(update.exitStatus()).isZero();
        assertThat(update.err()).doesNotContain("could not", "error");
        assertThat(content("flash/OTA_VERSION.py")).startsWith("VERSION = '1.0.1'");
    }

    @Test
    void outputThatIsLostMakesNoFailureOfAnUpdate() throws IOException {
        Invocation update = ontoBroken("No space left on device", "update");

        assertThat(update.exitStatus()).isZero();
        assertThat(update.err()).contains("warning: could not write all of the output");
        assertThat(content("flash/OTA_VERSION.py")).startsWith("VERSION = '1.0.1'");
    }

    @Test
    void statusTellsOfAnUpdateThatFailedThoughNobodyListens() throws IOException {
        Files.createDirectories(device.resolve("flash/lib/tariff.py/mine"));
        Files.writeString(device.resolve("flash/lib/tariff.py/mine/x"), "x");

        Invocation update = ontoBroken("Broken pipe", "update");

        assertThat(update.exitStatus()).isEqualTo(40);
        assertThat(update.err()).contains("OTA-DEV-002", UNCHANGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1' + exit() + '", "1\\u0000"})
    void versionNoDeviceCanBearIsTheServersFault(String version) throws IOException {
        String manifest = "{\"version\": \"%s\", \"new\": [], \"update\": [], \"delete\": []}".formatted(version);

        Invocation update = updateFrom(answering(200, manifest));

        assertThat(update.exitStatus()).isEqualTo(21);
        assertThat(update.err()).contains("error: OTA-SRV-002 bad manifest: version: ", UNCHANGED);
    }

    @Test
    void serverThatIsGoneIsGivenUpAndNothingIsChanged() throws IOException {
        int port;
        try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedSoon.getLocalPort();
        }

        Invocation update = onServer("http://127.0.0.1:" + port, "update");

        assertThat(update.exitStatus()).isEqualTo(20);
        assertThat(update.err())
                .startsWith("warning: manifest: failed to connect to 127.0.0.1:" + port + "; try 2 of 3 in 0.0 s\n")
                .contains("error: OTA-NET-003 manifest: gave up after 3 tries (last: failed to connect")
                .endsWith(UNCHANGED + " Run `ota update` again.\n");
    }

    @Test
    void emptyAnswerOfAPycomServerThatDiedIsNoManifest() throws IOException {
        Invocation update = updateFrom(answering(200, ""));

        assertThat(update.exitStatus()).isEqualTo(21);
        assertThat(update.err()).contains("error: OTA-SRV-002 bad manifest: ", UNCHANGED);
    }

    @Test
    void pageInThePlaceOfAManifestIsNoManifest() throws IOException {
        Invocation update = updateFrom(answering(200, "<html>welcome to the hotel</html>"));

        assertThat(update.exitStatus()).isEqualTo(21);
        assertThat(update.err()).contains("error: OTA-SRV-002 bad manifest: ", UNCHANGED);
    }

    @Test
    void missingManifestIsARefusal() throws IOException {
        Invocation update = updateFrom(answering(404, "<html>not found</html>"));

        assertThat(update.exitStatus()).isEqualTo(21);
        assertThat(update.err())
                .contains("error: OTA-SRV-001 /manifest.json: status 404", UNCHANGED)
                .doesNotContain("warning");
    }

    @Test
    void brokenImageIsAskedForAgainAndThenGivenUp() throws IOException {
        HttpHandler releases = JdkHttpAdapter.of(OtaHandler.of(ReleaseRepository.inDirectory(server)));

        Invocation update = updateFrom(exchange -> {
            if (exchange.getRequestURI().getPath().endsWith(".bin")) {
                answering(200, "404 Not Found").handle(exchange);
            } else {
                releases.handle(exchange);
            }
        });

        assertThat(update.exitStatus()).isEqualTo(30);
        assertThat(update.err())
                .contains("warning: firmware: expected SHA-1:", "error: OTA-HASH-001 firmware: gave up", UNCHANGED)
                .contains("(last: expected SHA-1:");
        assertThat(firmware.resolve("active")).doesNotExist();
    }

    @Test
    void connectionThatBreaksEachTimeIsGivenUpAndWhatCameIsKept() throws IOException {
        HttpHandler releases = JdkHttpAdapter.of(OtaHandler.of(ReleaseRepository.inDirectory(server)));
        HttpHandler breaking = exchange -> {
            if (exchange.getRequestURI().getPath().endsWith(".bin")) {
                exchange.sendResponseHeaders(200, Files.size(server.resolve("firmware_1.0.1.bin")));
                exchange.getResponseBody().write(Files.readAllBytes(server.resolve("firmware_1.0.1.bin")), 0, 100_000);
                exchange.close();
            } else {
                releases.handle(exchange);
            }
        };

        Invocation broken = updateFrom(breaking);
        Invocation again = update("--json");

        assertThat(broken.exitStatus()).isEqualTo(20);
        assertThat(broken.err())
                .contains("warning: firmware: unexpected end of stream; try 2 of 3 in 0.0 s")
                .contains("error: OTA-NET-003 firmware: gave up after 3 tries");
        JsonNode updated = again.json().get(again.json().size() - 1);
        assertThat(updated.at("/bytes").asInt()).isEqualTo(262_151 - 100_000);
    }

    @Test
    void offerWithSomethingInTheWayIsRefused() throws IOException {
        Files.createDirectories(device.resolve("flash/lib/tariff.py/mine"));
        Files.writeString(device.resolve("flash/lib/tariff.py/mine/x"), "x");

        Invocation update = update();

        assertThat(update.exitStatus()).isEqualTo(40);
        assertThat(update.err()).contains("error: OTA-DEV-002 flash/lib/tariff.py", UNCHANGED);
    }

    @Test
    void secondUpdaterIsRefusedWhileTheFirstIsAtWork() throws IOException {
        try (Installation first = Installation.open(device, InstallationOptions.defaults())) {
            assertThat(first.version()).isPresent();

            Invocation second = update();

            assertThat(second.exitStatus()).isEqualTo(40);
            assertThat(second.err())
                    .contains("error: OTA-DEV-001 another updater is at work on ", "hint: nothing was changed. Run");
        }
    }

    @Test
    void spoiltStateNeedsAPerson() throws IOException {
        update();
        Files.writeString(device.resolve(".ota/state"), "OTASTATE 1\nversion 9\n");

        Invocation update = update();

        assertThat(update.exitStatus()).isEqualTo(42);
        assertThat(update.err()).contains("error: OTA-DEV-007 ", "hint: nothing was touched");
        assertThat(onDevice("status").exitStatus()).isEqualTo(42);
    }

    @Test
    void missingDirectoriesAreNamed() {
        Path missing = directory.resolve("missing");

        assertThat(Invocation.of("update", "--server", server.toString(), "--device", missing.toString()))
                .isEqualTo(new Invocation(
                        3,
                        "",
                        "error: OTA-REPO-001 there is no directory %s%nhint: --device DIR names the directory whose files are kept up to date.%n"
                                .formatted(missing)));
        Invocation noServer = onServer(missing.toString(), "update");
        assertThat(noServer.exitStatus()).isEqualTo(3);
        assertThat(noServer.err()).contains("OTA-REPO-001 there is no directory " + missing, UNCHANGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host", "http://", "http://user:secret@host", "https://host/?q", "x\0y"})
    void addressThatIsNoneIsRefused(String address) {
        Invocation update = onServer(address, "update");

        assertThat(update.exitStatus()).isEqualTo(2);
        assertThat(update.err()).contains("OTA-USE-001 --server", ServerOption.EXPECTED);
    }

    @Test
    void barIsForTerminalsOnly() {
        String[] args = {
            "update",
            "--server",
            server.toString(),
            "--device",
            device.toString(),
            "--firmware-dir",
            firmware.toString()
        };

        Invocation update = Invocation.in(Map.of(), Set.of(Stream.ERR), args);

        assertThat(update.exitStatus()).isZero();
        assertThat(update.err()).doesNotContain("\n");
    }

    private Invocation ontoBroken(String message, String... args) {
        Map<String, String> variables = Map.of(
                "OTA_SERVER", server.toString(),
                "OTA_DEVICE", device.toString(),
                "OTA_FIRMWARE_DIR", firmware.toString());
        return Invocation.ontoBroken(message, variables, args);
    }

    private Invocation updateFrom(HttpHandler handler) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", handler);
        http.start();
        try {
            return onServer("http://127.0.0.1:" + http.getAddress().getPort(), "update");
        } finally {
            http.stop(0);
        }
    }

    private static HttpHandler answering(int status, String body) {
        return (HttpExchange exchange) -> {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }
}
