package io.overair.install;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file or folder that the kernel shows in a second place until it is closed. */
record BindMount(Path place) implements Closeable {

    /** Skips the test where this program may not mount: it takes Linux, root and no sandbox that forbids it. */
    static BindMount of(Path what, Path place) throws IOException {
        String refusal = run("mount", "--bind", what.toString(), place.toString());
        assumeTrue(refusal.isEmpty(), () -> "skipped, since mounting is not allowed here: " + refusal);
        return new BindMount(place);
    }

    @Override
    public void close() throws IOException {
        String refusal = run("umount", place.toString());
        if (!refusal.isEmpty()) {
            throw new IOException(refusal);
        }
    }

    /** Why the command failed; empty if it did not. */
    private static String run(String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return command[0] + " cannot be started";
        }
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return process.waitFor() == 0 ? "" : command[0] + " failed: " + said.strip();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
