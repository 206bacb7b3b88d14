package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestCommandTest {
    @TempDir
    private Path root;

    @BeforeEach
    void releases() throws IOException {
        DemoFiles.makeServerDirectory(root);
    }

    @Test
    void printsWhatADeviceWouldBeSent() {
        Invocation invocation = Invocation.of(
                "manifest", "--root", root.toString(), "--current-ver", "1.0.0", "--host", "192.168.1.144:8000");

        assertThat(invocation.exitStatus()).isZero();
        assertThat(invocation.err()).isEmpty();
        assertThat(invocation.out())
                .startsWith("{\n    \"delete\": [\n        \"flash/lib/display.py\"\n    ]")
                .contains("\"URL\": \"http://192.168.1.144:8000/1.0.1/flash/lib/tariff.py\"")
                .contains("\"URL\": \"http://192.168.1.144:8000/firmware_1.0.1.bin\"");
    }

    @Test
    void nullSaysThatADeviceIsUpToDate() throws IOException {
        String[] args = {"manifest", "--root", root.toString(), "--current-ver", "1.0.1"};

        assertThat(Invocation.of(args).out()).isEqualTo("null%n".formatted());
        JsonNode document = Invocation.of("--json", args[0], args[1], args[2], args[3], args[4])
                .json()
                .get(0);
        assertThat(document.at("/upToDate").asBoolean()).isTrue();
        assertThat(document.at("/manifest").isNull()).isTrue();
    }

    @Test
    void whatIsLeftOutOfTheLatestReleaseIsTold() throws IOException {
        Files.createSymbolicLink(root.resolve("1.0.1/flash/broken.py"), Path.of("nowhere"));

        Invocation invocation = Invocation.of("manifest", "--root", root.toString());

        assertThat(invocation.exitStatus()).isZero();
        assertThat(invocation.err()).startsWith("warning: left out of 1.0.1: flash/broken.py: ");
        assertThat(Invocation.of("manifest", "--root", root.toString(), "--json")
                        .jsonErrors())
                .singleElement()
                .satisfies(warning -> assertThat(warning.at("/type").asText()).isEqualTo("warning"));
    }

    @Test
    void deviceWithoutAVersionGetsEverything() throws IOException {
        JsonNode document = Invocation.of("manifest", "--root", root.toString(), "--json")
                .json()
                .get(0);

        assertThat(document.at("/schema").asInt()).isEqualTo(1);
        assertThat(document.at("/type").asText()).isEqualTo("manifest");
        assertThat(document.at("/upToDate").asBoolean()).isFalse();
        assertThat(document.at("/manifest/new")).hasSize(4);
        assertThat(document.at("/manifest/delete")).isEmpty();
    }

    @Test
    void rootWithoutReleasesIsWarnedOf() throws IOException {
        Path empty = Files.createDirectory(root.resolve("empty"));

        Invocation invocation = Invocation.of("manifest", "--root", empty.toString());

        assertThat(invocation)
                .isEqualTo(new Invocation(
                        0, "null%n".formatted(), "warning: no releases in %s%n".formatted(empty.toAbsolutePath())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad host/", "", "h:", "h:123456", "::1", "http://h"})
    void hostThatIsNoneIsRefused(String host) {
        Invocation invocation = Invocation.of("manifest", "--root", root.toString(), "--host", host);

        assertThat(invocation.exitStatus()).isEqualTo(2);
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.err()).contains("OTA-USE-001", "--host \"" + host + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"updates.example", "192.168.1.144:8000", "[::1]", "[fe80::1]:80"})
    void hostIsANameOrAnAddress(String host) {
        assertThat(Invocation.of("manifest", "--root", root.toString(), "--host", host)
                        .out())
                .contains("\"http://" + host + "/1.0.1/");
    }
}
