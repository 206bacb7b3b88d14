package io.overair.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentCodingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a b.py|a%20b.py",
                "é.py|%C3%A9.py",
                "c%20d|c%2520d",
                "p+q|p+q",
                "[2]|%5B2%5D",
                "a/b:c@d|a/b:c@d",
                "a?b#c|a%3Fb%23c",
                "x\"y|x%22y",
                "x\\y|x%5Cy",
                "~-._|~-._",
                "😀|%F0%9F%98%80"
            })
    void whatMayNotStandInAUrlIsEncoded(String name, String encoded) {
        assertThat(PercentCoding.encodePath(name)).isEqualTo(encoded);
        assertThat(PercentCoding.decode(encoded)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"100%", "%", "%4", "%zz", "a%%", "% 41"})
    void aPercentSignThatEncodesNothingStays(String text) {
        assertThat(PercentCoding.decode(text)).isEqualTo(text);
    }

    @Test
    void whatWasEncodedTwiceIsDecodedOnce() {
        assertThat(PercentCoding.decode("%252e%252e%252f")).isEqualTo("%2e%2e%2f");
    }

    @Test
    void bytesThatAreNoUtf8BecomeReplacementCharacters() {
        assertThat(PercentCoding.decode("%FF")).isEqualTo("\uFFFD");
        assertThat(PercentCoding.decode("%C0%AE%C0%AE/")).doesNotContain(".");
    }
}
