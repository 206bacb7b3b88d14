package io.overair.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/threats.md}, held against the sources of the tests that it names. */
class ThreatsTest {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("\\| (?<id>[A-Z]\\d+) \\|.*\\| (?<tests>[^|]*) \\|");
    private static final Pattern TEST = Pattern.compile("`(?<type>[A-Z]\\w+)\\.(?<method>\\w+)`");

    private record Row(String id, String tests) {}

    @ParameterizedTest
    @ValueSource(strings = {"S", "M", "D"})
    void rowsAreNumberedWithoutAGap(String table) throws IOException {
        List<String> ids =
                rows().map(Row::id).filter(id -> id.startsWith(table)).toList();

        assertThat(ids)
                .isNotEmpty()
                .containsExactlyElementsOf(IntStream.rangeClosed(1, ids.size())
                        .mapToObj(number -> table + number)
                        .toList());
    }

    @Test
    void noRowIsLeftWithoutANumber() throws IOException {
        List<String> lines = Files.readAllLines(PROJECT.resolve("docs/threats.md"));

        assertThat(lines)
                .filteredOn(line -> line.startsWith("|") && !line.startsWith("| # ") && !line.startsWith("|---"))
                .allMatch(line -> ROW.matcher(line).matches());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyRowNamesTestsThatThereAre(Row row) throws IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        Matcher test = TEST.matcher(row.tests());
        while (test.find()) {
            named++;
            if (!sourceOf(test.group("type")).contains(" " + test.group("method") + "(")) {
                missing.add(test.group());
            }
        }

        assertThat(named).isPositive();
        assertThat(missing).isEmpty();
    }

    private static Stream<Row> rows() throws IOException {
        return Files.readAllLines(PROJECT.resolve("docs/threats.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> new Row(row.group("id"), row.group("tests")));
    }

    private static String sourceOf(String type) throws IOException {
        for (String module : List.of("ota-core", "ota-client", "ota-server", "ota-examples")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/test/java"))) {
                for (Path file :
                        files.filter(path -> path.endsWith(type + ".java")).toList()) {
                    return Files.readString(file);
                }
            }
        }
        return "";
    }
}
