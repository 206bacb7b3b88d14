package io.overair.examples.pycom;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.server.DirectoryOptions;
import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real Pycom server still answers as recorded, and ours as it does where it should: see CONTRIBUTING.md. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealPycomServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANSWER_MILLISECONDS = 20_000;

    @TempDir
    private Path directory;

    @TestFactory
    List<DynamicTest> everyRecordedTreeIsServedAlike() throws IOException {
        return Recordings.files().stream()
                .map(file -> dynamicTest(file.getFileName().toString(), () -> replay(file)))
                .toList();
    }

    private void replay(Path file) throws IOException, InterruptedException {
        RealPycom.folder();
        JsonNode recording = JSON.readTree(file.toFile());
        Recordings.assumeSuitable(recording);
        Path root = directory.resolve(recording.get("name").asText()).resolve("root");
        Recordings.layOut(recording.get("tree"), root);

        SoftAssertions all = new SoftAssertions();
        try (RealPycomServer real = RealPycomServer.start(root);
                OtaServer ours = serve(root)) {
            for (JsonNode request : recording.get("requests")) {
                compare(request, real.port(), ours.address().getPort(), all);
            }
        }
        all.assertAll();
    }

    private static void compare(JsonNode request, int real, int ours, SoftAssertions all) throws IOException {
        String byChance = request.path("unordered_upstream").asText();
        if (byChance.equals("latest")) {
            return;
        }
        String name = request.get("id").asText() + " " + request.get("target").asText();
        JsonNode recorded = request.get("upstream");

        Answer answer = ask(real, request);

        all.assertThat(answer.status())
                .as(name)
                .isEqualTo(recorded.get("status").asInt());
        if (recorded.has("manifest")) {
            all.assertThat(manifest(answer.json(), byChance))
                    .as(name)
                    .isEqualTo(manifest(recorded.get("manifest"), byChance));
        } else if (recorded.has("body")) {
            all.assertThat(answer.body())
                    .as(name)
                    .isEqualTo(Base64.getDecoder().decode(recorded.get("body").asText()));
        } else if (recorded.has("crash")) {
            all.assertThat(answer.body()).as(name).isEmpty();
        }

        if (request.get("same").asBoolean()) {
            compareOurs(name, ask(ours, request), answer, recorded, byChance, all);
        }
    }

    private static void compareOurs(
            String name, Answer ours, Answer real, JsonNode recorded, String byChance, SoftAssertions all)
            throws IOException {
        all.assertThat(ours.status()).as("ours: " + name).isEqualTo(real.status());
        if (recorded.has("manifest")) {
            all.assertThat(manifest(ours.json(), byChance))
                    .as("ours: " + name)
                    .isEqualTo(manifest(real.json(), byChance));
        } else if (recorded.has("body")) {
            all.assertThat(ours.body()).as("ours: " + name).isEqualTo(real.body());
        }
    }

    /** A manifest with its lists in one order, without what only ours says and what the real server picks by chance. */
    private static Map<String, Object> manifest(JsonNode manifest, String byChance) {
        Map<String, Object> members = new TreeMap<>();
        if (manifest instanceof ObjectNode object) {
            object.properties().forEach(member -> members.put(member.getKey(), ordered(member.getValue())));
            members.keySet().removeAll(List.of("previous_version", byChance));
        } else {
            members.put("not an object", manifest);
        }
        return members;
    }

    private static Object ordered(JsonNode member) {
        if (!member.isArray()) {
            return member;
        }
        return StreamSupport.stream(member.spliterator(), false)
                .sorted(Comparator.comparing(entry -> entry.path("dst_path").asText(entry.asText())))
                .toList();
    }

    /** An answer of either server; the request is written as the Pycom client writes it. */
    private record Answer(int status, byte[] body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    private static Answer ask(int port, JsonNode request) throws IOException {
        JsonNode host = request.get("host");
        String head = "GET " + request.get("target").asText() + " HTTP/1.0\r\n"
                + (host.isNull() ? "" : "Host: " + host.asText() + "\r\n")
                + "\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLISECONDS);
            socket.getOutputStream().write(head.getBytes(UTF_8));
            byte[] answer = socket.getInputStream().readAllBytes();
            String text = new String(answer, StandardCharsets.ISO_8859_1);
            int status = Integer.parseInt(text.substring("HTTP/1.0 ".length(), "HTTP/1.0 200".length()));
            return new Answer(status, Arrays.copyOfRange(answer, text.indexOf("\r\n\r\n") + 4, answer.length));
        }
    }

    private static OtaServer serve(Path root) throws IOException {
        DirectoryOptions options = DirectoryOptions.defaults().freshness(Duration.ZERO);
        return OtaServer.builder(OtaHandler.of(ReleaseRepository.inDirectory(root, options)))
                .bind("127.0.0.1")
                .port(0)
                .start();
    }
}
