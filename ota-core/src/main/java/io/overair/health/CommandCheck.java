package io.overair.health;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command, without a shell: the application is healthy if it ends with status 0. What it prints is dropped, but for its
 * errors: those go to the stderr of this process. Its stdout belongs to the program that asks.
 */
public final class CommandCheck implements HealthCheck {
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(10);

    private final List<String> command;
    private final Duration limit;

    private CommandCheck(List<String> command, Duration limit) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a name");
        }
        this.command = List.copyOf(command);
        this.limit = limit;
    }

    /** Runs {@code command}, which gets ten seconds. */
    public static CommandCheck running(List<String> command) {
        return new CommandCheck(command, DEFAULT_LIMIT);
    }

    /** Ends a command that takes longer than {@code duration}; that is a problem, too. */
    public CommandCheck withLimit(Duration duration) {
        return new CommandCheck(command, duration);
    }

    @Override
    public Optional<String> problem() throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // What this program reads is not for the command.
            process.getOutputStream().close();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.of("%s took longer than %s s".formatted(command.get(0), limit.toSeconds()));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return process.exitValue() == 0
                ? Optional.empty()
                : Optional.of("%s ended with status %d".formatted(command.get(0), process.exitValue()));
    }
}
