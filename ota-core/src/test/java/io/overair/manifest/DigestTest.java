package io.overair.manifest;

import static io.overair.manifest.Digest.Algorithm.SHA1;
import static io.overair.manifest.Digest.Algorithm.SHA256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    private static final String OF_NOTHING = "da39a3ee5e6b4b0d3255bfef95601890afd80709";

    @ParameterizedTest
    @CsvSource({
        "SHA1, abc, a9993e364706816aba3e25717850c26c9cd0d89d",
        "SHA256, abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    })
    void contentHashesToWhatTheStandardSays(Digest.Algorithm algorithm, String content, String hex) {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        MessageDigest computation = algorithm.newMessageDigest();
        computation.update(bytes);

        assertThat(Digest.ofContent(algorithm, bytes).hex()).isEqualTo(hex);
        assertThat(Digest.of(algorithm, computation.digest())).isEqualTo(new Digest(algorithm, hex));
    }

    @Test
    void upperCaseIsTheSameDigest() {
        assertThat(new Digest(SHA1, OF_NOTHING.toUpperCase(Locale.ROOT))).isEqualTo(new Digest(SHA1, OF_NOTHING));
    }

    @Test
    void digestsOfTwoAlgorithmsDiffer() {
        assertThat(Digest.ofContent(SHA1, new byte[0])).isNotEqualTo(Digest.ofContent(SHA256, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "da39a3ee5e6b4b0d3255bfef95601890afd8070",
                "da39a3ee5e6b4b0d3255bfef95601890afd807090",
                "ga39a3ee5e6b4b0d3255bfef95601890afd80709",
                " a39a3ee5e6b4b0d3255bfef95601890afd8070 ",
                "-a39a3ee5e6b4b0d3255bfef95601890afd80709",
                "١a39a3ee5e6b4b0d3255bfef95601890afd80709"
            })
    void anythingButTheRightNumberOfHexadecimalDigitsIsRefused(String hex) {
        assertThatThrownBy(() -> new Digest(SHA1, hex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SHA-1 needs 40 hexadecimal digits, these %d characters are something else", hex.length());
    }

    @Test
    void lengthBelongsToTheAlgorithm() {
        assertThatThrownBy(() -> new Digest(SHA256, OF_NOTHING)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Digest.of(SHA256, new byte[20])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textNamesTheAlgorithm() {
        assertThat(new Digest(SHA1, OF_NOTHING)).hasToString("SHA-1:" + OF_NOTHING);
    }
}
