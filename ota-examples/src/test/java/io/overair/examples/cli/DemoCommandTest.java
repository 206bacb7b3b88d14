package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
    @Test
    void demoTellsTheStoryOfAnUpdate() {
        Invocation demo = Invocation.of("demo");

        assertThat(demo.exitStatus()).isZero();
        assertThat(demo.err()).isEmpty();
        assertThat(demo.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsSubsequence(
                        "2 A device on 1.0.0",
                        "new flash/lib/tariff.py sha1 2d867a65…",
                        "delete flash/lib/display.py",
                        "firmware firmware_1.0.1.bin sha1 0a47f419…",
                        "GET /manifest.json?current_ver=1.0.0 200 893 B",
                        "GET /firmware_1.0.1.bin 200 256.0 KiB",
                        "5 The device on 1.0.1",
                        "- flash/lib/display.py 67 B",
                        "~ flash/lib/meter.py 326 B",
                        "+ flash/lib/tariff.py 183 B",
                        "firmware slot-b.img sha1 0a47f419…",
                        "6 It is taken back, from what it kept: no server is needed",
                        "+ flash/lib/display.py 67 B",
                        "- flash/lib/tariff.py 183 B",
                        "on trial 1.0.2, 3 starts and 1 s left",
                        "not yet main.py: no module named tariff",
                        "9 It is started anew, and so taken back",
                        "version 1.0.0",
                        "because not healthy in time: main.py: no module named tariff",
                        "10 The server still offers it",
                        "blocked 1.0.2 failed here before",
                        "Updated 1.0.0 -> 1.0.1, and back: files and firmware are as released each time.",
                        "Tried 1.0.2, and back by itself: it failed its health check, and is blocked.");
        assertThat(demo.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void quietDemoSaysOnlyHowItEnded() {
        assertThat(Invocation.of("-q", "demo").out())
                .isEqualTo(("Updated 1.0.0 -> 1.0.1, and back: files and firmware are as released each time.%n"
                                + "Tried 1.0.2, and back by itself: it failed its health check, and is blocked.%n")
                        .formatted());
    }

    @Test
    void jsonHasALineForEachEvent() throws IOException {
        List<JsonNode> lines = Invocation.of("demo", "--json").json();

        assertThat(lines).allMatch(line -> line.at("/schema").asInt() == 1);
        assertThat(lines)
                .extracting(line -> line.at("/type").asText())
                .containsExactly(
                        "manifest",
                        "listening",
                        "request",
                        "request",
                        "request",
                        "request",
                        "request",
                        "updated",
                        "rolled-back",
                        "on-trial",
                        "taken-back",
                        "blocked",
                        "demo");
        assertThat(lines.get(1).at("/port").asInt()).isPositive();
        assertThat(lines.get(0).at("/manifest/new/0/URL").asText())
                .startsWith(lines.get(1).at("/url").asText() + "/1.0.1/");
        assertThat(lines.get(2).at("/method").asText()).isEqualTo("GET");
        assertThat(lines.get(7).at("/device").get("flash/lib/tariff.py").asInt())
                .isEqualTo(183);
        assertThat(lines.get(8).at("/device").has("flash/lib/tariff.py")).isFalse();
        assertThat(lines.get(12).at("/asReleased").asBoolean()).isTrue();
    }

    @Test
    void directoryIsKeptOnlyIfAskedFor() throws IOException {
        List<JsonNode> lines = Invocation.of("demo", "--json", "--keep").json();

        Path kept = Path.of(lines.get(lines.size() - 1).at("/directory").asText());
        try (Stream<Path> paths = Files.walk(kept)) {
            List<Path> all = paths.sorted(Comparator.reverseOrder()).toList();
            assertThat(all)
                    .contains(
                            kept.resolve("device/flash/lib/display.py"),
                            kept.resolve("firmware/slot-b.img"),
                            kept.resolve("server/1.0.0"));
            for (Path path : all) {
                Files.delete(path);
            }
        }
    }

    @Test
    void keptDirectoryCanBeGoneOnWith() throws IOException {
        List<String> lines = Invocation.of("demo", "-q", "--keep").out().lines().toList();
        List<String> command = List.of(lines.get(lines.size() - 1).strip().split(" "));

        Invocation update = Invocation.of(command.subList(1, command.size()).toArray(String[]::new));

        assertThat(command.get(0)).isEqualTo("ota");
        assertThat(update.out()).endsWith("applied      1.0.1%n".formatted());
        delete(Objects.requireNonNull(Path.of(command.get(3)).getParent()));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
