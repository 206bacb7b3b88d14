package io.overair.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * The crash kit as somebody else gets it: the test-jar of ota-core beside ota-core itself, and no other one. Only annotations
 * may be missing, which nobody loads.
 */
class CrashKitIT {
    @Test
    void crashKitLacksNoClass() throws Exception {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);

        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        out,
                        out,
                        "-v",
                        "-cp",
                        CoreJars.library().toString(),
                        CoreJars.crashKit().toString());

        assertThat(status).isZero();
        assertThat(said.toString()).contains("io.overair.crashkit.CrashTest");
        assertThat(said.toString().lines().filter(line -> line.matches("  .*not found")))
                .allMatch(line -> line.contains("org.jspecify.annotations."));
    }
}
