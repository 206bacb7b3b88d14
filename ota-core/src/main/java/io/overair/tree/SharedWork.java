package io.overair.tree;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Numbered pieces of work, done by the calling thread and by whichever threads an executor lends. Each thread takes the
 * next piece as it gets free, so nothing ever waits for a task that has not begun: the executor may run its tasks late,
 * in any order, or never.
 */
final class SharedWork {
    /** Does pieces, one at a time; each thread has its own. */
    @FunctionalInterface
    interface Worker {
        /** Does one piece; it may stop, by any exception, once {@code abandoned}. */
        void work(int piece, BooleanSupplier abandoned) throws IOException;
    }

    private final int pieces;
    private final Supplier<Worker> workers;
    private final AtomicInteger next = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    /** How many helpers are at work, and whether new ones come too late. Guarded by this. */
    private int helping;

    private boolean over;

    private SharedWork(int pieces, Supplier<Worker> workers) {
        this.pieces = pieces;
        this.workers = workers;
    }

    /**
     * Does all pieces. Afterwards no thread works on any of them, whatever happened.
     *
     * @throws IOException what the first piece that failed threw, as it does with unchecked exceptions too; the rest of
     *     the work was not done
     */
    static void run(int pieces, Supplier<Worker> workers, Executor executor) throws IOException {
        SharedWork work = new SharedWork(pieces, workers);
        work.askForHelp(executor);
        work.takePart();
        work.awaitHelpers();
        work.throwFailure();
    }

    private void askForHelp(Executor executor) {
        int helpers = Math.min(pieces - 1, Runtime.getRuntime().availableProcessors());
        try {
            for (int i = 0; i < helpers; i++) {
                executor.execute(this::help);
            }
        } catch (RejectedExecutionException e) {
            // Its threads are busy or it is shut down: the calling thread does what nobody else does.
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void help() {
        synchronized (this) {
            if (over) {
                return;
            }
            helping++;
        }
        try {
            takePart();
        } finally {
            synchronized (this) {
                helping--;
                notifyAll();
            }
        }
    }

    /** Takes piece after piece until none is left or one has failed. */
    private void takePart() {
        try {
            Worker worker = workers.get();
            for (int piece = next.getAndIncrement();
                    piece < pieces && failure == null;
                    piece = next.getAndIncrement()) {
                worker.work(piece, () -> failure != null);
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Keeps the first failure; those after it are often only its consequences. */
    private synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
    }

    /** An interrupt ends the work early, but not the waiting: helpers must not outlive the scan. */
    private synchronized void awaitHelpers() {
        over = true;
        boolean interrupted = false;
        while (helping > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
                fail(new InterruptedIOException("interrupted while files were hashed"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        } else if (Thread.currentThread().isInterrupted()) {
            // A waiting thread that is woken and interrupted at once may be told of either.
            fail(new InterruptedIOException("interrupted while files were hashed"));
        }
    }

    private void throwFailure() throws IOException {
        Throwable thrown = failure;
        if (thrown instanceof IOException e) {
            throw e;
        } else if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        }
    }
}
