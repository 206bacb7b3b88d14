package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command that is run to its end. What it prints goes to a file: a pipe would have to be read all the while, and would stay
 * open for as long as a process that the command leaves behind.
 *
 * @param words its name and arguments; there is no shell that would look at them
 * @param environment variables besides those of this process
 * @param input what it reads on its standard input; nothing if there is none
 */
record Command(List<String> words, Map<String, String> environment, Optional<Path> input) {
    /** How much of what it printed last is shown if it fails, in bytes. */
    private static final int SHOWN_BYTES = 2000;

    Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a name");
        }
    }

    /**
     * Runs it, and gives the last of what it printed.
     *
     * @param output a file of the caller's, who also removes it; what is in it is overwritten
     * @throws IOException if it cannot be started, or ends with another status than 0; the message has the last of what it
     *     printed
     * @throws InterruptedException if the thread was interrupted: the command was ended, with all that it had started
     */
    String run(Path output) throws IOException, InterruptedException {
        Process process = start(output);
        try {
            int status = process.waitFor();
            String last = last(output);
            if (status != 0) {
                throw new IOException("%s ended with status %d: %s".formatted(words.get(0), status, last));
            }
            return last;
        } catch (InterruptedException e) {
            List<ProcessHandle> started = new ArrayList<>(process.descendants().toList());
            process.destroyForcibly();
            started.forEach(ProcessHandle::destroyForcibly);
            throw e;
        }
    }

    private Process start(Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.redirectOutput(output.toFile());
        input.ifPresent(file -> builder.redirectInput(file.toFile()));
        Process process = builder.start();
        // Nothing to read, unless it reads a file.
        process.getOutputStream().close();
        return process;
    }

    private static String last(Path output) throws IOException {
        try (FileChannel channel = FileChannel.open(output)) {
            ByteBuffer bytes = ByteBuffer.allocate(SHOWN_BYTES);
            channel.position(Math.max(0, channel.size() - SHOWN_BYTES));
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Once is enough for most files.
            }
            return UTF_8.decode(bytes.flip()).toString().strip();
        }
    }
}
