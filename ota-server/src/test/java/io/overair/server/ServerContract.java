package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What holds for the handler alone and for every web server in front of it. */
public abstract class ServerContract {
    private static final byte[] SMALL = "print('hello')\n".getBytes(UTF_8);
    private static final byte[] LARGE = bytes(3_000_000);

    @TempDir
    Path directory;

    /** The handler under test, reached in one way or another. */
    public interface Peer extends Closeable {
        /** Sends one request and gives back all of the answer. A request without {@code Host} names none. */
        Reply send(String method, String target, Map<String, String> headers) throws IOException;

        /** What stands for the server's own address in answers. */
        String address();
    }

    /** Makes {@code handler} reachable. */
    protected abstract Peer start(OtaHandler handler) throws IOException;

    /** Whether targets are understood that no URL may look like: raw blanks and raw UTF-8. */
    protected boolean understandsRawTargets() {
        return true;
    }

    /** Whether clients may leave out {@code Host}, as those of HTTP/1.0 may. */
    protected boolean understandsMissingHost() {
        return true;
    }

    @TestFactory
    Stream<DynamicNode> everyRecordedRequestIsAnsweredAsWanted() {
        return Vectors.recordings().stream()
                .map(recording -> dynamicContainer(
                        recording.name(),
                        recording.requests().stream()
                                .filter(request -> understandsRawTargets() || isUrl(request.target()))
                                .filter(request -> understandsMissingHost()
                                        || request.host().isPresent())
                                .map(request -> dynamicTest(
                                        request.id() + " " + request.target(), () -> replay(recording, request)))));
    }

    private void replay(Vectors.Recording recording, Vectors.Request request) throws IOException {
        Vectors.assumeSuitable(recording, directory);
        Path root = directory.resolve(request.id().replace('/', '_')).resolve("root");
        Vectors.layOut(recording, root);
        ReleaseRepository repository =
                ReleaseRepository.inDirectory(root, DirectoryOptions.defaults().freshness(Duration.ZERO));
        try (Peer peer = start(OtaHandler.of(repository))) {

            Reply reply = peer.send(
                    "GET",
                    request.target(),
                    request.host().map(host -> Map.of("Host", host)).orElse(Map.of()));

            if (request.status() == 404) {
                assertThat(reply.status()).isBetween(400, 499);
                assertThat(reply.body()).isEmpty();
                return;
            }
            assertThat(reply.status()).isEqualTo(request.status());
            request.body().ifPresent(body -> assertThat(reply.body()).isEqualTo(body));
            if (request.manifest().isPresent()) {
                assertThat(reply.header("Content-Type")).contains("application/json");
                assertThat(comparable(Vectors.json(reply.body()), peer.address()))
                        .isEqualTo(comparable(request.manifest().get(), "<server address>"));
            } else {
                assertThat(reply.header("Content-Type")).contains("application/octet-stream");
            }
        }
    }

    /** The lists of a manifest in one order, its address replaced: what a recorded one and ours must share. */
    private static Map<String, Object> comparable(JsonNode manifest, String address) {
        Map<String, Object> comparable = new TreeMap<>();
        if (manifest.isNull()) {
            return comparable;
        }
        for (Map.Entry<String, JsonNode> member : manifest.properties()) {
            if (member.getValue().isArray()) {
                List<String> entries = new ArrayList<>();
                member.getValue().forEach(entry -> entries.add(text(entry, address)));
                comparable.put(member.getKey(), entries.stream().sorted().toList());
            } else if (!member.getKey().equals("previous_version")) {
                comparable.put(member.getKey(), text(member.getValue(), address));
            }
        }
        return comparable;
    }

    private static String text(JsonNode entry, String address) {
        Map<String, String> members = new TreeMap<>();
        entry.properties()
                .forEach(
                        member -> members.put(member.getKey(), member.getValue().asText()));
        return (members.isEmpty() ? entry.asText() : members.toString())
                .replace("http://" + address + "/", "http://<server>/");
    }

    private static boolean isUrl(String target) {
        return target.chars().allMatch(character -> character > ' ' && character < 0x7F)
                && target.chars().noneMatch(character -> "\\\"<>^`{|}".indexOf(character) >= 0);
    }

    @Test
    void manifestIsMarkedAsDependingOnTheHostAndNotToBeStored() throws IOException {
        try (Peer peer = start(handler())) {

            Reply reply = get(peer, "/manifest.json?current_ver=1.0.0", Map.of());

            assertThat(reply.status()).isEqualTo(200);
            if (speaksHttp11()) {
                assertThat(reply.header("Vary")).contains("Host");
                assertThat(reply.header("Cache-Control")).contains("no-store");
            }
        }
    }

