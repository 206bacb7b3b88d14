package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.server.OtaRequest.Protocol;
import io.overair.server.OtaResponse.Delivery;
import io.overair.tree.TreeChangedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtaHandlerTest {
    private final ReleaseRepository repository = ReleaseRepository.inMemory(Map.of(
            "1.0.0/flash/main.py", "a".getBytes(UTF_8),
            "1.0.1/flash/main.py", "b".getBytes(UTF_8),
            "firmware_1.0.1.bin", new byte[100_000],
            "notes.txt", "for us".getBytes(UTF_8),
            "firmware_1.0.1.bin.sig", "s".getBytes(UTF_8)));
    private final OtaHandler handler = OtaHandler.of(repository);

    @ParameterizedTest
    @ValueSource(
            strings = {"ota.test", "ota.test:8000", "192.168.1.144:8000", "[::1]:8000", "[fe80::1]", "a_b", " ota.test "
            })
    void wellFormedHostIsCopiedIntoUrls(String host) throws IOException {
        assertThat(manifest(handler, host)).contains("\"http://" + host.strip() + "/1.0.1/flash/main.py\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "a b",
                "a\r\nX: y",
                "user@host",
                "a\"b",
                "",
                "[::1",
                "a:b",
                "a:1:2",
                "a#",
                "a?b",
                "é",
                "a\\b",
                "a:123456"
            })
    void malformedHostGivesWayToTheServersOwnAddress(String host) throws IOException {
        assertThat(manifest(handler, host)).contains("\"http://192.0.2.1:8000/1.0.1/flash/main.py\"");
    }

    @Test
    void configuredBaseUrlStandsInEveryManifestWhateverTheHostSays() throws IOException {
        OtaHandler configured = OtaHandler.builder(repository)
                .baseUrl(URI.create("https://cdn.test/ota/"))
                .build();

        assertThat(manifest(configured, "evil.test"))
                .contains("\"https://cdn.test/ota/1.0.1/flash/main.py\"")
                .doesNotContain("evil");
        assertThat(send(configured, Protocol.HTTP_1_1, "GET", "/manifest.json", "evil.test")
                        .header("Vary"))
                .isEmpty();
    }

    @Test
    void configuredBaseUrlIsPercentEncoded() throws IOException {
        OtaHandler configured = OtaHandler.builder(repository)
                .baseUrl(URI.create("http://cdn.test/é"))
                .build();

        assertThat(manifest(configured, "ota.test")).contains("\"http://cdn.test/%C3%A9/1.0.1/flash/main.py\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "/x", "http://", "http://u:p@a", "http://a?b", "http://a#b", "mailto:a@b"})
    void unusableBaseUrlIsRefusedAtOnce(String base) {
        OtaHandler.Builder builder = OtaHandler.builder(repository);

        assertThatThrownBy(() -> builder.baseUrl(URI.create(base.equals("http://") ? "http:///" : base)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("base URL");
    }

    @Test
    void everyFileIsServedUnlessOnlyReleasesAreExposed() throws IOException {
        OtaHandler narrow =
                OtaHandler.builder(repository).exposure(Exposure.RELEASES_ONLY).build();

        for (String path :
                List.of("/1.0.0/flash/main.py", "/1.0.1/flash/main.py", "/firmware_1.0.1.bin", "/manifest.json")) {
            assertThat(get(handler, path).status()).as(path).isEqualTo(200);
            assertThat(get(narrow, path).status()).as(path).isEqualTo(200);
        }
        for (String path : List.of("/notes.txt", "/firmware_1.0.1.bin.sig")) {
            assertThat(get(handler, path).status()).as(path).isEqualTo(200);
            assertThat(get(narrow, path).status()).as(path).isEqualTo(404);
        }
        assertThat(get(narrow, "/1.0.1/flash/.ota").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /firmware_9.bin, HTTP_1_0, RESET",
        "GET, /firm%77are_9.bin, HTTP_1_0, RESET",
        "POST, /firmware_1.0.1.bin, HTTP_1_0, RESET",
        "GET, /firmware_9.bin, HTTP_1_1, ANSWER",
        "GET, /firmware_1.0.1.bin, HTTP_1_0, ANSWER",
        "GET, /1.0.1/flash/none.py, HTTP_1_0, ANSWER",
        "GET, /ota/firmware_9.bin, HTTP_1_0, RESET",
        "GET, /./firmware_1.0.1.bin, HTTP_1_0, RESET"
    })
    void onlyAnOldClientThatMissesItsFirmwareIsReset(String method, String path, Protocol protocol, Delivery delivery)
            throws IOException {
        try (OtaResponse response =
                handler.handle(OtaRequest.of(protocol, method, path, "192.0.2.1:8000", name -> null))) {
            assertThat(response.delivery()).isEqualTo(delivery);
        }
    }

    @Test
    void clientsOfHttp10GetEverythingWhole() throws IOException {
        Map<String, String> asking = Map.of("Range", "bytes=0-0", "If-None-Match", "*", "If-Match", "\"x\"");

        Reply reply = BareHandlerTest.send(handler, Protocol.HTTP_1_0, "GET", "/1.0.1/flash/main.py", asking);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("b".getBytes(UTF_8));
    }

    @Test
    void repositoryThatFailsIsReportedAndAnsweredWithAnError() throws IOException {
        List<Exception> reported = new ArrayList<>();
        OtaHandler failing = OtaHandler.builder(repository)
                .generator(version -> {
                    throw new IOException("disk gone");
                })
                .listener(new OtaListener() {
                    @Override
                    public void failed(OtaRequest request, Exception problem) {
                        reported.add(problem);
                    }
                })
                .build();

        Reply reply = get(failing, "/manifest.json");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).isEmpty();
        assertThat(reported)
                .singleElement()
                .satisfies(problem -> assertThat(problem).hasMessage("disk gone"));
    }

    @ParameterizedTest
    @MethodSource
    void releaseThatIsBeingWrittenIsAskedForAgainLater(IOException problem) throws IOException {
        OtaHandler busy = OtaHandler.builder(repository)
                .generator(version -> {
                    throw problem;
                })
                .listener(new OtaListener() {})
                .build();

        Reply reply = get(busy, "/manifest.json");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).contains("1");
    }

    static Stream<IOException> releaseThatIsBeingWrittenIsAskedForAgainLater() {
        return Stream.of(
                new TreeChangedException("flash/main.py", "keeps changing"), new NoSuchFileException("releases/1.0.1"));
    }

    @Test
    void listenerThatFailsSpoilsNoAnswer() throws IOException {
        OtaHandler unlucky = OtaHandler.builder(repository)
                .listener(new OtaListener() {
                    @Override
                    public void answered(OtaRequest request, OtaResponse response) {
                        throw new IllegalStateException("a bug of the listener");
                    }
                })
                .build();

        assertThat(get(unlucky, "/notes.txt").status()).isEqualTo(200);
    }

    @Test
    void listenerHearsOfEveryAnswerAlsoFromMemory() throws IOException {
        List<String> heard = new ArrayList<>();
        OtaHandler heeded = OtaHandler.builder(repository)
                .listener(new OtaListener() {
                    @Override
                    public void answered(OtaRequest request, OtaResponse response) {
                        heard.add(request.target() + " " + response.status());
                    }
                })
                .build();

        get(heeded, "/none");
        get(heeded, "/notes.txt");
        heeded.handleFromMemory(request("/notes.txt")).orElseThrow().close();

        assertThat(heard).containsExactly("/none 404", "/notes.txt 200", "/notes.txt 200");
    }

    @Test
    void whatWasAnsweredAMomentAgoIsAnsweredFromMemory() throws IOException {
        OtaHandler lasting =
                OtaHandler.builder(repository).freshness(Duration.ofHours(1)).build();
        for (String target : List.of(
                "/manifest.json?current_ver=1.0.0", "/manifest.json?current_ver=1.0.1", "/1.0.1/flash/main.py")) {
            assertThat(lasting.handleFromMemory(request(target))).isEmpty();

            Reply fromDisk = get(lasting, target);
            OtaResponse fromMemory = lasting.handleFromMemory(request(target)).orElseThrow();

            assertThat(fromMemory.status()).isEqualTo(200);
            assertThat(Bodies.read(fromMemory.body())).isEqualTo(fromDisk.body());
        }
    }

    @Test
    void largeFilesAndMissingOnesAreNeverInMemory() throws IOException {
        OtaHandler lasting =
                OtaHandler.builder(repository).freshness(Duration.ofHours(1)).build();
        for (String target : List.of("/firmware_1.0.1.bin", "/none")) {
            get(lasting, target);

            assertThat(lasting.handleFromMemory(request(target))).isEmpty();
        }
    }

    @Test
    void manifestInMemoryIsNotGivenToAClientThatUsesAnotherAddress() throws IOException {
        OtaHandler lasting =
                OtaHandler.builder(repository).freshness(Duration.ofHours(1)).build();
        get(lasting, "/manifest.json");

        assertThat(lasting.handleFromMemory(request("/manifest.json"))).isPresent();
        assertThat(lasting.handleFromMemory(OtaRequest.of(
                        Protocol.HTTP_1_1,
                        "GET",
                        "/manifest.json",
                        "192.0.2.1:8000",
                        name -> name.equals("Host") ? "other.test" : null)))
                .isEmpty();
    }

    @Test
    void nothingIsRepeatedFromMemoryOnceItIsTooOld() throws IOException {
        OtaHandler forgetful =
                OtaHandler.builder(repository).freshness(Duration.ZERO).build();
        get(forgetful, "/notes.txt");

        assertThat(forgetful.handleFromMemory(request("/notes.txt"))).isEmpty();
    }

    @Test
    void newManifestIsNeverFollowedByAnOldFileFromMemory(@TempDir Path directory) throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        Path release = Files.createDirectory(root.resolve("1"));
        Files.writeString(release.resolve("main.py"), "broken");
        OtaHandler lasting = OtaHandler.builder(ReleaseRepository.inDirectory(
                        root, DirectoryOptions.defaults().freshness(Duration.ZERO)))
                .freshness(Duration.ofHours(1))
                .build();
        get(lasting, "/manifest.json");
        get(lasting, "/1/main.py");
        assertThat(lasting.handleFromMemory(request("/1/main.py"))).isPresent();
        Path next = Files.createDirectory(directory.resolve("next"));
        Files.writeString(next.resolve("main.py"), "mended");
        Files.move(release, directory.resolve("old"));
        Files.move(next, release);

        get(lasting, "/manifest.json?another");

        assertThat(lasting.handleFromMemory(request("/1/main.py"))).isEmpty();
        assertThat(get(lasting, "/1/main.py").body()).isEqualTo("mended".getBytes(UTF_8));
        assertThat(lasting.handleFromMemory(request("/1/main.py"))).isPresent();
    }

    @Test
    void anotherMethodIsNotAnsweredFromMemory() throws IOException {
        OtaHandler lasting =
                OtaHandler.builder(repository).freshness(Duration.ofHours(1)).build();
        get(lasting, "/notes.txt");

        assertThat(lasting.handleFromMemory(
                        OtaRequest.of(Protocol.HTTP_1_1, "DELETE", "/notes.txt", "192.0.2.1:8000", name -> null)))
                .isEmpty();
    }

    @Test
    void contentThatIsNotSentIsClosed() throws Exception {
        FakeReleases releases =
                new FakeReleases().with("firmware_1.0.1.bin", new byte[100_000]).with("notes.txt", new byte[10]);
        OtaHandler watched = OtaHandler.of(releases);

        for (String method : List.of("GET", "HEAD", "PUT")) {
            for (Map<String, String> headers : List.of(
                    Map.<String, String>of(),
                    Map.of("If-None-Match", "*"),
                    Map.of("If-Match", "\"x\""),
                    Map.of("Range", "bytes=999999-"))) {
                BareHandlerTest.send(watched, Protocol.HTTP_1_1, method, "/firmware_1.0.1.bin", headers);
                BareHandlerTest.send(watched, Protocol.HTTP_1_1, method, "/notes.txt", headers);
            }
        }

        assertThat(releases.opened()).isPositive();
        releases.awaitAllClosed();
    }

    private static String manifest(OtaHandler handler, String host) throws IOException {
        return new String(
                send(handler, Protocol.HTTP_1_1, "GET", "/manifest.json?current_ver=1.0.0", host)
                        .body(),
                UTF_8);
    }

    private static Reply get(OtaHandler handler, String target) throws IOException {
        return BareHandlerTest.send(handler, Protocol.HTTP_1_1, "GET", target, new HashMap<>());
    }

    private static Reply send(OtaHandler handler, Protocol protocol, String method, String target, String host)
            throws IOException {
        return BareHandlerTest.send(handler, protocol, method, target, Map.of("Host", host));
    }

    private static OtaRequest request(String target) {
        return OtaRequest.of(Protocol.HTTP_1_1, "GET", target, "192.0.2.1:8000", name -> null);
    }
}
