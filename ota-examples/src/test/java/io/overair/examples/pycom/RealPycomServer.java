package io.overair.examples.pycom;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The real Pycom server on a directory, reachable from this machine only. Its messages go to a file beside it. */
final class RealPycomServer implements Closeable {
    private final Process process;
    private final int port;

    private RealPycomServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static RealPycomServer start(Path root) throws IOException, InterruptedException {
        // One recorded answer lists what lies beside the root: this name is part of it.
        Path log = root.resolveSibling("log");
        Process process = new ProcessBuilder(
                        RealPycom.python(),
                        RealPycom.script("real_server.py"),
                        RealPycom.folder().toString())
                .directory(root.toFile())
                .redirectError(log.toFile())
                .start();
        BufferedReader output = process.inputReader(UTF_8);
        String port = output.readLine();
        if (port == null) {
            process.destroyForcibly();
            throw new IOException("the Pycom server did not start: " + Files.readString(log));
        }
        return new RealPycomServer(process, Integer.parseInt(port));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
