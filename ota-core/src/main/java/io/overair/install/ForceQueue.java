package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Forces files to the disk and closes them, while others are being written. A file of which that fails is removed: it can
 * still be read from memory, and to force it once more would succeed without writing anything. For use by one thread.
 */
final class ForceQueue {
    /** Files that may be open at a time; a further one is forced by the calling thread. */
    private static final int MOST_OPEN = 16;

    private final Disk disk;
    private final Executor executor;
    private final Semaphore open = new Semaphore(MOST_OPEN);
    private final List<CompletableFuture<Void>> pending = new ArrayList<>();

    ForceQueue(Disk disk, Executor executor) {
        this.disk = disk;
        this.executor = executor;
    }

    /** Forces and closes {@code output}, now or soon, which writes {@code file}. */
    void add(Path file, FilePort.Output output) throws IOException {
        pending.removeIf(future -> future.isDone() && !future.isCompletedExceptionally());
        if (!open.tryAcquire()) {
            force(file, output);
            return;
        }
        Runnable task = () -> {
            try {
                force(file, output);
            } catch (IOException e) {
                throw new CompletionException(e);
            } finally {
                open.release();
            }
        };
        try {
            pending.add(CompletableFuture.runAsync(task, executor));
        } catch (RejectedExecutionException busy) {
            open.release();
            force(file, output);
        }
    }

    private void force(Path file, FilePort.Output output) throws IOException {
        try (output) {
            output.force();
        } catch (IOException e) {
            try {
                disk.removeFile(file);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** Waits until all that was added is on the disk. */
    void await() throws IOException {
        IOException failure = null;
        for (CompletableFuture<Void> future : pending) {
            try {
                future.join();
            } catch (CompletionException e) {
                failure = e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
            } catch (CancellationException e) {
                failure = new IOException("the executor did not force a file", e);
            }
        }
        pending.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
