package io.overair.tree;

import static io.overair.tree.TestFiles.OPTIONS;
import static io.overair.tree.TestFiles.files;
import static io.overair.tree.TestFiles.link;
import static io.overair.tree.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trees that somebody writes to while they are scanned. */
@Timeout(60)
class ChangingTreeTest {
    @TempDir
    Path folder;

    private final TestFiles.Reads reads = new TestFiles.Reads();

    @Test
    void fileChangedWhileItIsReadIsReadAgain() throws IOException {
        write(folder, "a", "before");

        FileTree tree = scanWhile(folder, once(() -> write(folder, "a", "after")));

        assertThat(tree.files()).isEqualTo(files("a", "after"));
        assertThat(reads.counts()).containsEntry("a", 2);
    }

    @Test
    void fileReplacedByAnotherOfTheSameSizeAndTimeIsReadAgain() throws IOException {
        Path file = write(folder, "a", "before");
        Path other = write(folder, "b", "AFTER!");

        FileTree tree = scanWhile(folder, path -> {
            if (path.value().equals("a") && Files.exists(other)) {
                Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
                Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            }
        });

        assertThat(tree.files()).isEqualTo(files("a", "AFTER!"));
    }

    @Test
    void fileThatChangesAtEveryReadingEndsTheScan() throws IOException {
        Path file = write(folder, "a", "0");

        assertThatThrownBy(() -> scanWhile(folder, path -> Files.writeString(file, "+", StandardOpenOption.APPEND)))
                .isInstanceOf(TreeChangedException.class)
                .hasMessageContaining(file.toString());

        assertThat(reads.counts()).containsEntry("a", 3);
    }

