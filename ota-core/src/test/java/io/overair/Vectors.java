package io.overair;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Files among the test resources; what they are is told by {@code vectors/README.md}. */
public final class Vectors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    /** The JSON file with this name below {@code vectors/}. */
    public static JsonNode json(String name) throws IOException {
        try (InputStream file = resource("/vectors/" + name).openStream()) {
            return JSON.readTree(file);
        }
    }

    /** Every file directly below a folder of the test resources, by name. */
    public static List<Path> filesIn(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(resource(folder).toURI()))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (URISyntaxException e) {
            throw new IOException(folder, e);
        }
    }

    /** Content of a file of the test resources. */
    public static byte[] bytes(String name) throws IOException {
        try (InputStream file = resource(name).openStream()) {
            return file.readAllBytes();
        }
    }

    private static URL resource(String name) {
        return Objects.requireNonNull(Vectors.class.getResource(name), name);
    }
}
