package io.overair.manifest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.overair.Vectors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a damaged, mistaken or hostile server may send instead of a manifest; apostrophes stand for quotes. */
class HostileManifestTest {
    private static final String HASH = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
    private static final String FILE = "{'URL': 'http://a/b', 'dst_path': '/flash/a', 'hash': '" + HASH + "'}";
    private static final String IMAGE = "{'URL': 'http://a/b', 'hash': '" + HASH + "'}";
    private static final String OTHER_FILE = FILE.replace("flash/a", "flash/b");
    private static final String GOOD = "{'delete': ['flash/c'], 'firmware': " + IMAGE + ", 'new': [" + FILE
            + "], 'previous_version': '1', 'update': [" + OTHER_FILE + "], 'version': '2', 'x': 0}";

    @Test
    void theHarmlessTwinOfEverythingBelowIsRead() throws IOException {
        Manifest manifest = read(GOOD).orElseThrow();

        assertThat(manifest.files()).hasSize(2);
        assertThat(manifest.removed()).hasSize(1);
        assertThat(manifest.firmware()).isPresent();
        assertThat(manifest.previousVersion()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\r\t  "})
    void emptyAnswerIsNeverTakenForUpToDate(String json) {
        assertRefused(json, "", "the document is empty, as when a server dies while answering");
    }

    @Test
    void answerCutShortAnywhereIsRefused() {
        for (int length = 1; length < GOOD.length(); length++) {
            assertRefused(GOOD.substring(0, length));
        }
        assertRefused("nul");
        assertRefused(GOOD.substring(0, GOOD.length() - 1), "", "the document is cut short");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>404</html>",
                "None",
                "nullx",
                "NULL",
                "NaN",
                "// x\nnull",
                "/* x */null",
                "{",
                "]",
                "{'a' 1}",
                "{'a':1,}",
                "{a:1}",
                "{'x':01}",
                "{'x':+1}",
                "{'x':.5}",
                "{'x':NaN}",
                "{'x':Infinity}",
                "{'x':-Infinity}",
                "{'x':1.}",
                "{'x':0x1}",
                "{'x':[1,]}",
                "{'x':'\\q'}",
                "{'x':'\\u12g4'}",
                "{'x':'a\nb'}",
                "{'x':'a\u0000b'}",
                "\u0000null",
                "\fnull",
                "{'x':1 'y':2}",
                "'"
            })
    void whatIsNotStrictJsonIsRefused(String json) {
        assertRefused(json);
    }

    @Test
    void apostrophesAreNotQuotes() {
        assertThatThrownBy(() -> ManifestJson.read(new ByteArrayInputStream(GOOD.getBytes(UTF_8))))
                .isInstanceOf(ManifestException.class)
                .hasMessage("bad manifest: no strict JSON at line: 1, column: 2");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "[], a list",
                "'null', a text",
                "1, a number",
                "-1.5, a number",
                "true, true or false",
                "false, true or false"
            })
    void documentMustBeAnObjectOrNull(String json, String found) {
        assertRefused(json, "", "expected an object, not " + found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", " {}", "]", "}", ",", "x", "\u0000", " 1"})
    void nothingMayFollowTheDocument(String tail) {
        assertRefused(GOOD + tail);
        assertRefused("null " + tail);
        assertRefused(GOOD + " 1", "", "something follows the end of the document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE"})
    void encodingIsNeverGuessed(String encoding) {
        for (String json : List.of("null", GOOD)) {
            assertRefused(quoted(json).getBytes(Charset.forName(encoding)));
        }
    }

    @Test
    void byteOrderMarkIsRefused() {
        assertRefused("\uFEFFnull");
        assertRefused("\uFEFF" + GOOD);
        assertRefused("\uFEFF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00FF",
                "\u00E9",
                "\u0080",
                "\u00C0\u00AE",
                "\u00E0\u0080\u00AF",
                "\u00ED\u00A0\u0080",
                "\u00F4\u0090\u0080\u0080",
                "\u00F0\u009F\u0098"
            })
    void bytesThatAreNotUtf8AreRefusedWhereverTheyStand(String bytes) {
        assertRefusedAsNoUtf8(GOOD.replace("flash/c", "flash/" + bytes));
        assertRefusedAsNoUtf8(GOOD.replace("'x'", "'" + bytes + "'"));
        assertRefusedAsNoUtf8(GOOD + bytes);
        assertRefused(bytes.getBytes(ISO_8859_1));
    }

