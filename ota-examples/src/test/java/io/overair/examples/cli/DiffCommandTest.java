package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiffCommandTest {
    @TempDir
    private Path root;

    @BeforeEach
    void releases() throws IOException {
        DemoFiles.makeServerDirectory(root);
    }

    @Test
    void releasesOfTheRootAreCompared() {
        assertThat(diff("1.0.0", "1.0.1").out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "1.0.0 -> 1.0.1 1 added (183 B), 2 changed (581 B), 1 removed (67 B)",
                        "+ flash/lib/tariff.py 183 B",
                        "~ flash/lib/meter.py 217 B -> 326 B",
                        "~ flash/main.py 194 B -> 255 B",
                        "- flash/lib/display.py 67 B");
    }

    @Test
    void foldersAreComparedWhereThereIsNoSuchRelease() {
        Invocation invocation = diff("1.0.1", root.resolve("1.0.0").toString());

        assertThat(invocation.out())
                .contains("1 added (67 B), 2 changed (411 B), 1 removed (183 B)", "+ flash/lib/display.py");
    }

    @Test
    void exitStatusTellsOfDifferencesOnlyIfAskedTo() {
        assertThat(diff("1.0.0", "1.0.1").exitStatus()).isZero();
        assertThat(diff("1.0.0", "1.0.1", "--exit-code").exitStatus()).isEqualTo(12);
        assertThat(diff("1.0.1", "1.0.1", "--exit-code").exitStatus()).isZero();
    }

    @Test
    void jsonHasSizesAndDigests() throws IOException {
        JsonNode document = diff("1.0.0", "1.0.1", "--json").json().get(0);

        assertThat(document.at("/schema").asInt()).isEqualTo(1);
        assertThat(document.at("/type").asText()).isEqualTo("diff");
        assertThat(document.at("/from").asText()).isEqualTo("1.0.0");
        assertThat(document.at("/to").asText()).isEqualTo("1.0.1");
        assertThat(document.at("/added/0/path").asText()).isEqualTo("flash/lib/tariff.py");
        assertThat(document.at("/added/0/size").asInt()).isEqualTo(183);
        assertThat(document.at("/added/0/sha256").asText())
                .isEqualTo(Digest.ofContent(
                                Digest.Algorithm.SHA256, Files.readAllBytes(root.resolve("1.0.1/flash/lib/tariff.py")))
                        .hex());
        assertThat(document.at("/changed")).hasSize(2);
        assertThat(document.at("/changed/0/path").asText()).isEqualTo("flash/lib/meter.py");
        assertThat(document.at("/changed/0/oldSize").asInt()).isEqualTo(217);
        assertThat(document.at("/changed/0/size").asInt()).isEqualTo(326);
        assertThat(document.at("/bytes/added").asInt()).isEqualTo(183);
        assertThat(document.at("/bytes/changed").asInt()).isEqualTo(581);
        assertThat(document.at("/bytes/removed").asInt()).isEqualTo(67);
        assertThat(document.at("/removed/0/path").asText()).isEqualTo("flash/lib/display.py");
    }

    @Test
    void whatIsNeitherReleaseNorFolderIsRefused() {
        Invocation invocation = diff("1.0.0", "9.9.9");

        assertThat(invocation.exitStatus()).isEqualTo(3);
        assertThat(invocation.err()).contains("OTA-REPO-003", "\"9.9.9\" is neither a release nor a folder");
    }

    @ParameterizedTest
    @CsvSource({"'', 1.0.0", "1.0.0, ' '"})
    void blankIsNotTakenForTheWorkingDirectory(String from, String to) {
        Invocation invocation = diff(from, to);

        assertThat(invocation.exitStatus()).isEqualTo(2);
        assertThat(invocation.err()).contains("OTA-USE-001", "not a blank");
    }

    private Invocation diff(String from, String to, String... options) {
        String[] args = new String[options.length + 5];
        System.arraycopy(new String[] {"diff", "--root", root.toString(), from, to}, 0, args, 0, 5);
        System.arraycopy(options, 0, args, 5, options.length);
        return Invocation.of(args);
    }
}
