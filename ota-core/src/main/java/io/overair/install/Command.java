package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A command that is run to its end. What it prints goes to a file: a pipe would have to be read all the while, and would stay
 * open for as long as a process that the command leaves behind.
 *
 * @param words its name and arguments; there is no shell that would look at them
 * @param environment variables besides those of this process
 * @param input what it reads on its standard input; nothing if there is none
 */
record Command(List<String> words, Map<String, String> environment, Optional<Path> input) {
    /** How much of what it printed last is shown if it fails, in bytes, and in lines of these. */
    private static final int SHOWN_BYTES = 2000;

    private static final int SHOWN_LINES = 10;

    /**
     * What is printed beyond this takes the place of what was printed before, in bytes: it may be without end. It is only seen
     * when it is looked at, so the file is larger by what is printed between two looks.
     */
    private static final int MOST_OUTPUT = 1 << 20;

    /** How often it is looked whether it printed that much: at first and whenever it did, and then ever more seldom. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    /** How long it may take to end when it is asked to, before it is made to. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** What the status is of a command that a signal has killed, as Java and shells tell it: this and the signal. */
    private static final int SIGNAL = 128;

    private static final int LAST_SIGNAL = 64;

    Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a name");
        }
    }

    /** Is told of a process before it is waited for. */
    interface Started {
        void as(ProcessHandle process) throws IOException;
    }

    /**
     * Runs it, and gives the last of what it printed to {@code output}.
     *
     * @param output a file of the caller's, who also removes it
     * @param errors the same, for what it prints to its standard error; may be {@code output}
     * @throws CommandFailedException if it cannot be started, or ends with another status than 0; the message has the last of
     *     what it printed
     * @throws IOException if it was killed, or {@code started} failed: then it was ended
     * @throws InterruptedException if the thread was interrupted: it was ended, with all that it had started
     */
    String run(Path output, Path errors, Started started) throws IOException, InterruptedException {
        Process process = start(output, errors);
        try {
            started.as(process.toHandle());
            Duration pause = SHORTEST_PAUSE;
            while (!process.waitFor(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                boolean muchOutput = shorten(output);
                boolean manyErrors = shorten(errors);
                pause = muchOutput || manyErrors
                        ? SHORTEST_PAUSE
                        : Collections.min(List.of(pause.multipliedBy(2), LONGEST_PAUSE));
            }
        } catch (IOException | InterruptedException e) {
            end(process);
            throw e;
        }
        int status = process.exitValue();
        String last = last(output);
        if (status == 0) {
            return last;
        }
        String printed = output.equals(errors) ? last : (last + "\n" + last(errors)).strip();
        String failure = "%s ended with status %d: %s".formatted(words.get(0), status, printed);
        throw status > SIGNAL && status <= SIGNAL + LAST_SIGNAL
                ? new IOException(failure)
                : new CommandFailedException(failure);
    }

    private Process start(Path output, Path errors) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        // To append is what lets others shorten the files meanwhile, and two streams be one file.
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        input.ifPresent(file -> builder.redirectInput(file.toFile()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new CommandFailedException(e);
        }
        // Nothing to read, unless it reads a file.
        process.getOutputStream().close();
        return process;
    }

    private static void end(Process process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        Uninterrupted.await(process::waitFor, PATIENCE);
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** Whether that was due. */
    private static boolean shorten(Path output) throws IOException {
        try (FileChannel channel = FileChannel.open(output, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            boolean isDue = channel.size() > MOST_OUTPUT;
            if (isDue) {
                ByteBuffer last = last(channel);
                channel.truncate(0).write(last, 0);
            }
            return isDue;
        }
    }

    private static String last(Path output) throws IOException {
        try (FileChannel channel = FileChannel.open(output)) {
            List<String> lines =
                    UTF_8.decode(last(channel)).toString().strip().lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        }
    }

    private static ByteBuffer last(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SHOWN_BYTES);
        channel.position(Math.max(0, channel.size() - SHOWN_BYTES));
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // Once is enough for most files.
        }
        return bytes.flip();
    }
}
