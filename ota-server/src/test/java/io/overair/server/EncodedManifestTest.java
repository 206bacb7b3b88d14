package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedManifestTest {
    private static final Manifest MANIFEST = manifest();
    private final EncodedManifest encoded = new EncodedManifest(MANIFEST);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a",
                "https://updates.example.com/a/very/long/path/below/which/everything/lies",
                "http://[::1]:8000"
            })
    void everyPartIsWhatTheWholeWouldHaveThere(String baseUrl) throws IOException {
        byte[] whole = ManifestJson.write(MANIFEST, baseUrl);

        assertThat(encoded.size(baseUrl)).isEqualTo(whole.length);
        for (int from = 0; from < whole.length; from++) {
            for (int length : new int[] {1, 7, 100, whole.length - from}) {
                int count = Math.min(length, whole.length - from);
                assertThat(part(baseUrl, from, count)).isEqualTo(Arrays.copyOfRange(whole, from, from + count));
            }
        }
    }

    @Test
    void tagDiffersWithTheAddress() {
        assertThat(encoded.entityTag("http://a")).isNotEqualTo(encoded.entityTag("http://b"));
        assertThat(encoded.entityTag("http://a")).isEqualTo(new EncodedManifest(MANIFEST).entityTag("http://a"));
    }

    @Test
    void whatItTakesDoesNotDependOnTheAddress() {
        assertThat(encoded.weight()).isLessThan(2 * ManifestJson.write(MANIFEST, "http://address.invalid").length);
    }

    private byte[] part(String baseUrl, int from, int count) throws IOException {
        try (Content content = encoded.content(baseUrl)) {
            return Bodies.read(new OtaResponse.Body.Part(content, from, count));
        }
    }

    /** With names that would like to be taken for an address. */
    private static Manifest manifest() {
        try {
            return ManifestGenerator.over(ReleaseRepository.inMemory(Map.of(
                            "1/flash/a", "a".getBytes(UTF_8),
                            "1/flash/\"http:", "b".getBytes(UTF_8),
                            "1/\"http:/address.invalid/x", new byte[0],
                            "firmware_1.bin", "f".getBytes(UTF_8))))
                    .manifestFor("0")
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
