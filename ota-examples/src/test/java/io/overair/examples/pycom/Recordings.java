package io.overair.examples.pycom;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The recordings of the real Pycom server: trees, and what it answered on them. */
final class Recordings {
    private static final Path FOLDER = Path.of("../ota-core/src/test/resources/vectors/manifests");

    private Recordings() {}

    static List<Path> files() throws IOException {
        try (Stream<Path> recordings = Files.list(FOLDER)) {
            return recordings.sorted().toList();
        }
    }

    /** Skips the test where the file system may not hold the tree. */
    static void assumeSuitable(JsonNode recording) {
        assumeTrue(
                recording.get("needs").isEmpty()
                        || System.getProperty("os.name").equals("Linux"),
                "the tree needs a file system like the one it was recorded on");
    }

    /** Lays a recorded tree out below {@code root}, with the file beside it that one recording expects. */
    static void layOut(JsonNode tree, Path root) throws IOException {
        Files.createDirectories(root);
        Files.writeString(root.resolveSibling("outside.txt"), "outside\n");
        for (Map.Entry<String, JsonNode> file : tree.properties()) {
            Path path = root.resolve(file.getKey());
            JsonNode content = file.getValue();
            Files.createDirectories(path.getParent());
            if (content.isTextual()) {
                Files.writeString(path, content.asText());
            } else if (content.has("base64")) {
                Files.write(path, content.get("base64").binaryValue());
            } else if (content.has("symlink")) {
                Files.createSymbolicLink(path, Path.of(content.get("symlink").asText()));
            } else if (content.has("dir")) {
                Files.createDirectories(path);
            } else {
                throw new IllegalArgumentException("unknown content " + content);
            }
        }
    }
}
