package io.overair.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows is what was compiled and run. */
class ReadmeTest {
    private static final Path SAMPLES = Path.of("src/main/java/io/overair/examples/embedding");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REGION =
            Pattern.compile("// README: begin (\\w+)\\n(.*?)// README: end \\1\\n", Pattern.DOTALL);

    @Test
    void everyJavaBlockOfTheReadmeIsARegionOfASampleAndTheOtherWayRound() throws IOException {
        List<String> blocks = matches(JAVA_BLOCK, Files.readString(Path.of("../README.md")), 1);

        List<String> regions = matches(REGION, sources(), 2);

        assertThat(blocks).isNotEmpty().containsExactlyInAnyOrderElementsOf(regions);
    }

    @Test
    void samplesAreShort() throws IOException {
        assertThat(lines("generator")).isLessThanOrEqualTo(10);
        assertThat(lines("server")).isLessThanOrEqualTo(5);
        assertThat(lines("device")).isLessThanOrEqualTo(15);
        assertThat(lines("trial")).isLessThanOrEqualTo(20);
        assertThat(lines("hook")).isLessThanOrEqualTo(16);
        assertThat(lines("transport")).isLessThanOrEqualTo(30);
        assertThat(lines("firmware")).isLessThanOrEqualTo(30);
    }

    @Test
    void testsNamedAsEvidenceAreThere() throws IOException {
        List<String> named = matches(Pattern.compile("`(\\w+Test)`"), Files.readString(Path.of("../README.md")), 1);

        assertThat(named).hasSizeGreaterThan(5);
        assertThat(testClasses())
                .containsAll(named.stream().map(test -> test + ".java").toList());
    }

    private static List<String> testClasses() throws IOException {
        List<String> names = new ArrayList<>();
        for (String module : List.of("ota-core", "ota-client", "ota-server", "ota-examples")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        return names;
    }

    private static long lines(String region) throws IOException {
        return REGION.matcher(sources())
                .results()
                .filter(match -> match.group(1).equals(region))
                .map(match -> match.group(2).strip().lines().count())
                .findFirst()
                .orElseThrow();
    }

    private static List<String> matches(Pattern pattern, String text, int group) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(group).strip().replaceAll("\\s+", " "))
                .toList();
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.sorted().map(ReadmeTest::read).collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
