package io.overair.examples.cli;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Prints lines on a thread of its own, so that output nobody reads cannot hold up whoever has something to say. So many
 * lines wait for their turn; any more are dropped, and their number is told in their place. Safe for use by many threads.
 */
final class LogPrinter implements AutoCloseable {
    private final AtomicLong dropped = new AtomicLong();
    private final LongConsumer tellDropped;
    private final Duration patience;
    private final ThreadPoolExecutor printing;

    /**
     * @param tellDropped prints how many lines were dropped; called on the printing thread
     * @param patience how long {@link #close} lets waiting lines be printed
     */
    LogPrinter(int capacity, Duration patience, LongConsumer tellDropped) {
        this.tellDropped = tellDropped;
        this.patience = patience;
        this.printing =
                new ThreadPoolExecutor(
                        1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(capacity), LogPrinter::daemon) {
                    @Override
                    protected void terminated() {
                        tell(dropped.getAndSet(0));
                    }
                };
    }

    /** Has {@code line} print itself soon, or drops it. Returns at once. */
    void print(Runnable line) {
        long droppedBefore = dropped.getAndSet(0);
        try {
            printing.execute(() -> {
                tell(droppedBefore);
                line.run();
            });
        } catch (RejectedExecutionException e) {
            dropped.addAndGet(droppedBefore + 1);
        }
    }

    /** Takes no more lines and prints those that wait, unless that takes too long. */
    @Override
    public void close() {
        printing.shutdown();
        try {
            printing.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(long lines) {
        if (lines > 0) {
            tellDropped.accept(lines);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "ota-log");
        thread.setDaemon(true);
        return thread;
    }
}
