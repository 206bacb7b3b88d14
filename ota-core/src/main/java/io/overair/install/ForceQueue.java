package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
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
    private final List<FutureTask<Path>> pending = new ArrayList<>();

    ForceQueue(Disk disk, Executor executor) {
        this.disk = disk;
        this.executor = executor;
    }

    /** Forces and closes {@code output}, now or soon, which writes {@code file}. */
    void add(Path file, FilePort.Output output) throws IOException {
        pending.removeIf(ForceQueue::hasSucceeded);
        if (!open.tryAcquire()) {
            force(file, output);
            return;
        }
        FutureTask<Path> task = new FutureTask<>(() -> {
            try {
                force(file, output);
                return file;
            } finally {
                open.release();
            }
        });
        pending.add(task);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException busy) {
            task.run();
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
        for (FutureTask<Path> task : pending) {
            // Whoever comes first does it: the executor may have no thread for it but this one.
            task.run();
            try {
                result(task);
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
            }
        }
        pending.clear();
        if (failure != null) {
            throw failure;
        }
    }

    private static boolean hasSucceeded(FutureTask<Path> task) {
        try {
            if (task.isDone()) {
                result(task);
                return true;
            }
            return false;
        } catch (ExecutionException failed) {
            return false;
        }
    }

    /** An interrupt does not stop a force; it is handed on. */
    private static void result(FutureTask<Path> task) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