    /** Clients of HTTP/1.0 get the shape that old devices need, and nothing else. */
    protected boolean speaksHttp11() {
        return true;
    }

    @Test
    void smallAndLargeFilesArriveWhole() throws IOException {
        try (Peer peer = start(handler())) {
            assertThat(get(peer, "/1.0.1/flash/main.py", Map.of()).body()).isEqualTo(SMALL);
            assertThat(get(peer, "/firmware_1.0.1.bin", Map.of()).body()).isEqualTo(LARGE);
        }
    }

    @Test
    void headTellsTheLengthAndSendsNoBody() throws IOException {
        try (Peer peer = start(handler())) {

            Reply small = head(peer, "/1.0.1/flash/main.py");
            Reply large = head(peer, "/firmware_1.0.1.bin");

            assertThat(small.status()).isEqualTo(200);
            assertThat(small.header("Content-Length")).contains(Integer.toString(SMALL.length));
            assertThat(small.body()).isEmpty();
            assertThat(large.header("Content-Length")).contains(Integer.toString(LARGE.length));
            assertThat(large.body()).isEmpty();
        }
    }

    @Test
    void whatIsMissingIsNotFoundAndHasNoBody() throws IOException {
        try (Peer peer = start(handler())) {

            Reply reply = get(peer, "/1.0.1/flash/none.py", Map.of());

            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.header("Content-Length")).contains("0");
            assertThat(reply.body()).isEmpty();
        }
    }

    @Test
    void otherMethodsAreNotAllowed() throws IOException {
        try (Peer peer = start(handler())) {
            for (String method : List.of("DELETE", "OPTIONS", "get")) {
                assertThat(peer.send(method, "/manifest.json", Map.of("Host", "ota.test:8000"))
                                .status())
                        .as(method)
                        .isEqualTo(405);
            }
        }
    }

    @Test
    void aRangeBringsThatPartOfTheFile() throws IOException {
        assumeTrue(speaksHttp11(), "answers to HTTP/1.0 hold nothing that old clients do not need");
        try (Peer peer = start(handler())) {
            assertPart(peer, "bytes=0-0", 0, 1);
            assertPart(peer, "bytes=1000000-1999999", 1_000_000, 1_000_000);
            assertPart(peer, "bytes=2999999-", 2_999_999, 1);
            assertPart(peer, "bytes=2999990-9999999", 2_999_990, 10);
            assertPart(peer, "bytes=-5", 2_999_995, 5);
            assertPart(peer, "bytes=-9999999", 0, 3_000_000);
        }
    }

    private static void assertPart(Peer peer, String range, int from, int length) throws IOException {
        Reply reply = get(peer, "/firmware_1.0.1.bin", Map.of("Range", range));

        assertThat(reply.status()).as(range).isEqualTo(206);
        assertThat(reply.header("Content-Range")).contains("bytes %d-%d/3000000".formatted(from, from + length - 1));
        assertThat(reply.body()).isEqualTo(java.util.Arrays.copyOfRange(LARGE, from, from + length));
    }

    @Test
    void aRangeBeyondTheEndCannotBeSatisfied() throws IOException {
        assumeTrue(speaksHttp11(), "answers to HTTP/1.0 hold nothing that old clients do not need");
        try (Peer peer = start(handler())) {
            for (String range : List.of("bytes=3000000-", "bytes=3000000-3000001", "bytes=-0")) {

                Reply reply = get(peer, "/firmware_1.0.1.bin", Map.of("Range", range));

                assertThat(reply.status()).as(range).isEqualTo(416);
                assertThat(reply.header("Content-Range")).contains("bytes */3000000");
                assertThat(reply.body()).isEmpty();
            }
        }
    }

    @Test
    void severalRangesAndMalformedOnesBringTheWholeFile() throws IOException {
        assumeTrue(speaksHttp11(), "answers to HTTP/1.0 hold nothing that old clients do not need");
        String thousand = "bytes="
                + String.join(
                        ",", IntStream.range(0, 1000).mapToObj(i -> i + "-" + i).toList());
        List<String> ignored = List.of(
                "bytes=0-1,3-4",
                thousand,
                "bytes=5-1",
                "bytes=-",
                "bytes=a-b",
                "lines=1-2",
                "0-1",
                "bytes=0-99999999999999999999999999");
        try (Peer peer = start(handler())) {
            for (String range : ignored) {

                Reply reply = get(peer, "/1.0.1/flash/main.py", Map.of("Range", range));

                assertThat(reply.status()).as(range).isEqualTo(200);
                assertThat(reply.body()).isEqualTo(SMALL);
            }
        }
    }

    @Test
    void aRangeOfSomethingThatHasChangedBringsAllOfIt() throws IOException {
        assumeTrue(speaksHttp11(), "answers to HTTP/1.0 hold nothing that old clients do not need");
        try (Peer peer = start(handler())) {
            String tag =
                    get(peer, "/1.0.1/flash/main.py", Map.of()).header("ETag").orElseThrow();

            Reply same = get(peer, "/1.0.1/flash/main.py", Map.of("Range", "bytes=1-2", "If-Range", tag));
            Reply other = get(peer, "/1.0.1/flash/main.py", Map.of("Range", "bytes=1-2", "If-Range", "\"other\""));
            Reply weak = get(peer, "/1.0.1/flash/main.py", Map.of("Range", "bytes=1-2", "If-Range", "W/" + tag));

            assertThat(same.status()).isEqualTo(206);
            assertThat(other.status()).isEqualTo(200);
            assertThat(weak.status()).isEqualTo(200);
        }
    }

    @Test
    void whoHasItAlreadyIsToldSo() throws IOException {
        assumeTrue(speaksHttp11(), "answers to HTTP/1.0 hold nothing that old clients do not need");
        try (Peer peer = start(handler())) {
            for (String target : List.of("/1.0.1/flash/main.py", "/firmware_1.0.1.bin", "/manifest.json")) {
                String tag = get(peer, target, Map.of()).header("ETag").orElseThrow();
                for (String known : List.of(tag, "\"x\", " + tag, "W/" + tag, "*")) {

                    Reply reply = get(peer, target, Map.of("If-None-Match", known));

                    assertThat(reply.status()).as(target + " " + known).isEqualTo(304);
                    assertThat(reply.header("ETag")).contains(tag);
                    assertThat(reply.body()).isEmpty();
                }
                assertThat(get(peer, target, Map.of("If-None-Match", "\"x\"")).status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void whoWantsOnlyWhatHeKnowsIsRefusedAnythingElse() throws IOException {
        assumeTrue(speaksHttp11(), "answers to HTTP/1.0 hold nothing that old clients do not need");
        try (Peer peer = start(handler())) {
            String tag =
                    get(peer, "/firmware_1.0.1.bin", Map.of()).header("ETag").orElseThrow();

            assertThat(get(peer, "/firmware_1.0.1.bin", Map.of("If-Match", tag)).status())
                    .isEqualTo(200);
            assertThat(get(peer, "/firmware_1.0.1.bin", Map.of("If-Match", "*")).status())
                    .isEqualTo(200);
            assertThat(get(peer, "/firmware_1.0.1.bin", Map.of("If-Match", "\"x\""))
                            .status())
                    .isEqualTo(412);
            assertThat(get(peer, "/firmware_1.0.1.bin", Map.of("If-Match", "W/" + tag))
                            .status())
                    .as("weakly")
                    .isEqualTo(412);
        }
    }

    @Test
    void contentThatDiffersHasAnotherTag() throws IOException {
        assumeTrue(speaksHttp11(), "answers to HTTP/1.0 hold nothing that old clients do not need");
        try (Peer peer = start(handler())) {
            Optional<String> main = get(peer, "/1.0.1/flash/main.py", Map.of()).header("ETag");
            Optional<String> old = get(peer, "/1.0.0/flash/main.py", Map.of()).header("ETag");

            assertThat(main).isPresent().isNotEqualTo(old);
        }
    }

    private static OtaHandler handler() {
        return OtaHandler.of(ReleaseRepository.inMemory(Map.of(
                "1.0.0/flash/main.py", "print('old')\n".getBytes(UTF_8),
                "1.0.1/flash/main.py", SMALL,
                "firmware_1.0.1.bin", LARGE)));
    }

    private static Reply get(Peer peer, String target, Map<String, String> headers) throws IOException {
        Map<String, String> withHost = new TreeMap<>(headers);
        withHost.put("Host", "ota.test:8000");
        return peer.send("GET", target, withHost);
    }

    private static Reply head(Peer peer, String target) throws IOException {
        return peer.send("HEAD", target, Map.of("Host", "ota.test:8000"));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
