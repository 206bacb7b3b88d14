package io.overair.version;

import com.code_intelligence.jazzer.junit.FuzzTest;

class LooseVersionFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void ordersTotally(byte[] input) {
        VersionProperties.ordersTotally(input);
    }
}
