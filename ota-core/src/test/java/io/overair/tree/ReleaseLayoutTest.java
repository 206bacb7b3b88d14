package io.overair.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.overair.Vectors;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseLayoutTest {
    @ParameterizedTest
    @MethodSource
    void everyRecordedNameIsTakenOrLeftAsWanted(JsonNode recorded) {
        Optional<LooseVersion> version =
                ReleaseLayout.firmwareVersion(recorded.get("name").asText());

        assertThat(version.filter(found -> found.compareTo(LooseVersion.parse("0")) > 0)
                        .isPresent())
                .as("offered to a device on version 0")
                .isEqualTo(recorded.get("desired").asBoolean());
        assertThat(version.map(LooseVersion::toString))
                .isEqualTo(Optional.ofNullable(recorded.get("desired_version").textValue()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "a//b", "a/", ".", "a/..", "../a", "a/./b", "x\0y"})
    void namesThatLeadElsewhereHaveNoPlace(String path) {
        assertThat(ReleaseLayout.placeOf(path, Path.of("/root"))).isEmpty();
    }

    @Test
    void aPlaceIsBelowTheRootNameByName() {
        Path root = Path.of("root").toAbsolutePath();

        assertThat(ReleaseLayout.placeOf("1.0.0/flash/..a b", root)).contains(root.resolve("1.0.0/flash/..a b"));
    }

    static Stream<JsonNode> everyRecordedNameIsTakenOrLeftAsWanted() throws IOException {
        return StreamSupport.stream(Vectors.json("firmware-names.json").spliterator(), false);
    }
}
