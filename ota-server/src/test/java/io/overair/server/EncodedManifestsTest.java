package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.manifest.Manifest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EncodedManifestsTest {
    private final AtomicInteger news = new AtomicInteger();
    private final EncodedManifests encoded = new EncodedManifests(1, news::incrementAndGet);

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

    @Test
    void onlyAManifestThatSaysSomethingNewIsNews() throws IOException {
        encoded.of(manifest("a"));
        assertThat(news).hasValue(1);

        encoded.of(manifest("a"));
        assertThat(news).hasValue(1);

        encoded.of(manifest("b"));
        assertThat(news).hasValue(2);
    }

    private static Manifest manifest() throws IOException {
        return manifest("a");
    }

    private static Manifest manifest(String content) throws IOException {
        ReleaseRepository repository = ReleaseRepository.inMemory(Map.of("1/flash/a", content.getBytes(UTF_8)));
        return ManifestGenerator.over(repository).manifestFor("0").orElseThrow();
    }
}
