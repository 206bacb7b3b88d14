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
    private static final int SLOW_THREADS = THREADS / 2;
    private static final Duration THREAD_IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads;

    /** Work that may take long has threads of its own, so that it never takes all there are. */
    private final ThreadPoolExecutor slowThreads;

    private final AtomicInteger waiting = new AtomicInteger();
    private final int mostWaiting;

    Workers(int mostWaiting) {
        this.mostWaiting = mostWaiting;
        // Daemons: the event loops keep a program alive for as long as it serves, these have no reason of their own to.
        threads = daemons(THREADS, "ota-worker");
        slowThreads = daemons(SLOW_THREADS, "ota-slow-worker");
    }

    private static ThreadPoolExecutor daemons(int count, String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count,
                count,
                THREAD_IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(name, true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Whether there was room for {@code request}; if so, a thread will run it. */
    boolean offer(Runnable request) {
        return offer(request, threads);
    }

    /** As {@link #offer}, for a request that may take long. */
    boolean offerSlow(Runnable request) {
        return offer(request, slowThreads);
    }

    private boolean offer(Runnable request, Executor executor) {
        if (waiting.incrementAndGet() > mostWaiting) {
            waiting.decrementAndGet();
            return false;
        }
        executor.execute(() -> {
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
        slowThreads.shutdown();
        try {
            if (!threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                threads.shutdownNow();
            }
            if (!slowThreads.awaitTermination(1, TimeUnit.SECONDS)) {
                slowThreads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            slowThreads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
