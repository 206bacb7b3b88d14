package io.overair.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestJson;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link Transport} must do. Extend it, give it a transport to a peer of yours, and its tests run with yours.
 */
public abstract class TransportContract {
    private static final byte[] LARGE = new byte[300_000];

    static {
        new Random(7).nextBytes(LARGE);
    }

    private Transport transport;

    /**
     * A transport to a peer on which there are exactly these files, and which answers the request for a manifest as an
     * update server with that root does. Whatever it needs is ended by the test that extends this.
     *
     * @param files content by path, such as {@code 1.0.1/flash/main.py}
     */
    protected abstract Transport transportTo(Map<String, byte[]> files) throws Exception;

    @BeforeEach
    final void connect() throws Exception {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("1.0.0/flash/main.py", "old".getBytes(UTF_8));
        files.put("1.0.1/flash/main.py", "new".getBytes(UTF_8));
        files.put("1.0.1/flash/large.bin", LARGE);
        files.put("1.0.1/flash/empty", new byte[0]);
        files.put("1.0.1/flash/a b.py", "blank".getBytes(UTF_8));
        transport = transportTo(files);
        transport.connect();
    }

    @AfterEach
    final void close() throws IOException {
        transport.close();
    }

    @Test
    final void aFileArrivesByteForByte() throws IOException {
        assertThat(whole("1.0.1/flash/large.bin")).isEqualTo(LARGE);
    }

    @Test
    final void anEmptyFileIsAFileToo() throws IOException {
        assertThat(whole("1.0.1/flash/empty")).isEmpty();
    }

    @Test
    final void aNameThatIsPercentEncodedIsFound() throws IOException {
        assertThat(whole("1.0.1/flash/a%20b.py")).asString(UTF_8).isEqualTo("blank");
    }

    @Test
    final void schemeAndHostOfAReferenceAreNotLookedAt() throws IOException {
        assertThat(whole("http://192.0.2.1:9/1.0.1/flash/main.py"))
                .asString(UTF_8)
                .isEqualTo("new");
    }

    @Test
    final void aLengthThatIsToldIsThatOfTheWhole() throws IOException {
        for (long offset : new long[] {0, 1000}) {
            try (Download download = transport.fetch("1.0.1/flash/large.bin", offset)) {
                assertThat(download.totalLength().orElse(LARGE.length)).isEqualTo(LARGE.length);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 299_999, 300_000, 300_001})
    final void fromAnOffsetComesTheRestOrAgainTheWhole(int offset) throws IOException {
        try (Download download = transport.fetch("1.0.1/flash/large.bin", offset)) {
            int start = Math.toIntExact(download.offset());

            assertThat(start).isIn(0, offset).isLessThanOrEqualTo(LARGE.length);
            assertThat(download.content().readAllBytes()).isEqualTo(Arrays.copyOfRange(LARGE, start, LARGE.length));
        }
    }

    @Test
    final void aDownloadLeftHalfWayDoesNotSpoilTheNext() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (Download download = transport.fetch("1.0.1/flash/large.bin", 0)) {
                assertThat(download.content().read()).isEqualTo(LARGE[0] & 0xFF);
            }
            assertThat(whole("1.0.1/flash/main.py")).asString(UTF_8).isEqualTo("new");
        }
    }

    @Test
    final void manyFilesArriveOneAfterTheOther() throws IOException {
        for (int i = 0; i < 50; i++) {
            assertThat(whole("1.0.0/flash/main.py")).asString(UTF_8).isEqualTo("old");
            assertThat(whole("1.0.1/flash/main.py")).asString(UTF_8).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.1/flash/none.py", "1.0.1", "1.0.1/flash", "none", "http://192.0.2.1:9/none"})
    final void whatIsNotThereIsToldApartFromWhatFailed(String reference) {
        assertThatThrownBy(() -> whole(reference)).isInstanceOf(NoSuchResourceException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../1.0.1/flash/main.py",
                "1.0.1/../1.0.1/flash/main.py",
                "1.0.1/./flash/main.py",
                "1.0.1/%2e%2e/1.0.1/flash/main.py",
                "1.0.1/.%2E/1.0.1/flash/main.py"
            })
    final void nobodyClimbs(String reference) {
        assertThatThrownBy(() -> whole(reference)).isInstanceOf(NoSuchResourceException.class);
    }

    @Test
    final void theManifestIsForTheVersionAskedAbout() throws IOException {
        Manifest manifest = manifest("1.0.0").orElseThrow();

        assertThat(manifest.version()).isEqualTo(LooseVersion.parse("1.0.1"));
        assertThat(manifest.changed()).extracting(file -> file.path().value()).containsExactly("flash/main.py");
        assertThat(manifest.added())
                .extracting(file -> file.path().value())
                .containsExactly("flash/a b.py", "flash/empty", "flash/large.bin");
    }

    @Test
    final void theReferencesOfItsManifestAreUnderstood() throws IOException {
        for (TargetFile file : manifest("").orElseThrow().files().toList()) {
            byte[] content = whole(file.reference());

            assertThat(Digest.ofContent(file.digests().get(0).algorithm(), content))
                    .isEqualTo(file.digests().get(0));
        }
    }

    @Test
    final void aDeviceOnTheLatestVersionIsToldSo() throws IOException {
        assertThat(manifest("1.0.1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0.9", "..", "1.0.1%2F", "a%26b%3Dc%20d%25", "%C3%A9"})
    final void aVersionNobodyKnowsGetsEverything(String version) throws IOException {
        assertThat(manifest(version).orElseThrow().added()).hasSize(4);
    }

    @Test
    final void itMayBeClosedTwice() throws IOException {
        transport.close();
        transport.close();
    }

    private Optional<Manifest> manifest(String encodedVersion) throws IOException {
        try (Download download = transport.fetch("manifest.json?current_ver=" + encodedVersion, 0)) {
            return ManifestJson.read(download.content());
        }
    }

    private byte[] whole(String reference) throws IOException {
        try (Download download = transport.fetch(reference, 0)) {
            assertThat(download.offset()).isZero();
            return download.content().readAllBytes();
        }
    }
}
