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
    static final int SLOW_THREADS = THREADS / 2;
    private static final Duration THREAD_IDLE = Duration.ofSeconds(30);

    private final Lane ordinary;

    /** Work that may take long has threads and a queue of its own, so that it never takes all there are. */
    private final Lane slow;

    /** @param mostWaiting how many requests may queue up in each of the two lanes */
    Workers(int mostWaiting) {
        // Daemons: the event loops keep a program alive for as long as it serves, these have no reason of their own to.
        ordinary = new Lane(daemons(THREADS, "ota-worker"), mostWaiting);
        slow = new Lane(daemons(SLOW_THREADS, "ota-slow-worker"), mostWaiting);
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
        return ordinary.offer(request);
    }

    /** As {@link #offer}, for a request that may take long. */
    boolean offerSlow(Runnable request) {
        return slow.offer(request);
    }

    @Override
    public void execute(Runnable work) {
        ordinary.threads.execute(work);
    }

    /** Takes no more work, and interrupts what is not done within {@code limit}. */
    void close(Duration limit) {
        ordinary.threads.shutdown();
        slow.threads.shutdown();
        try {
            if (!ordinary.threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                ordinary.threads.shutdownNow();
            }
            if (!slow.threads.awaitTermination(1, TimeUnit.SECONDS)) {
                slow.threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            ordinary.threads.shutdownNow();
            slow.threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Threads, and the queue in front of them. */
    private static final class Lane {
        private final ThreadPoolExecutor threads;
        private final int mostWaiting;
        private final AtomicInteger waiting = new AtomicInteger();

        Lane(ThreadPoolExecutor threads, int mostWaiting) {
            this.threads = threads;
            this.mostWaiting = mostWaiting;
        }

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
    }
}
