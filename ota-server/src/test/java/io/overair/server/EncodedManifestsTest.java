package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.manifest.Manifest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodedManifestsTest {
    private final EncodedManifests encoded = new EncodedManifests(ServerAddress.asAskedFor(), 1 << 20);

    @Test
    void manifestIsEncodedOnceForEachAddress() throws IOException {
        Manifest manifest = manifest();

        encoded.of(manifest, "http://a");
        Resource.InMemory again = encoded.of(manifest, "http://a");

        assertThat(encoded.of(manifest, "http://a")).isSameAs(again);
        assertThat(UTF_8.decode(encoded.of(manifest, "http://b").content().duplicate())
                        .toString())
                .contains("http://b/1/flash/a");
    }

    @Test
    void anotherManifestForTheSameVersionIsNotMistakenForIt() throws IOException {
        Manifest one = manifest();
        Manifest other = manifest();
        encoded.of(one, "http://a");
        Resource.InMemory json = encoded.of(one, "http://a");

        assertThat(encoded.of(other, "http://a").content().isDirect())
                .as("kept outside the heap, as what is asked for again")
                .isFalse();
        assertThat(json.content().isDirect()).isTrue();
    }

    @Test
    void addressesThatClientsMakeUpPushEachOtherOut() throws IOException {
        Manifest manifest = manifest();
        long size = encoded.of(manifest, "http://a").size();
        EncodedManifests narrow = new EncodedManifests(ServerAddress.of(URI.create("http://a")), 3 * size);

        narrow.of(manifest, "http://0");
        assertThat(narrow.of(manifest, "http://0").content().isDirect()).isTrue();
        for (int i = 1; i < 1_000; i++) {
            narrow.of(manifest, "http://" + i % 10);
        }

        assertThat(narrow.of(manifest, "http://0").content().isDirect())
                .as("remembered")
                .isFalse();
    }

    private static Manifest manifest() throws IOException {
        ReleaseRepository repository = ReleaseRepository.inMemory(Map.of("1/flash/a", "a".getBytes(UTF_8)));
        return ManifestGenerator.over(repository).manifestFor("0").orElseThrow();
    }
}