    @Test
    void fileThatGrowsAsFastAsItIsReadDoesNotKeepTheScanForEver() throws IOException {
        Path file = write(folder, "a", "x".repeat(100_000));
        ContentHasher.Source growing = path -> new FilterInputStream(ContentHasher.FILES.open(path)) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                Files.writeString(file, "x".repeat(length), StandardOpenOption.APPEND);
                return super.read(buffer, offset, length);
            }
        };

        assertThatThrownBy(() -> new TreeScan(folder, OPTIONS, growing).run()).isInstanceOf(TreeChangedException.class);
    }

    @Test
    void fileThatVanishesIsNotInTheTree() throws IOException {
        write(folder, "a", "a");
        write(folder, "b", "b");

        FileTree tree = scanWhile(folder, path -> Files.deleteIfExists(folder.resolve("b")));

        assertThat(tree.files()).isEqualTo(files("a", "a"));
    }

    @Test
    void fileThatAppearsIsInTheTree() throws IOException {
        write(folder, "lib/a", "a");

        FileTree tree = scanWhile(folder, once(() -> write(folder, "lib/b", "b")));

        assertThat(tree.files()).isEqualTo(files("lib/a", "a", "lib/b", "b"));
    }

    @Test
    void fileThatTurnsIntoALinkOutIsNotReadThroughIt() throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        write(root, "a", "a");
        Path secret = write(folder, "secret", "s");
        List<Path> opened = new ArrayList<>();
        ContentHasher.Source swapping = path -> {
            Files.delete(root.resolve("a"));
            link(root.resolve("a"), secret);
            InputStream content = ContentHasher.FILES.open(path);
            opened.add(path);
            return content;
        };

        FileTree tree = new TreeScan(root, OPTIONS, swapping).run();

        assertThat(opened).isEmpty();
        assertThat(tree.files()).isEmpty();
        assertThat(tree.omissions()).extracting(Omission::reason).containsExactly(Omission.Reason.LINK_OUT);
    }

    @Test
    void rootReplacedByRenameIsTakenWhole() throws IOException {
        Path release = folder.resolve("1.0");
        Path next = folder.resolve("next");
        for (int i = 0; i < 20; i++) {
            write(release, "lib" + i + "/file", "old");
            write(next, "lib" + i + "/file", "new");
        }

        FileTree tree = scanWhile(release, once(() -> swap(release, next)));

        assertThat(tree.files()).hasSize(20);
        assertThat(tree.files().values()).containsOnly(TestFiles.entry("new"));
    }

    @Test
    void directoryReplacedByRenameAndPutBackIsNoticed() throws IOException {
        write(folder, "tree/lib/a", "old");
        write(folder, "tree/lib/b", "old");
        write(folder, "other/a", "new");
        write(folder, "other/b", "new");
        int[] calls = {0};

        // The first file is read from the one directory, the next from the other; then all is as it was.
        FileTree tree = scanWhile(folder.resolve("tree"), path -> {
            if (calls[0]++ < 2) {
                swap(folder.resolve("tree/lib"), folder.resolve("other"));
            }
        });

        assertThat(tree.files()).isEqualTo(files("lib/a", "old", "lib/b", "old"));
    }

    @Test
    void whatWasReadWhileAnotherDirectoryWasThereIsNotBelieved() throws IOException {
        ScanOptions meddledWith = whileAnotherDirectoryIsThere(() -> {});

        assertThat(FileTree.scan(folder.resolve("tree"), meddledWith).files()).isEqualTo(files("a", "old", "b", "old"));
    }

    @Test
    void whatWasReadWhileAnotherDirectoryWasThereIsNotBelievedByTheNextScanEither() throws IOException {
        ScanOptions meddledWith = whileAnotherDirectoryIsThere(() -> {
            throw new IOException("boom");
        });
        assertThatThrownBy(() -> FileTree.scan(folder.resolve("tree"), meddledWith))
                .hasRootCauseMessage("boom");

        assertThat(FileTree.scan(folder.resolve("tree"), meddledWith).files()).isEqualTo(files("a", "old", "b", "old"));
    }

    /**
     * Lets another directory take the place of {@code tree} for as long as one file is read: what is read there bears the
     * fingerprint of the file that was there before and is there again.
     */
    private ScanOptions whileAnotherDirectoryIsThere(Act afterTheSecondFile) throws IOException {
        for (String file : List.of("a", "b")) {
            write(folder, "tree/" + file, "old");
            write(folder, "other/" + file, "new");
        }
        int[] asked = {0};
        int[] read = {0};
        return OPTIONS.resuming(new UnfinishedScan())
                .clock(() -> {
                    // The time is asked for after a file was looked at and before it is read.
                    if (asked[0]++ == 0) {
                        unchecked(() -> swap(folder.resolve("tree"), folder.resolve("other")));
                    }
                    return TestFiles.LONG_AFTER.instant();
                })
                .listener((path, bytes) -> {
                    if (read[0]++ == 0) {
                        unchecked(() -> swap(folder.resolve("tree"), folder.resolve("other")));
                    } else if (read[0] == 2) {
                        unchecked(afterTheSecondFile);
                    }
                });
    }

    @Test
    void linkToTheRootTurnedMeanwhileGivesOneOfTheTwoTrees() throws IOException {
        for (String release : List.of("1.0", "2.0")) {
            write(folder, release + "/a", release);
            write(folder, release + "/lib/b", release);
        }
        Path current = folder.resolve("current");
        link(current, Path.of("1.0"));

        FileTree tree = scanWhile(current, once(() -> {
            Files.delete(current);
            link(current, Path.of("2.0"));
        }));

        assertThat(tree.files()).isEqualTo(files("a", "1.0", "lib/b", "1.0"));
    }

    @Test
    void directoryThatChangesAtEveryReadingEndsTheScan() throws IOException {
        write(folder, "lib/a", "a");
        int[] calls = {0};

        assertThatThrownBy(() -> scanWhile(folder, path -> write(folder, "lib/new" + calls[0]++, "new")))
                .isInstanceOf(TreeChangedException.class)
                .hasMessageContaining("lib");
    }

    @Test
    void rootThatVanishesIsMissing() throws IOException {
        Path root = folder.resolve("root");
        write(root, "a", "a");

        assertThatThrownBy(() -> scanWhile(root, path -> Files.move(root, folder.resolve("gone"))))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(root.toString());
    }

    private interface Act {
        void run() throws IOException;
    }

    private interface Meddler {
        void afterReading(DevicePath path) throws IOException;
    }

    private static Meddler once(Act act) {
        boolean[] done = {false};
        return path -> {
            if (!done[0]) {
                done[0] = true;
                act.run();
            }
        };
    }

    /** Lets {@code meddler} act whenever a file was read and before the scan looks whether it changed. */
    private FileTree scanWhile(Path root, Meddler meddler) throws IOException {
        return FileTree.scan(root, OPTIONS.listener((path, bytes) -> {
            reads.hashed(path, bytes);
            unchecked(() -> meddler.afterReading(path));
        }));
    }

    private static void unchecked(Act act) {
        try {
            act.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void swap(Path one, Path other) throws IOException {
        Path aside = one.resolveSibling("aside");
        Files.move(one, aside);
        Files.move(other, one);
        Files.move(aside, other);
    }
}
