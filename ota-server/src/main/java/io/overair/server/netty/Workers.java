package io.overair.server.netty;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for whatever may have to wait for a disk. Requests queue up to a limit; work on an answer that has begun
 * always gets its turn, there is at most one piece of it for each connection.
 */
final class Workers implements Executor {
    static final int THREADS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    private static final Duration THREAD_IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads;
    private final AtomicInteger waiting = new AtomicInteger();
    private final int mostWaiting;

    Workers(int mostWaiting) {
        this.mostWaiting = mostWaiting;
        // Daemons: the event loops keep a program alive for as long as it serves, these have no reason of their own to.
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                THREAD_IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("ota-worker", true));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Whether there was room for {@code request}; if so, a thread will run it. */
    boolean offer(Runnable request) {
        if (waiting.incrementAndGet() > mostWaiting) {
            waiting.decrementAndGet();
            return false;
        }
        threads.execute(() -> {
            waiting.decrementAndGet();
            request.run();
        });
        return true;
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Takes no more work, and interrupts what is not done within {@code limit}. */
    void close(Duration limit) {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
