package io.overair.examples.pycom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Where the real programs of the Pycom OTA example are and what runs them; tests are skipped where it is missing. */
final class RealPycom {
    private static final int PROBE_SECONDS = 20;

    private RealPycom() {}

    /** The folder that {@code OTA_PYCOM_DIR} names. */
    static Path folder() {
        String folder = System.getenv("OTA_PYCOM_DIR");
        assumeTrue(
                folder != null,
                "set OTA_PYCOM_DIR to the folder examples/OTA of pycom-libraries to run the real Pycom programs");
        Path path = Path.of(folder).toAbsolutePath();
        assertThat(path.resolve("OTA_server.py"))
                .as("the server in OTA_PYCOM_DIR")
                .isRegularFile();
        return path;
    }

    /** The Python that can run the server. */
    static String python() throws IOException, InterruptedException {
        assumeTrue(
                succeeds("python3", "-c", "from distutils.version import LooseVersion"),
                "the Pycom server needs a python3 with distutils on the PATH: up to 3.11, or one that has setuptools");
        return "python3";
    }

    /** The MicroPython that can run the client. */
    static String microPython() throws IOException, InterruptedException {
        assumeTrue(
                succeeds("micropython", "-c", "import os, uhashlib; os.VfsPosix; uhashlib.sha1"),
                "the Pycom client needs micropython on the PATH: MicroPython's unix port, with SHA-1; 1.19.1 will do");
        return "micropython";
    }

    /** A script among the test resources. */
    static String script(String name) {
        try {
            return Path.of(RealPycom.class.getResource(name).toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
