package io.overair.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.overair.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LooseVersionTest {
    private static final JsonNode VECTORS = vectors();

    @ParameterizedTest
    @MethodSource("recordedParts")
    void fallsIntoThePartsPythonMakesOfIt(String text, List<String> parts) {
        assertThat(LooseVersion.parse(text).parts())
                .extracting(part ->
                        part.isNumber() ? "i:" + (part.value().isEmpty() ? "0" : part.value()) : "s:" + part.value())
                .isEqualTo(parts);
    }

    static Stream<Arguments> recordedParts() {
        return VECTORS.get("components").properties().stream()
                .filter(entry -> !entry.getValue().isNull())
                .map(entry -> arguments(entry.getKey(), texts(entry.getValue())));
    }

    @ParameterizedTest
    @MethodSource("recordedPairs")
    void ordersAsPythonDoesAndTotallyWherePythonRaises(String a, String b, int order) {
        assertThat(Integer.signum(LooseVersion.parse(a).compareTo(LooseVersion.parse(b))))
                .isEqualTo(order);
        assertThat(Integer.signum(LooseVersion.parse(b).compareTo(LooseVersion.parse(a))))
                .isEqualTo(-order);
    }

    static Stream<Arguments> recordedPairs() {
        return VECTORS.get("pairs")
                .valueStream()
                .filter(pair -> !pair.path("desired").isNull())
                .map(pair -> arguments(
                        pair.get("a").asText(),
                        pair.get("b").asText(),
                        pair.path("desired").asInt(pair.get("cmp").asInt())));
    }

    @Test
    void onlyLettersFromAToZAreSetApartFromOtherText() {
        assertThat(LooseVersion.parse("`az{aA").parts())
                .map(LooseVersion.Part::value)
                .containsExactly("`", "az", "{", "a", "A");
    }

    @Test
    void everyRecordedVersionAndPairIsLookedAt() {
        assertThat(recordedParts().count()).isEqualTo(146);
        assertThat(recordedPairs().count()).isEqualTo(777);
    }

    @Test
    void orderIsTotalOverAllRecordedVersions() {
        List<LooseVersion> versions = recordedParts()
                .map(arguments -> LooseVersion.parse((String) arguments.get()[0]))
                .toList();

        for (LooseVersion a : versions) {
            for (LooseVersion b : versions) {
                VersionProperties.comparesBothWaysAlike(a, b);
                for (LooseVersion c : versions) {
                    if (a.compareTo(b) <= 0 && b.compareTo(c) <= 0 && a.compareTo(c) > 0) {
                        throw new AssertionError("%s <= %s <= %s < %s".formatted(a, b, c, a));
                    }
                }
            }
        }
    }

    @Test
    void numbersOfAMillionDigitsCompareByValue() {
        String zeros = "0".repeat(1_000_000);
        LooseVersion huge = LooseVersion.parse("1." + "9".repeat(1_000_000));
        LooseVersion oneMore = LooseVersion.parse("1.1" + zeros);
        LooseVersion three = LooseVersion.parse("1." + zeros + "3");

        assertThat(huge).isLessThan(oneMore);
        assertThat(oneMore).isGreaterThan(huge);
        assertThat(three).isEqualByComparingTo(LooseVersion.parse("1.3"));
        assertThat(three).isLessThan(huge);
    }

    @Test
    void versionsOfAHundredThousandPartsCompare() {
        LooseVersion shorter = LooseVersion.parse("1.a".repeat(50_000));
        LooseVersion longer = LooseVersion.parse("1.a".repeat(50_000) + ".0");

        assertThat(shorter.parts()).hasSize(100_000);
        assertThat(shorter).isLessThan(longer);
    }

    @ParameterizedTest
    @CsvSource({"1.0, 01.0", "1.0, 1..0", "1.0, 1.0."})
    void versionsThatCompareAsEqualAreEqualOnlyIfTheTextIs(String a, String b) {
        assertThat(LooseVersion.parse(a)).isEqualByComparingTo(LooseVersion.parse(b));
        assertThat(LooseVersion.parse(a)).isNotEqualTo(LooseVersion.parse(b)).isEqualTo(LooseVersion.parse(a));
        assertThat(LooseVersion.parse(a))
                .hasSameHashCodeAs(LooseVersion.parse(a))
                .isNotEqualTo(a);
    }

    @Test
    void unpairedSurrogatesOrderByCodePointToo() {
        assertThat(LooseVersion.parse("\uD800\uD801")).isGreaterThan(LooseVersion.parse("\uD800B"));
        assertThat(LooseVersion.parse("\uD800")).isLessThan(LooseVersion.parse("\uD800\uDC00"));
        assertThat(LooseVersion.parse("\uFF5E")).isLessThan(LooseVersion.parse("\uD800\uDC00"));
    }

    @Test
    void textIsKeptAsItWasWritten() {
        assertThat(LooseVersion.parse("01.0-RC1 ")).hasToString("01.0-RC1 ");
    }

    @Test
    void emptyTextIsNoVersion() {
        assertThatThrownBy(() -> LooseVersion.parse("")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void whatTheFuzzerFoundInterestingStillOrders(Path input) throws IOException {
        VersionProperties.ordersTotally(Files.readAllBytes(input));
    }

    static List<Path> corpus() throws IOException {
        return Vectors.filesIn("/io/overair/version/LooseVersionFuzzTestInputs/ordersTotally");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static JsonNode vectors() {
        try {
            return Vectors.json("loose-version.json");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
