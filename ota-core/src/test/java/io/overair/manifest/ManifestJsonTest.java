package io.overair.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.Vectors;
import io.overair.version.LooseVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestJsonTest {
    private static final String BASE = "http://ota.test:8000";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The example in the documentation of the Pycom OTA example: no leading slashes, the version before. */
    private static final String DOCUMENTED = """
            {
              "delete": ["flash/old_file.py", "/flash/other_old_file.py"],
              "firmware": {"URL": "http://192.168.1.144/firmware_1.0.1b.bin",
                           "hash": "ccc6914a457eb4af8855ec02f6909316526bdd08"},
              "new": [{"URL": "http://192.168.1.144/1.0.1b/flash/lib/new_lib.py",
                       "dst_path": "flash/lib/new_lib.py",
                       "hash": "1095df8213aac2983efd68dba9420c8efc9c7c4a"}],
              "update": [{"URL": "http://192.168.1.144/1.0.1b/flash/changed_file.py",
                          "dst_path": "/flash/changed_file.py",
                          "hash": "1095df8213aac2983efd68dba9420c8efc9c7c4a"}],
              "version": "1.0.1b",
              "previous_version": "1.0.1a"
            }
            """;

    @Test
    void documentedFormIsRead() throws IOException {
        Manifest manifest = read(DOCUMENTED).orElseThrow();

        assertThat(manifest.version()).isEqualTo(LooseVersion.parse("1.0.1b"));
        assertThat(manifest.previousVersion()).contains(LooseVersion.parse("1.0.1a"));
        assertThat(manifest.removed())
                .containsExactly(new DevicePath("flash/old_file.py"), new DevicePath("flash/other_old_file.py"));
        assertThat(manifest.added())
                .containsExactly(file(
                        "flash/lib/new_lib.py",
                        "http://192.168.1.144/1.0.1b/flash/lib/new_lib.py",
                        "1095df8213aac2983efd68dba9420c8efc9c7c4a"));
        assertThat(manifest.changed())
                .containsExactly(file(
                        "flash/changed_file.py",
                        "http://192.168.1.144/1.0.1b/flash/changed_file.py",
                        "1095df8213aac2983efd68dba9420c8efc9c7c4a"));
        assertThat(manifest.firmware())
                .contains(
                        image("http://192.168.1.144/firmware_1.0.1b.bin", "ccc6914a457eb4af8855ec02f6909316526bdd08"));
    }

    @ParameterizedTest
    @MethodSource("recordedManifests")
    void everyRecordedAnswerIsReadAndWrittenAgainWithTheSameContent(String request, JsonNode recorded)
            throws IOException {
        Optional<Manifest> manifest = read(recorded.toString());

        if (recorded.isNull()) {
            assertThat(manifest).isEmpty();
        } else {
            JsonNode written = JSON.readTree(ManifestJson.write(manifest.orElseThrow(), BASE));
            assertThat(comparable(written)).isEqualTo(comparable(recorded));
        }
    }

    static Stream<Arguments> recordedManifests() throws IOException {
        List<Arguments> manifests = new ArrayList<>();
        for (Path vector : Vectors.filesIn("/vectors/manifests")) {
            for (JsonNode request :
                    Vectors.json("manifests/" + vector.getFileName()).get("requests")) {
                for (String answer : List.of("upstream", "desired")) {
                    if (request.path(answer).has("manifest")) {
                        manifests.add(arguments(
                                request.get("id").asText() + " " + answer,
                                request.get(answer).get("manifest")));
                    }
                }
            }
        }
        return manifests.stream();
    }

    @Test
    void allRecordedAnswersAreLookedAt() throws IOException {
        assertThat(recordedManifests().count()).isEqualTo(94);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", " null\n", "\r\n\tnull"})
    void nullSaysThatTheDeviceIsUpToDate(String json) throws IOException {
        assertThat(read(json)).isEmpty();
    }

    @Test
    void missingFirmwareAndPreviousVersionAreLikeNull() throws IOException {
        Optional<Manifest> without = read("{'version': '2', 'new': [], 'update': [], 'delete': []}");

        assertThat(without)
                .contains(new Manifest(
                        LooseVersion.parse("2"), Optional.empty(), List.of(), List.of(), List.of(), Optional.empty()));
        assertThat(read("{'version': '2', 'new': [], 'update': [], 'delete': [], 'firmware': null,"
                        + " 'previous_version': null}"))
                .isEqualTo(without);
    }

    @Test
    void unknownMembersAreSkippedWhateverTheyHold() throws IOException {
        String unknown = """
                'x': {'version': 3, 'y': [[], [{'z': null}], -1.5e300, 12345678901234567890, true, false, '\\ud800']},
                '': '', '\\u0000': {'new': 7}, 'hash ': 1, 'Version': [], 'size': 5""";
        String plain = DOCUMENTED.replace('"', '\'');
        String extended = plain.replace("'version'", unknown + ", 'version'").replace("'URL'", unknown + ", 'URL'");

        assertThat(read(extended)).isEqualTo(read(plain));
    }

    @Test
    void membersMayComeInAnyOrderAndAnySpacing() throws IOException {
        assertThat(read("{'delete':[],'version':'2',\n\n'update':[]\t,'new':[ ]} \r\n"))
                .isEqualTo(read("{'version': '2', 'new': [], 'update': [], 'delete': []}"));
    }

    @Test
    void textMayBeUtf8OrEscaped() throws IOException {
        String plain = "{'version': 'é\uD83D\uDE00', 'new': [], 'update': [], 'delete': ['ü\uD83D\uDE00']}";
        String escaped =
                "{'ver\\u0073ion': '\\u00e9\\ud83d\\ude00', 'new': [], 'update': [], 'delete': ['\\u00FC\\uD83D\\uDE00']}";

        assertThat(read(plain)).isEqualTo(read(escaped));
        assertThat(read(plain).orElseThrow().removed()).containsExactly(new DevicePath("ü\uD83D\uDE00"));
    }

    @Test
    void streamIsReadToItsEndAndLeftOpen() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream json = new ByteArrayInputStream(" null ".getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public void close() {
                closed.set(true);
            }
        };

        ManifestJson.read(json);

        assertThat(json.read()).isEqualTo(-1);
        assertThat(closed).isFalse();
    }

    @Test
    void failureOfTheStreamPassesThroughAsItIs() {
        IOException unplugged = new IOException("unplugged");
        InputStream json = new InputStream() {
            @Override
            public int read() throws IOException {
                throw unplugged;
            }
        };

        assertThatThrownBy(() -> ManifestJson.read(json)).isSameAs(unplugged);
    }

    /** The expected text is what Python 3.11 prints: {@code json.dumps(…, sort_keys=True, indent=4, separators=(',', ': '))}. */
    @Test
    void everyMemberIsWrittenAsPythonWritesIt() throws IOException {
        Manifest manifest = new Manifest(
                LooseVersion.parse("1.0.1\"\\/'<>&\b\f\n\r\t\u0001\u001F\u007F\u0080é\u2028\uD83D\uDE00 b"),
                Optional.of(LooseVersion.parse("1.0.0é")),
                List.of(
                        file("flash/é\uD83D\uDE00\"'.py", "1.0.1/flash/%C3%A9%F0%9F%98%80%22'.py", "2".repeat(40)),
                        file("flash/a b.py", "1.0.1/flash/a%20b.py", "1".repeat(40))),
                List.of(file("flash/main.py", "https://mirror.test/x/main.py?a=b&c", "a".repeat(40))),
                List.of(new DevicePath("flash/z"), new DevicePath("flash/lib/old é.py")),
                Optional.of(image("firmware_1.0.1.bin", "f".repeat(40))));

        assertThat(text(ManifestJson.write(manifest, BASE))).isEqualTo(text(resource("python-full.json")));
    }

    @Test
    void emptyListsAreWrittenAsPythonWritesThem() throws IOException {
        Manifest manifest = new Manifest(
                LooseVersion.parse("2"), Optional.empty(), List.of(), List.of(), List.of(), Optional.empty());

        assertThat(text(ManifestJson.write(manifest, BASE))).isEqualTo(text(resource("python-empty.json")));
    }

    @Test
    void upToDateIsWrittenAsNull() throws IOException {
        assertThat(text(ManifestJson.upToDate())).isEqualTo("null");
        assertThat(read(text(ManifestJson.upToDate()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a/b", "HTTPS://a/b", "ftp://a", "coap+tcp://a", "x-1.y://z", "x:///"})
    void wholeUrlStaysAsItIs(String reference) throws IOException {
        assertThat(writtenUrl(reference)).isEqualTo(reference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1.0/http://a", "1://a", "http:/a", "a%20b://c", "://a", "mailto:a", "+x://a"})
    void everyOtherReferenceIsBelowTheBaseUrl(String reference) throws IOException {
        assertThat(writtenUrl(reference)).isEqualTo(BASE + "/" + reference);
    }

    @Test
    void targetWithoutSha1CannotBeWritten() {
        Digest sha256 = Digest.ofContent(Digest.Algorithm.SHA256, new byte[0]);
        FirmwareImage image = new FirmwareImage("firmware_2.bin", List.of(sha256), OptionalLong.empty());

        assertThatThrownBy(() -> ManifestJson.write(offering(image), BASE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("firmware_2.bin has no SHA-1 digest");
    }

    @Test
    void sha1IsWrittenAlsoWhereAStrongerDigestIsKnown() throws IOException {
        Digest sha1 = Digest.ofContent(Digest.Algorithm.SHA1, new byte[0]);
        Digest sha256 = Digest.ofContent(Digest.Algorithm.SHA256, new byte[0]);
        FirmwareImage image = new FirmwareImage("firmware_2.bin", List.of(sha256, sha1), OptionalLong.of(0));

        JsonNode written =
                JSON.readTree(ManifestJson.write(offering(image), BASE)).get("firmware");

        assertThat(written.properties()).hasSize(2);
        assertThat(written.get("hash").asText()).isEqualTo(sha1.hex());
    }

    private static String writtenUrl(String reference) throws IOException {
        return JSON.readTree(ManifestJson.write(offering(image(reference, "0".repeat(40))), BASE))
                .at("/firmware/URL")
                .asText();
    }

    private static Manifest offering(FirmwareImage image) {
        return new Manifest(
                LooseVersion.parse("2"), Optional.empty(), List.of(), List.of(), List.of(), Optional.of(image));
    }

    private static TargetFile file(String path, String reference, String sha1) {
        return new TargetFile(
                new DevicePath(path),
                reference,
                List.of(new Digest(Digest.Algorithm.SHA1, sha1)),
                OptionalLong.empty());
    }

    private static FirmwareImage image(String reference, String sha1) {
        return new FirmwareImage(reference, List.of(new Digest(Digest.Algorithm.SHA1, sha1)), OptionalLong.empty());
    }

    /** The manifest with its lists sorted, since their order means nothing. */
    private static JsonNode comparable(JsonNode manifest) {
        JsonNode sorted = manifest.deepCopy();
        for (String list : List.of("delete", "new", "update")) {
            List<JsonNode> entries = new ArrayList<>();
            manifest.get(list).forEach(entries::add);
            entries.sort(Comparator.comparing(entry -> entry.path("dst_path").asText(entry.asText())));
            ((ObjectNode) sorted).set(list, JSON.createArrayNode().addAll(entries));
        }
        return sorted;
    }

    /** Reads JSON in which apostrophes may stand for quotes. */
    private static Optional<Manifest> read(String json) throws IOException {
        String quoted = json.contains("\"") ? json : json.replace('\'', '"');
        return ManifestJson.read(new ByteArrayInputStream(quoted.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] resource(String name) throws IOException {
        return Vectors.bytes("/io/overair/manifest/" + name);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
