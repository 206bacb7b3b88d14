package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The recordings of the real Pycom server: trees, requests, and the answers wanted (see vectors/README.md). */
final class Vectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    /** One recorded tree with the requests that were put to a server on it. */
    record Recording(String name, List<String> needs, JsonNode tree, List<Request> requests) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** One request and the answer wanted: what is desired where that differs from what was recorded. */
    record Request(String id, String target, Optional<String> host, JsonNode wanted) {
        int status() {
            return wanted.get("status").asInt();
        }

        /** The manifest wanted; empty for {@code null} and for answers that are none. */
        Optional<JsonNode> manifest() {
            return Optional.ofNullable(wanted.get("manifest"));
        }

        Optional<byte[]> body() {
            return Optional.ofNullable(wanted.get("body"))
                    .map(body -> Base64.getDecoder().decode(body.asText()));
        }
    }

    static List<Recording> recordings() {
        try (Stream<Path> files = Files.list(
                Path.of(Vectors.class.getResource("/vectors/manifests").toURI()))) {
            return files.sorted().map(Vectors::read).toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(byte[] text) throws IOException {
        return JSON.readTree(text);
    }

    /** Lays the tree of {@code recording} out below {@code root}, with the file that lies beside it for 19-traversal. */
    static void layOut(Recording recording, Path root) throws IOException {
        Files.createDirectories(root);
        if (recording.name.equals("19-traversal")) {
            Files.writeString(root.resolveSibling("outside.txt"), "outside\n");
        }
        for (Map.Entry<String, JsonNode> file : recording.tree.properties()) {
            Path path = root.resolve(file.getKey());
            JsonNode content = file.getValue();
            Files.createDirectories(path.getParent());
            if (content.isTextual()) {
                Files.write(path, content.asText().getBytes(UTF_8));
            } else if (content.has("base64")) {
                Files.write(
                        path, Base64.getDecoder().decode(content.get("base64").asText()));
            } else if (content.has("fill")) {
                Files.write(path, filled(content.get("fill")));
            } else if (content.has("symlink")) {
                Files.createSymbolicLink(path, Path.of(content.get("symlink").asText()));
            } else if (content.has("dir")) {
                Files.createDirectories(path);
            } else {
                throw new IllegalArgumentException("unknown content " + content);
            }
        }
    }

    /** Skips the test where the file system cannot hold the tree. */
    static void assumeSuitable(Recording recording, Path directory) throws IOException {
        for (String need : recording.needs) {
            assumeTrue(offers(directory, need), "the file system offers no " + need);
        }
    }

    private static boolean offers(Path directory, String need) throws IOException {
        switch (need) {
            case "case-sensitive" -> {
                Path upper = Files.writeString(directory.resolve("CASE"), "");
                boolean told = !Files.exists(directory.resolve("case"));
                Files.delete(upper);
                return told;
            }
            case "symlinks", "unicode-names" -> {
                return !System.getProperty("os.name").startsWith("Windows");
            }
            default -> throw new IllegalArgumentException("unknown need " + need);
        }
    }

    private static byte[] filled(JsonNode fill) {
        byte[] bytes = new byte[fill.get(1).asInt()];
        java.util.Arrays.fill(bytes, (byte) fill.get(0).asInt());
        return bytes;
    }

    private static Recording read(Path file) {
        try {
            JsonNode recording = JSON.readTree(Files.readAllBytes(file));
            List<Request> requests = new ArrayList<>();
            for (JsonNode request : recording.get("requests")) {
                JsonNode wanted = request.has("desired") ? request.get("desired") : request.get("upstream");
                JsonNode host = request.get("host");
                requests.add(new Request(
                        request.get("id").asText(),
                        request.get("target").asText(),
                        host.isNull() ? Optional.empty() : Optional.of(host.asText()),
                        wanted));
            }
            List<String> needs = StreamSupport.stream(recording.get("needs").spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
            return new Recording(recording.get("name").asText(), needs, recording.get("tree"), requests);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
