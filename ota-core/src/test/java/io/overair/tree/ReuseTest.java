package io.overair.tree;

import static io.overair.tree.TestFiles.LONG_AFTER;
import static io.overair.tree.TestFiles.OPTIONS;
import static io.overair.tree.TestFiles.files;
import static io.overair.tree.TestFiles.link;
import static io.overair.tree.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scan takes over from an earlier one, and what it reads again. */
class ReuseTest {
    private static final DevicePath A = new DevicePath("a");

    @TempDir
    Path folder;

    private final TestFiles.Reads reads = new TestFiles.Reads();
    private final ScanOptions counting = OPTIONS.listener(reads);

    @BeforeEach
    void twoFiles() throws IOException {
        write(folder, "a", "one");
        write(folder, "lib/b", "two");
    }

    @Test
    void tenThousandFilesScannedTwiceAreReadOnceEach(@TempDir Path large) throws IOException {
        for (int i = 0; i < 10_000; i++) {
            write(large, i % 100 + "/" + i, "" + i);
        }

        FileTree first = FileTree.scan(large, counting.executor(ForkJoinPool.commonPool()));
        FileTree second = FileTree.scan(
                large, counting.executor(ForkJoinPool.commonPool()).reusing(first));

        assertThat(second).isSameAs(first);
        assertThat(reads.counts()).hasSize(10_000);
        assertThat(reads.counts().values()).containsOnly(1);
    }

    @Test
    void onlyWhatChangedIsReadAgain() throws IOException {
        FileTree first = FileTree.scan(folder, OPTIONS);
        write(folder, "a", "changed");
        write(folder, "c", "new");

        FileTree second = FileTree.scan(folder, counting.reusing(first));

        assertThat(second.files()).isEqualTo(files("a", "changed", "c", "new", "lib/b", "two"));
        assertThat(reads.counts()).isEqualTo(Map.of("a", 1, "c", 1));
    }

    @Test
    void removedFilesAreGoneAndNothingIsReadForThat() throws IOException {
        FileTree first = FileTree.scan(folder, OPTIONS);
        Files.delete(folder.resolve("a"));

        FileTree second = FileTree.scan(folder, counting.reusing(first));

        assertThat(second.files()).isEqualTo(files("lib/b", "two"));
        assertThat(reads.counts()).isEmpty();
    }

