package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.manifest.Manifest;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodedManifestsTest {
    private final EncodedManifests encoded = new EncodedManifests(1);

    @Test
    void manifestIsEncodedOnceHoweverLargeItIs() throws IOException {
        Manifest manifest = manifest();

        EncodedManifest json = encoded.of(manifest);

        assertThat(json.weight()).isGreaterThan(1);
        assertThat(encoded.of(manifest)).isSameAs(json);
    }

    @Test
    void anotherManifestForTheSameVersionIsNotMistakenForIt() throws IOException {
        Manifest one = manifest();
        Manifest other = manifest();

        assertThat(encoded.of(other)).isNotSameAs(encoded.of(one));
    }

    private static Manifest manifest() throws IOException {
        ReleaseRepository repository = ReleaseRepository.inMemory(Map.of("1/flash/a", "a".getBytes(UTF_8)));
        return ManifestGenerator.over(repository).manifestFor("0").orElseThrow();
    }
}
