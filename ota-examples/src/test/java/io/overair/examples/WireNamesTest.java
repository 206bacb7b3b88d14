package io.overair.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of the manifest's members, held against the sources: class files do not tell a literal's place. */
class WireNamesTest {
    private static final Path PROJECT = Path.of("..");
    private static final List<String> LIBRARIES = List.of("ota-core", "ota-client", "ota-server");
    private static final Pattern COMMENT_LINE = Pattern.compile("\\s*(//|/?\\*).*");

    @ParameterizedTest
    @ValueSource(strings = {"dst_path", "URL", "previous_version", "hash"})
    void onlyManifestJsonSpellsAWireName(String name) throws IOException {
        // A quote inside a literal ends in a backslash and a quote.
        Pattern literal = Pattern.compile("\"" + name + "\\\\?\"");

        List<Path> spelling = new ArrayList<>();
        for (Path source : sources()) {
            if (codeLines(source).anyMatch(line -> literal.matcher(line).find())) {
                spelling.add(source.getFileName());
            }
        }

        assertThat(spelling).containsExactly(Path.of("ManifestJson.java"));
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String library : LIBRARIES) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(library).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    private static Stream<String> codeLines(Path source) throws IOException {
        return Files.readAllLines(source).stream()
                .filter(line -> !COMMENT_LINE.matcher(line).matches());
    }
}
