package io.overair.tree;

import static io.overair.tree.TestFiles.OPTIONS;
import static io.overair.tree.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A scan gives the same tree whatever the executor does with its tasks. */
@Timeout(60)
class ScanExecutorTest {
    @TempDir
    Path folder;

    private Map<DevicePath, FileEntry> expected = Map.of();

    @BeforeEach
    void aHundredFiles() throws IOException {
        for (int i = 0; i < 100; i++) {
            write(folder, i % 7 + "/" + i, "content " + i);
        }
        expected = FileTree.scan(folder).files();
    }

    @Test
    void executorsThreadsTakePart() throws Exception {
        Set<Thread> readers = ConcurrentHashMap.newKeySet();
        CountDownLatch two = new CountDownLatch(2);
        ExecutorService executor = Executors.newSingleThreadExecutor();

        try {
            // Each thread waits in its first file for the other, so this ends only if both take part.
            FileTree tree = FileTree.scan(folder, OPTIONS.executor(executor).listener((path, bytes) -> {
                if (readers.add(Thread.currentThread())) {
                    two.countDown();
                    await(two);
                }
            }));

            assertThat(tree.files()).isEqualTo(expected);
            assertThat(TestFiles.paths(tree)).isSorted();
            assertThat(readers).hasSize(2).contains(Thread.currentThread());
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void executorThatNeverRunsItsTasksDoesNotMatter() throws IOException {
        assertThat(scanWith(task -> {})).isEqualTo(expected);
    }

    @Test
    void executorThatRejectsDoesNotMatter() throws IOException {
        assertThat(scanWith(task -> {
                    throw new RejectedExecutionException("full");
                }))
                .isEqualTo(expected);
    }

    @Test
    void tasksRunAfterTheScanDoNothing() throws IOException {
        Deque<Runnable> tasks = new ArrayDeque<>();
        TestFiles.Reads reads = new TestFiles.Reads();

        FileTree.scan(folder, OPTIONS.executor(tasks::add).listener(reads));
        assertThat(tasks).isNotEmpty();
        tasks.forEach(Runnable::run);

        assertThat(reads.counts().values()).containsOnly(1);
    }

    @Test
    void tasksRunLateAndInReverseGiveTheSame() throws IOException {
        List<Runnable> tasks = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        ScanOptions options = OPTIONS.executor(tasks::add).listener((path, bytes) -> {
            if (calls.incrementAndGet() == 50) {
                Collections.reverse(tasks);
                tasks.forEach(Runnable::run);
            }
        });

        assertThat(FileTree.scan(folder, options).files()).isEqualTo(expected);
    }

    @Test
    void scansOnEveryThreadOfTheirOwnExecutorDoNotWaitForEachOther() throws Exception {
        int threads = 3;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        CountDownLatch allBusy = new CountDownLatch(threads);

        try {
            List<Future<FileTree>> scans = IntStream.range(0, threads)
                    .mapToObj(i -> executor.submit(() -> {
                        allBusy.countDown();
                        await(allBusy);
                        return FileTree.scan(folder, OPTIONS.executor(executor));
                    }))
                    .toList();

            for (Future<FileTree> scan : scans) {
                assertThat(scan.get().files()).isEqualTo(expected);
            }
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void failureOnAnExecutorsThreadFailsTheScanWithItsCauseAndNothingGoesOn() throws Exception {
        IOException broken = new FileSystemException("the disk says no");
        Thread caller = Thread.currentThread();
        CountDownLatch failing = new CountDownLatch(1);
        AtomicInteger atWork = new AtomicInteger();
        ContentHasher.Source source = file -> {
            atWork.incrementAndGet();
            try {
                if (Thread.currentThread() == caller) {
                    await(failing);
                } else {
                    failing.countDown();
                    throw broken;
                }
                return ContentHasher.FILES.open(file);
            } finally {
                atWork.decrementAndGet();
            }
        };
        ExecutorService executor = Executors.newFixedThreadPool(2);

        try {
            assertThatThrownBy(() -> new TreeScan(folder, OPTIONS.executor(executor), source).run())
                    .isSameAs(broken);

            assertThat(atWork).hasValue(0);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void listenersFailureEndsTheScan() {
        RuntimeException refusal = new IllegalStateException("enough");

        assertThatThrownBy(() -> FileTree.scan(folder, OPTIONS.listener((path, bytes) -> {
                    throw refusal;
                })))
                .isSameAs(refusal);
    }

    @Test
    void brokenExecutorEndsTheScan() {
        RuntimeException refusal = new IllegalStateException("not started");

        assertThatThrownBy(() -> scanWith(task -> {
                    throw refusal;
                }))
                .isSameAs(refusal);
    }

    @Test
    void interruptBeforeTheScanEndsItAndStays() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> FileTree.scan(folder)).isInstanceOf(InterruptedIOException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void interruptWhileFilesAreReadEndsTheScanAndStays() {
        AtomicInteger calls = new AtomicInteger();

        assertThatThrownBy(() -> FileTree.scan(folder, OPTIONS.listener((path, bytes) -> {
                    calls.incrementAndGet();
                    Thread.currentThread().interrupt();
                })))
                .isInstanceOf(InterruptedIOException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls).hasValue(1);
    }

    @Test
    void interruptWhileHelpersAreAwaitedEndsTheScanOnceTheyHaveStopped() throws Exception {
        Thread caller = Thread.currentThread();
        CountDownLatch helperAtWork = new CountDownLatch(1);
        CountDownLatch callerDone = new CountDownLatch(99);
        AtomicInteger atWork = new AtomicInteger();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        ScanListener listener = (path, bytes) -> {
            if (Thread.currentThread() == caller) {
                await(helperAtWork);
                callerDone.countDown();
            } else {
                // One file takes until the caller has read all others and waits for this one.
                atWork.incrementAndGet();
                helperAtWork.countDown();
                await(callerDone);
                while (caller.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                caller.interrupt();
                atWork.decrementAndGet();
            }
        };

        try {
            assertThatThrownBy(() ->
                            FileTree.scan(folder, OPTIONS.executor(executor).listener(listener)))
                    .isInstanceOf(InterruptedIOException.class);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(atWork).hasValue(0);
        } finally {
            executor.shutdown();
        }
    }

    private Map<DevicePath, FileEntry> scanWith(Executor executor) throws IOException {
        return FileTree.scan(folder, OPTIONS.executor(executor)).files();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