    @Test
    void sameSizeEditWithItsTimePutBackIsNoticed() throws IOException {
        FileTime time = Files.getLastModifiedTime(folder.resolve("a"));
        FileTree first = FileTree.scan(folder, OPTIONS);
        Path edited = Files.writeString(folder.resolve("other"), "ONE");
        Files.move(edited, folder.resolve("a"), StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(folder.resolve("a"), time);

        FileTree second = FileTree.scan(folder, OPTIONS.reusing(first));

        assertThat(second.files()).isEqualTo(files("a", "ONE", "lib/b", "two"));
    }

    @Test
    void youngFilesAreReadAgainUntilTheyAreOldEnough() throws IOException {
        ScanOptions early = counting.clock(InstantSource.fixed(newestTime()));
        FileTree first = FileTree.scan(folder, early);

        FileTree second = FileTree.scan(folder, early.reusing(first));
        FileTree third = FileTree.scan(folder, counting.reusing(second));
        FileTree fourth = FileTree.scan(folder, counting.reusing(third));

        assertThat(second).isSameAs(first);
        assertThat(third).isSameAs(first);
        assertThat(fourth).isSameAs(first);
        assertThat(reads.counts()).isEqualTo(Map.of("a", 3, "lib/b", 3));
    }

    @Test
    void filesFromTheFutureAreNeverTrusted() throws IOException {
        Files.setLastModifiedTime(
                folder.resolve("a"), FileTime.from(LONG_AFTER.instant().plus(Duration.ofDays(1))));

        FileTree first = FileTree.scan(folder, counting);
        FileTree second = FileTree.scan(folder, counting.reusing(first));

        assertThat(second).isSameAs(first);
        assertThat(reads.counts()).isEqualTo(Map.of("a", 2, "lib/b", 1));
    }

    @Test
    void touchedFileIsReadAndTheTreeStaysTheSameButKnowsTheNewFingerprint() throws IOException {
        FileTree first = FileTree.scan(folder, OPTIONS);
        Files.setLastModifiedTime(folder.resolve("a"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

        FileTree second = FileTree.scan(folder, counting.reusing(first));
        FileTree third = FileTree.scan(folder, counting.reusing(second));

        assertThat(second).isSameAs(first);
        assertThat(third).isSameAs(first);
        assertThat(reads.counts()).isEqualTo(Map.of("a", 1));
        assertThat(first.fingerprint(A)).contains(FileFingerprint.of(folder.resolve("a")));
    }

    @Test
    void otherDigestsNeedAnotherReading() throws IOException {
        FileTree first = FileTree.scan(folder, OPTIONS);

        FileTree second =
                FileTree.scan(folder, counting.digests(Digest.Algorithm.SHA1).reusing(first));

        assertThat(reads.counts()).isEqualTo(Map.of("a", 1, "lib/b", 1));
        assertThat(second.files().get(A).digest(Digest.Algorithm.SHA256)).isEmpty();
    }

    @Test
    void linkTurnedToAnotherFileIsReadAgain() throws IOException {
        link(folder.resolve("link"), Path.of("a"));
        FileTree first = FileTree.scan(folder, OPTIONS);
        Files.delete(folder.resolve("link"));
        link(folder.resolve("link"), Path.of("lib/b"));

        FileTree second = FileTree.scan(folder, counting.reusing(first));

        assertThat(second.files()).isEqualTo(files("a", "one", "lib/b", "two", "link", "two"));
        assertThat(reads.counts()).isEqualTo(Map.of("link", 1));
    }

    @Test
    void newOmissionMakesAnotherTree() throws IOException {
        FileTree first = FileTree.scan(folder, OPTIONS);
        link(folder.resolve("broken"), Path.of("nowhere"));

        FileTree second = FileTree.scan(folder, counting.reusing(first));

        assertThat(second).isNotSameAs(first);
        assertThat(second.files()).isEqualTo(first.files());
        assertThat(second.omissions()).hasSize(1);
        assertThat(reads.counts()).isEmpty();
    }

    @Test
    void treeThatCannotVouchForItsFilesIsNotTakenForAnEmptyOne(@TempDir Path empty) throws IOException {
        FileTree onNoDisk = FileTree.of(files("a", "one"));

        assertThat(FileTree.scan(empty, OPTIONS.reusing(onNoDisk)).files()).isEmpty();
    }

    @Test
    void treeFromNoDiskIsReturnedIfTheDiskHasTheSameFiles() throws IOException {
        FileTree expected = FileTree.of(files("a", "one", "lib/b", "two"));

        assertThat(FileTree.scan(folder, counting.reusing(expected))).isSameAs(expected);
        assertThat(reads.counts()).isEqualTo(Map.of("a", 1, "lib/b", 1));
    }

    @Test
    void whatAFailedScanHadHashedIsNotReadAgain() throws IOException {
        ScanOptions resuming = counting.resuming(new UnfinishedScan());
        Set<DevicePath> read = new HashSet<>();

        assertThatThrownBy(() -> FileTree.scan(folder, resuming.listener((path, bytes) -> {
                    reads.hashed(path, bytes);
                    read.add(path);
                    if (read.size() == 2) {
                        append(path);
                    }
                })))
                .isInstanceOf(TreeChangedException.class);
        FileTree tree = FileTree.scan(folder, resuming);
        FileTree afterSuccess = FileTree.scan(folder, resuming);

        assertThat(afterSuccess.files())
                .isEqualTo(tree.files())
                .isEqualTo(FileTree.scan(folder, OPTIONS).files());
        assertThat(reads.counts().values())
                .as("the one that changed: 3, 1, 1; the other: 1, 0, 1")
                .containsExactlyInAnyOrder(5, 2);
    }

    @Test
    void whatAFailedScanHadHashedIsReadAgainIfItChangedSince() throws IOException {
        ScanOptions resuming = OPTIONS.resuming(new UnfinishedScan());
        assertThatThrownBy(() -> FileTree.scan(folder, resuming.listener((path, bytes) -> append(path))))
                .isInstanceOf(TreeChangedException.class);
        write(folder, "a", "changed");
        write(folder, "lib/b", "too");

        assertThat(FileTree.scan(folder, resuming).files()).isEqualTo(files("a", "changed", "lib/b", "too"));
    }

    private void append(DevicePath path) {
        try {
            Files.writeString(folder.resolve(path.value()), "+", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Instant newestTime() throws IOException {
        return FileFingerprint.of(folder.resolve("lib/b")).changed().toInstant();
    }
}