    private static void assertRefusedAsNoUtf8(String bytes) {
        assertThat(assertRefused(quoted(bytes).getBytes(ISO_8859_1))).hasMessageEndingWith("the document is not UTF-8");
    }

    @ParameterizedTest
    @MethodSource("members")
    void knownMemberOfAnotherTypeIsRefusedByName(String member, String expected, List<String> values) {
        for (String value : values) {
            String found = switch (value.charAt(0)) {
                case '{' -> "an object";
                case '[' -> "a list";
                case '\'' -> "a text";
                case 't', 'f' -> "true or false";
                case 'n' -> "null";
                default -> "a number";
            };
            assertRefused(with(member, value), member, "expected " + expected + ", not " + found);
        }
    }

    static Stream<Arguments> members() {
        List<String> noText = List.of("1", "1.5", "true", "false", "{}", "[]", "['2']");
        List<String> noTextNorNull = List.of("null", "1", "-1", "true", "false", "{}", "[]");
        List<String> noList = List.of("null", "1", "true", "false", "{}", "'flash/a'", "''");
        List<String> noObject = List.of("null", "1", "true", "false", "[]", "'flash/a'");
        List<String> noObjectNorNull = List.of("1", "true", "false", "[]", "'http://a/b'", "'null'");
        return Stream.of(
                arguments("version", "a text", noTextNorNull),
                arguments("previous_version", "a text", noText),
                arguments("delete", "a list", noList),
                arguments("new", "a list", noList),
                arguments("update", "a list", noList),
                arguments("firmware", "an object", noObjectNorNull),
                arguments("firmware.URL", "a text", noTextNorNull),
                arguments("firmware.hash", "a text", noTextNorNull),
                arguments("delete[0]", "a text", noTextNorNull),
                arguments("delete[3]", "a text", noTextNorNull),
                arguments("new[0]", "an object", noObject),
                arguments("update[2]", "an object", noObject),
                arguments("new[0].URL", "a text", noTextNorNull),
                arguments("new[2].dst_path", "a text", noTextNorNull),
                arguments("update[3].hash", "a text", noTextNorNull));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version",
                "delete",
                "new",
                "update",
                "firmware.URL",
                "firmware.hash",
                "new[0].URL",
                "new[1].dst_path",
                "update[0].hash",
                "update[3].dst_path"
            })
    void missingMemberIsNamed(String member) {
        String name = member.substring(member.lastIndexOf('.') + 1);
        String json = with(member, "0").replaceFirst("'" + name + "': 0", "'other': 0");

        assertRefused(json, member, "is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "da39a3ee5e6b4b0d3255bfef95601890afd8070", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709 "})
    void hashMustBeSha1InHexadecimal(String hash) {
        for (String member : List.of("update[3].hash", "new[0].hash", "firmware.hash")) {
            assertRefused(
                    with(member, "'" + hash + "'"),
                    member,
                    "SHA-1 needs 40 hexadecimal digits, these " + hash.length() + " characters are something else");
        }
    }

    @Test
    void upperCaseHashIsRead() throws IOException {
        assertThat(read(GOOD.replace(HASH, HASH.toUpperCase(Locale.ROOT)))).isEqualTo(read(GOOD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//flash/a",
                "..",
                "../x",
                "/../x",
                "flash/../../x",
                "flash//a",
                "flash/",
                "./a",
                "C:\\\\x",
                "\\\\\\\\host\\\\x",
                "a\\u0000b",
                "a\\nb",
                "a\\u0085",
                "a\\u202eb",
                "\\u2066a",
                ".ota/plan",
                "flash/.OTA"
            })
    void hostilePathIsRefusedByName(String path) {
        assertThat(assertRefused(with("update[3].dst_path", "'" + path + "'")).member())
                .isEqualTo("update[3].dst_path");
        assertThat(assertRefused(with("new[1].dst_path", "'" + path + "'")).member())
                .isEqualTo("new[1].dst_path");
        assertThat(assertRefused(with("delete[2]", "'" + path + "'")).member()).isEqualTo("delete[2]");
    }

    @Test
    void pathsOfAMegabyteOrOneByteTooMuchAreRefused() {
        assertRefused(with("delete[0]", "'" + "a/".repeat(512) + "x'"), "delete[0]", "a path of more than 1024 bytes");
        assertRefused(with("delete[0]", "'" + "a".repeat(256) + "'"), "delete[0]", "a segment of more than 255 bytes");
        assertRefused(with("delete[0]", "'" + "a/".repeat(500_000) + "x'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00", "a\\udbffb", "\\udc00\\ud800", "\\ud83d\\ud83d\\ude00"})
    void halfOfASurrogatePairIsRefusedInEveryText(String text) {
        for (String member : List.of(
                "version",
                "previous_version",
                "delete[1]",
                "new[1].dst_path",
                "new[1].URL",
                "new[1].hash",
                "firmware.URL")) {
            assertRefused(with(member, "'" + text + "'"), member, "half of a surrogate pair");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\\r\\nb", "\\u0000", "http://a/\\u007f", "\\u009f"})
    void referenceWithNothingOrAControlCharacterInItIsRefused(String url) {
        for (String member : List.of("update[1].URL", "firmware.URL")) {
            assertThat(assertRefused(with(member, "'" + url + "'")).member()).isEqualTo(member);
        }
    }

    @Test
    void versionIsNotEmptyNorEndlessNorHasControlCharacters() throws IOException {
        for (String member : List.of("version", "previous_version")) {
            assertRefused(with(member, "''"), member, "a version cannot be empty");
            assertRefused(with(member, "'" + "1".repeat(256) + "'"), member, "a version of more than 255 characters");
            for (String character : List.of("\\n", "\\u0000", "\\u007f", "\\u0085")) {
                assertRefused(with(member, "'1" + character + "'"), member, "a version with a control character");
            }
        }
        assertThat(read(with("version", "'" + "1".repeat(255) + "'"))).isPresent();
        assertThat(read(with("version", "'../' ")).orElseThrow().version()).hasToString("../");
    }

    @Test
    void memberThatComesTwiceIsRefusedAtEveryDepth() {
        assertRefused(GOOD.replace("'x': 0", "'version': '2'"), "version", "comes twice");
        assertRefused(GOOD.replace("'x': 0", "'firmware': null"), "firmware", "comes twice");
        assertRefused(GOOD.replace("'x': 0", "'v\\u0065rsion': '2'"), "version", "comes twice");
        assertRefused(
                GOOD.replace(OTHER_FILE, OTHER_FILE.replace("}", ", 'hash': '" + HASH + "'}")),
                "update[0].hash",
                "comes twice");
        assertRefused(GOOD.replace(IMAGE, IMAGE.replace("}", ", 'URL': 1}")), "firmware.URL", "comes twice");
        assertRefused(GOOD.replace("'x': 0", "'x': 0, 'y': 0, 'x': 0"), "", "an unknown member comes twice");
        assertRefused(
                GOOD.replace("'x': 0", "'x': [[{'y': {'a': 1, 'b': 2, 'a': 1}}]]"),
                "",
                "an unknown member comes twice");
        assertRefused(
                GOOD.replace(FILE, FILE.replace("}", ", 'x': 1, 'x': 1}")), "new[0]", "an unknown member comes twice");
    }

    @Test
    void sameNameInTwoObjectsIsNoDuplicate() throws IOException {
        assertThat(read(GOOD.replace("'x': 0", "'x': {'x': [{'x': 0}, {'x': 0, 'version': 1}]}")))
                .isEqualTo(read(GOOD));
    }

    @Test
    void contradictionsAreRefused() {
        assertRefused(GOOD.replace("flash/b", "flash/a"), "", "flash/a is named twice");
        assertRefused(GOOD.replace("flash/c", "/flash/a"), "", "flash/a is named twice");
        assertRefused(
                GOOD.replace("flash/b", "flash/a/b"),
                "",
                "flash/a would have to be both a file and the folder of flash/a/b");
    }

    @Test
    void nestingIsLimited() throws IOException {
        assertThat(read(GOOD.replace("'x': 0", "'x': " + nested(63)))).isEqualTo(read(GOOD));

        assertRefused(
                GOOD.replace("'x': 0", "'x': " + nested(64)), "", "a value or name is too long, or nested too deeply");
        assertRefused("[".repeat(1_000_000));
        assertRefused("{'x': ".repeat(100_000));
        assertRefused(GOOD.replace("'x': 0", "'x': " + "[".repeat(1_000_000)));
    }

    private static String nested(int depth) {
        return IntStream.range(0, depth)
                .mapToObj(level -> level % 2 == 0 ? "[" : "{'x':")
                .collect(Collectors.joining("", "", "0"))
                .concat(IntStream.range(0, depth)
                        .mapToObj(level -> (depth - level) % 2 == 1 ? "]" : "}")
                        .collect(Collectors.joining()));
    }

    @Test
    void textsNamesAndNumbersAreLimited() throws IOException {
        String tooLong = "a value or name is too long, or nested too deeply";
        String limit = "http://a/" + "a".repeat(64 * 1024 - 9);

        assertThat(read(with("firmware.URL", "'" + limit + "'"))).isPresent();
        assertRefused(with("firmware.URL", "'" + limit + "a'"), "firmware.URL", tooLong);
        assertRefused(with("version", "'" + "1".repeat(1_000_000) + "'"), "version", tooLong);
        assertThat(read(GOOD.replace("'x'", "'" + "x".repeat(256) + "'"))).isEqualTo(read(GOOD));
        assertRefused(GOOD.replace("'x'", "'" + "x".repeat(257) + "'"), "", tooLong);
        assertRefused(GOOD.replace("'x'", "'" + "x".repeat(1_000_000) + "'"), "", tooLong);
        assertThat(read(GOOD.replace("'x': 0", "'x': " + "9".repeat(20)))).isEqualTo(read(GOOD));
        assertRefused(GOOD.replace("'x': 0", "'x': " + "9".repeat(21)), "", tooLong);
        assertRefused(GOOD.replace("'x': 0", "'x': 1e" + "9".repeat(1_000_000)), "", tooLong);
    }

    @Test
    void membersOfOneObjectAreLimited() throws IOException {
        assertThat(read(GOOD.replace("'x': 0", members(994)))).isEqualTo(read(GOOD));

        assertRefused(GOOD.replace("'x': 0", members(995)), "", "more than 1000 members");
        assertRefused(GOOD.replace("'x': 0", "'x': [{" + members(1001) + "}]"), "", "more than 1000 members");
        assertRefused(
                GOOD.replace(FILE, FILE.replace("}", ", " + members(998) + "}")), "new[0]", "more than 1000 members");
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "'x" + i + "': 0").collect(Collectors.joining(", "));
    }

    @Test
    void documentMayHaveAsManyBytesAsTheLimitSaysAndNotOneMore() throws IOException {
        byte[] json = quoted(GOOD).getBytes(UTF_8);
        ManifestLimits exact = new ManifestLimits(json.length, 3);

        assertThat(ManifestJson.read(new ByteArrayInputStream(json), exact)).isEqualTo(read(GOOD));

        byte[] oneMore = Arrays.copyOf(json, json.length + 1);
        oneMore[json.length] = ' ';
        assertThatThrownBy(() -> ManifestJson.read(new ByteArrayInputStream(oneMore), exact))
                .isInstanceOf(ManifestException.class)
                .hasMessage("bad manifest: more than " + json.length + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "null ", "[", "'", "{'x': '", "{'x': [0,"})
    void endlessStreamIsReadNotFarBeyondTheLimit(String beginning) {
        EndlessStream stream = new EndlessStream(quoted(beginning).getBytes(UTF_8));

        assertThatThrownBy(() -> ManifestJson.read(stream, new ManifestLimits(100_000, 10)))
                .isInstanceOf(ManifestException.class);

        assertThat(stream.bytesRead).isLessThan(100_000 + 64 * 1024);
    }

    /** A beginning and then blanks for ever, which every place in a document can stand. */
    private static final class EndlessStream extends InputStream {
        private final byte[] beginning;
        private long bytesRead;

        EndlessStream(byte[] beginning) {
            this.beginning = beginning;
        }

        @Override
        public int read() {
            return bytesRead < beginning.length ? beginning[(int) bytesRead++] : blank();
        }

        private int blank() {
            bytesRead++;
            return ' ';
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'delete': [%s]}", "{'new': [%s]}", "{'update': [%s]}"})
    void filesAreLimitedBeforeTheyAreRead(String list) {
        String member = list.substring(2, list.indexOf("':"));
        String json = list.formatted("not even JSON");

        assertThatThrownBy(() -> read(list.formatted("0"), new ManifestLimits(1000, 0)))
                .hasMessage("bad manifest: " + member + ": more than 0 files");
        assertRefused(json);
    }

    @Test
    void filesOfAllListsAreCountedTogether() throws IOException {
        assertThat(read(GOOD, new ManifestLimits(1000, 3))).isEqualTo(read(GOOD));

        assertThatThrownBy(() -> read(GOOD, new ManifestLimits(1000, 2)))
                .isInstanceOf(ManifestException.class)
                .hasMessage("bad manifest: update: more than 2 files");
    }

    @Test
    void filesMayLieInAsManyFoldersAsThereMayBeFilesAndNotInOneMore() throws IOException {
        String[] paths = {"a/b/c/1", "a/b/c/2", "a/b-c/1", "a/b/d/1"};
        String files =
                Stream.of(paths).map(path -> FILE.replace("flash/a", path)).collect(Collectors.joining(","));
        String manifest = GOOD.replace(FILE, files).replace(OTHER_FILE, "");

        assertThat(read(manifest, new ManifestLimits(10_000, 5)).orElseThrow().files())
                .hasSize(4);
        assertThatThrownBy(() -> read(manifest.replace("a/b/d/1", "a/b/d/e/1"), new ManifestLimits(10_000, 5)))
                .isInstanceOf(ManifestException.class)
                .hasMessage("bad manifest: files in more than 5 folders");
    }

    @Test
    void pathsOfFoldersMayBeAsLongAsTheDocumentAndNotLonger() throws IOException {
        String deep = "abcdefghi/".repeat(20);
        String manifest = GOOD.replace("flash/a", deep + "a");
        int characters =
                IntStream.rangeClosed(1, 20).map(folder -> 10 * folder - 1).sum() + "flash".length();

        assertThat(read(manifest, new ManifestLimits(characters, 100))
                        .orElseThrow()
                        .files())
                .hasSize(2);
        assertThatThrownBy(() -> read(manifest, new ManifestLimits(characters - 1, 100)))
                .isInstanceOf(ManifestException.class)
                .hasMessage(
                        "bad manifest: files in folders with names of more than " + (characters - 1) + " characters");
    }

    @Test
    void hundredThousandFilesAreReadByDefaultAndNotOneMore() throws IOException {
        String paths = IntStream.range(0, 100_000).mapToObj(i -> "'" + i + "'").collect(Collectors.joining(","));

        assertThat(read(GOOD.replace("['flash/c'], ", "[" + paths + "], ")
                                .replace(FILE, "")
                                .replace(OTHER_FILE, ""))
                        .orElseThrow()
                        .removed())
                .hasSize(100_000);
        assertRefused("{'delete': [" + paths + ", 'x']}", "delete", "more than 100000 files");
        assertThat(ManifestLimits.defaults()).isEqualTo(new ManifestLimits(32 * 1024 * 1024, 100_000));
    }

    @Test
    void limitsMustMakeSense() {
        assertThatThrownBy(() -> new ManifestLimits(0, 1)).hasMessage("a manifest of at most 0 bytes");
        assertThatThrownBy(() -> new ManifestLimits(1, -1)).hasMessage("a manifest of at most -1 files");
        assertThat(new ManifestLimits(1, 0).maxBytes()).isOne();
    }

    @Test
    void messagesRepeatNoTextFromOutside() {
        for (String secret : List.of(
                "{'s3cret': s3cret}",
                "{'s3cret\\n': 0, 's3cret\\n': 0}",
                "s3cret",
                "{'version': s3cret}",
                with("firmware.hash", "'s3cret'"),
                with("version", "'s3cret\\n'"),
                with("delete[1]", "'s3cret\\n'"))) {
            ManifestException refusal = assertRefused(secret);
            for (Throwable e = refusal; e != null; e = e.getCause()) {
                assertThat(e.toString()).doesNotContain("s3cret");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void whatTheFuzzerFoundInterestingIsStillReadOrRefused(Path input) throws IOException {
        ManifestProperties.isReadOrRefused(Files.readAllBytes(input));
    }

    static List<Path> corpus() throws IOException {
        return Vectors.filesIn("/io/overair/manifest/ManifestJsonFuzzTestInputs/isReadOrRefused");
    }

    /** A manifest that has {@code value} where {@code member} says; of the lists, files before it are good ones. */
    private static String with(String member, String value) {
        int bracket = member.indexOf('[');
        if (bracket >= 0) {
            String list = member.substring(0, bracket);
            int index = Integer.parseInt(member.substring(bracket + 1, member.indexOf(']')));
            String entry =
                    member.contains(".") ? replaceValue(FILE, member.substring(member.indexOf('.') + 1), value) : value;
            String before = IntStream.range(0, index)
                    .mapToObj(i ->
                            (list.equals("delete") ? "'f%d', " : FILE.replace("flash/a", "f%d") + ", ").formatted(i))
                    .collect(Collectors.joining());
            return minimal(list, "[" + before + entry + "]");
        }
        if (member.startsWith("firmware.")) {
            return minimal("firmware", replaceValue(IMAGE, member.substring(9), value));
        }
        return minimal(member, value);
    }

    private static String minimal(String member, String value) {
        return Stream.of("delete", "firmware", "new", "previous_version", "update", "version")
                .map(name -> {
                    if (name.equals(member)) {
                        return "'" + name + "': " + value;
                    }
                    return switch (name) {
                        case "firmware", "previous_version" -> "'" + name + "': null";
                        case "version" -> "'version': '2'";
                        default -> "'" + name + "': []";
                    };
                })
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String replaceValue(String object, String name, String value) {
        int from = object.indexOf("'" + name + "': ") + name.length() + 4;
        int to = object.indexOf('\'', from + 1) + 1;
        return object.substring(0, from) + value + object.substring(to);
    }

    private static void assertRefused(String json, String member, String problem) {
        ManifestException refusal = assertRefused(json);
        assertThat(refusal.member()).isEqualTo(member);
        assertThat(refusal).hasMessage("bad manifest: " + (member.isEmpty() ? "" : member + ": ") + problem);
    }

    private static ManifestException assertRefused(String json) {
        return assertRefused(quoted(json).getBytes(UTF_8));
    }

    private static ManifestException assertRefused(byte[] json) {
        ManifestException refusal =
                catchThrowableOfType(ManifestException.class, () -> ManifestJson.read(new ByteArrayInputStream(json)));
        assertThat(refusal)
                .as("refusal of %s", new String(json, 0, Math.min(json.length, 300), UTF_8))
                .isNotNull();
        return refusal;
    }

    private static Optional<Manifest> read(String json) throws IOException {
        return read(json, ManifestLimits.defaults());
    }

    private static Optional<Manifest> read(String json, ManifestLimits limits) throws IOException {
        return ManifestJson.read(new ByteArrayInputStream(quoted(json).getBytes(UTF_8)), limits);
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
