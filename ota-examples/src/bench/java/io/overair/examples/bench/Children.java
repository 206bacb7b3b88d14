package io.overair.examples.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The processes the benchmark started. None of them outlives it. */
final class Children {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private Children() {}

    static Process start(ProcessBuilder command) throws IOException {
        Process child = command.start();
        RUNNING.add(child);
        return child;
    }

    /** Ends {@code child}, gently if it lets us. */
    static void end(Process child) {
        try {
            child.destroy();
            if (!child.waitFor(5, TimeUnit.SECONDS)) {
                child.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        RUNNING.remove(child);
    }

    /** What {@code command} prints, both streams in one; fails unless it ends with status 0. */
    static String outputOf(ProcessBuilder command) throws IOException, InterruptedException {
        Process child = start(command.redirectErrorStream(true));
        try {
            String output = new String(child.getInputStream().readAllBytes(), UTF_8);
            if (child.waitFor() != 0) {
                throw new IOException(String.join(" ", command.command()) + " failed: " + output);
            }
            return output;
        } finally {
            end(child);
        }
    }
}
