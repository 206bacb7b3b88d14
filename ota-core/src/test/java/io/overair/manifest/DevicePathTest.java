package io.overair.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.overair.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DevicePathTest {

    @ParameterizedTest
    @CsvSource({"/flash/main.py, flash/main.py", "flash/main.py, flash/main.py", "/main.py, main.py", "a, a"})
    void oneLeadingSlashIsDropped(String written, String path) {
        assertThat(new DevicePath(written)).hasToString(path).isEqualTo(new DevicePath(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "//", "//etc/passwd", "a//b", "a/", "/a/", "a/b//"})
    void emptySegmentsAreRefused(String path) {
        assertRefused(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "/..", "../a", "/../a", "a/..", "a/../b", ".", "./a", "a/.", "a/./b", "//.."})
    void dotSegmentsAreRefused(String path) {
        assertRefused(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"...", "..a", "a..", ".a", "a./b", "flash/..main.py", ".git/config", "%2e%2e/a"})
    void dotsInsideNamesAreNames(String path) {
        assertThat(new DevicePath(path).value()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C:\\x", "\\\\host\\x", "a\\b", "..\\a", "\\"})
    void backslashesAreRefused(String path) {
        assertRefused(path);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x01, 0x09, 0x0A, 0x0D, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E,
                0x2066, 0x2067, 0x2068, 0x2069, 0xD800, 0xDBFF, 0xDC00, 0xDFFF
            })
    void controlCharactersAndTurnersOfTextAndHalvesOfPairsAreRefused(int character) {
        String text = Character.toString(character);

        assertRefused("flash/a" + text);
        assertRefused(text + "a");
        assertRefused("a" + text + "b");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0x20, 0x21, 0x7E, 0xA0, 0x2029, 0x202F, 0x2065, 0x206A, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x1F600})
    void theirHarmlessNeighboursAreNames(int character) {
        String path = "flash/a" + Character.toString(character) + "b";

        assertThat(new DevicePath(path).value()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".ota",
                "/.ota",
                ".ota/plan",
                "flash/.ota",
                "flash/.ota/x",
                ".OTA",
                ".Ota/x",
                ".ota.",
                ".ota ",
                ".ota. .",
                ".ota:x",
                ".ota :$DATA",
                ".ota:\u2028",
                ".o\u200Cta",
                "\uFEFF.ota",
                ".ota\u206A",
                ".ot\u200Fa/plan",
                "ota~1",
                "OTA~1/plan",
                "OTA~12",
                "OTA~1."
            })
    void whatAFileSystemMightTakeForTheStateFolderIsRefused(String path) {
        assertRefused(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ota",
                ".ot",
                ".otaa",
                ".ota2",
                ".ota.py",
                ".ota-keys",
                "a.ota",
                "..ota",
                " .ota",
                "ota~",
                "ota~x",
                "ota~1a",
                "x.ota~1",
                "ota:x",
                "\u200Fota",
                "CON",
                "flash/x:y"
            })
    void namesThatOnlyLookLikeItAreNames(String path) {
        assertThat(new DevicePath(path).value()).isEqualTo(path);
    }

    @Test
    void segmentsMayHave255BytesInUtf8AndNoMore() {
        String longest = "é".repeat(127) + "a";

        assertThat(new DevicePath("flash/" + longest).fileName()).isEqualTo(longest);
        assertRefused("flash/" + longest + "a");
        assertRefused(longest + "a/main.py");
    }

    @Test
    void pathsMayHave1024BytesInUtf8AndNoMore() {
        String longest = ("é".repeat(100) + "/").repeat(5) + "x".repeat(19);

        assertThat(longest.getBytes(StandardCharsets.UTF_8)).hasSize(1024);
        assertThat(new DevicePath("/" + longest).value()).isEqualTo(longest);
        assertRefused(longest + "x");
    }

    @Test
    void pathsMayHave64SegmentsAndNoMore() {
        String deepest = "a/".repeat(63) + "a";

        assertThat(new DevicePath("/" + deepest).value()).isEqualTo(deepest);
        assertRefused(deepest + "/a");
    }

    @Test
    void messageSaysWhatIsWrongWithoutRepeatingAText() {
        assertThatThrownBy(() -> new DevicePath("a\nb")).hasMessage("the character U+000A cannot stand in a path");
        assertThatThrownBy(() -> new DevicePath("a/../b")).hasMessage("a path with the segment \"..\"");
        assertThatThrownBy(() -> new DevicePath("a//b")).hasMessage("a path with an empty segment");
        assertThatThrownBy(() -> new DevicePath("a".repeat(256))).hasMessage("a segment of more than 255 bytes");
        assertThatThrownBy(() -> new DevicePath("a/".repeat(600))).hasMessage("a path of more than 1024 bytes");
        assertThatThrownBy(() -> new DevicePath("a/".repeat(500))).hasMessage("a path of more than 64 segments");
    }

    @Test
    void namesEndWhereTheLastSlashWas() {
        assertThat(new DevicePath("flash/lib/a.py").fileName()).isEqualTo("a.py");
        assertThat(new DevicePath("a.py").fileName()).isEqualTo("a.py");
    }

    @Test
    void pathsOrderByTheirText() {
        assertThat(Stream.of("b", "a/c", "a", "a-b", "B").map(DevicePath::new).sorted())
                .map(DevicePath::value)
                .containsExactly("B", "a", "a-b", "a/c", "b");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void whatTheFuzzerFoundInterestingStillCannotLeaveTheRoot(Path input) throws IOException {
        ManifestProperties.pathStaysBelowItsRoot(Files.readAllBytes(input));
    }

    static List<Path> corpus() throws IOException {
        return Vectors.filesIn("/io/overair/manifest/DevicePathFuzzTestInputs/staysBelowItsRoot");
    }

    private static void assertRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> new DevicePath(path), path);
    }
}
