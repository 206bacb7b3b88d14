package io.overair.install;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what others wrote, for so long and no longer. */
final class TimeLimit {
    /** How long it may take to end when it is interrupted; most that is undone next is undone after it then. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private TimeLimit() {}

    /** What is run. */
    interface Body {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Runs {@code body} on a thread of its own and waits for it. What it throws passes through unchanged. An interrupt of
     * the calling thread does not shorten it and is handed on.
     *
     * @throws IOException if it did not end in time: it was interrupted, and is left behind if that did not help
     */
    static void run(Duration limit, String name, Body body) throws IOException, InterruptedException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            body.run();
            return null;
        });
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        try {
            await(task, limit);
        } catch (TimeoutException e) {
            thread.interrupt();
            waitForEnd(task);
            throw new IOException("it did not end within %s s".formatted(limit.toMillis() / 1000.0), e);
        }
    }

    private static void waitForEnd(FutureTask<?> task) {
        try {
            await(task, GRACE);
        } catch (TimeoutException | IOException | InterruptedException | RuntimeException tooLate) {
            // It has failed, whatever it says now.
        }
    }

    private static void await(FutureTask<?> task, Duration limit)
            throws IOException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            rethrow(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Errors, too: who waits is to see the end that the body came to. */
    private static void rethrow(Throwable thrown) throws IOException, InterruptedException {
        if (thrown instanceof IOException e) {
            throw e;
        }
        if (thrown instanceof InterruptedException e) {
            throw e;
        }
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
        throw new IOException(thrown);
    }
}
