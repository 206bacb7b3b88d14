package io.overair.manifest;

import com.code_intelligence.jazzer.junit.FuzzTest;

class DevicePathFuzzTest {
    @FuzzTest(maxDuration = "30s")
    void staysBelowItsRoot(byte[] input) {
        ManifestProperties.pathStaysBelowItsRoot(input);
    }
}
