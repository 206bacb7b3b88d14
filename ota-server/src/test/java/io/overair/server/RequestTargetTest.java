package io.overair.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/manifest.json",
                "//manifest.json",
                "/manifest.json?current_ver=1",
                "/manifest.json#x",
                "/manifest.json;x",
                "http://ota.test:8000/manifest.json",
                "HTTP://ota.test/manifest.json?x",
                "https://ota.test//manifest.json"
            })
    void theManifestHasManySpellings(String target) {
        assertThat(new RequestTarget(target).isManifest()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/manifest.json/",
                "/Manifest.json",
                "manifest.json",
                "/x/manifest.json",
                "/",
                "*",
                "http://ota.test"
            })
    void otherTargetsAreFiles(String target) {
        assertThat(new RequestTarget(target).isManifest()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "/manifest.json?current_ver=1.0.0,1.0.0",
                "/manifest.json?a=b&current_ver=1&c=d,1",
                "/manifest.json?current_ver=&current_ver=2,2",
                "/manifest.json?current_ver=1&current_ver=2,1",
                "/manifest.json?current_ver=a=b,a=b",
                "/manifest.json?current_ver=1;x=2,1;x=2",
                "/manifest.json?current_ver=1#2,1",
                "/manifest.json?current%5Fver=%31+%2B,1 +",
                "/manifest.json?current_ver=..%2F..%2Fetc,../../etc"
            })
    void theVersionIsReadAsPythonReadsQueries(String target, String version) {
        assertThat(new RequestTarget(target).currentVersion()).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/manifest.json",
                "/manifest.json?",
                "/manifest.json?current_ver",
                "/manifest.json?current_ver=",
                "/manifest.json?CURRENT_VER=1"
            })
    void withoutAVersionThereIsNone(String target) {
        assertThat(new RequestTarget(target).currentVersion()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../x",
                "/a/../b",
                "/..",
                "/.",
                "/a/./b",
                "/%2e%2e/x",
                "/..%2fx",
                "/a/%2E%2E/%2e%2e/x",
                "..",
                "../x",
                "/a/",
                "/",
                "",
                "/%00",
                "/a%2f",
                "http://ota.test/../x"
            })
    void noNameClimbsOrIsAFolder(String target) {
        assertThat(new RequestTarget(target).fileNames())
                .allSatisfy(name -> assertThat(name.split("/")).doesNotContain("", ".", "..", "\0"));
    }

    @Test
    void aNameIsSoughtDecodedAndThenAsItStands() {
        assertThat(new RequestTarget("/1//c%20d.py?x=1").fileNames())
                .containsExactly("1/c d.py", "1/c%20d.py", "1/c%20d.py?x=1");
    }

    @Test
    void aDoubledSlashNeverMakesANameAbsolute() {
        assertThat(new RequestTarget("//etc/hostname").fileNames()).containsExactly("etc/hostname");
        assertThat(new RequestTarget("/%2fetc/hostname").fileNames())
                .containsExactly("etc/hostname", "%2fetc/hostname");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/firmware_1.bin", "//firmware_1.bin?x", "/firm%77are_2.hex", "/firmware_"})
    void whatAClientWouldFlashIsKnownByItsName(String target) {
        assertThat(new RequestTarget(target).looksLikeFirmware()).isTrue();
    }
}
