package io.overair.examples.pycom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A device whose file system is the directory {@code root}, updated by the real Pycom client that lies in its
 * {@code flash/lib}. What the client prints goes to a file beside the directory.
 */
record RealPycomDevice(Path root) {
    private static final int UPDATE_SECONDS = 60;

    /** How an update ended. */
    enum Outcome {
        RESTARTED,
        UP_TO_DATE,
        FAILED
    }

    /** Updates the device from the server at {@code port} of this machine. */
    Outcome update(int port) throws IOException, InterruptedException {
        Process client = new ProcessBuilder(
                        RealPycom.microPython(),
                        RealPycom.script("real_device.py"),
                        root.toString(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        try {
            if (!client.waitFor(UPDATE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the Pycom client hangs: " + messages());
            }
        } finally {
            client.destroyForcibly();
        }
        return switch (client.exitValue()) {
            case 0 -> Outcome.RESTARTED;
            case 3 -> Outcome.UP_TO_DATE;
            default -> Outcome.FAILED;
        };
    }

    /** What the client printed in the last update. */
    String messages() throws IOException {
        return Files.readString(log());
    }

    private Path log() {
        return root.resolveSibling(root.getFileName() + ".log");
    }
}
