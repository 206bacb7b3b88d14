package io.overair.manifest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

class ManifestJsonFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void isReadOrRefused(byte[] input) throws IOException {
        ManifestProperties.isReadOrRefused(input);
    }
}
