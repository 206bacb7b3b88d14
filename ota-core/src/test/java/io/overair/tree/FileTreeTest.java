package io.overair.tree;

import static io.overair.tree.TestFiles.OPTIONS;
import static io.overair.tree.TestFiles.files;
import static io.overair.tree.TestFiles.link;
import static io.overair.tree.TestFiles.omissions;
import static io.overair.tree.TestFiles.paths;
import static io.overair.tree.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.tree.Omission.Reason;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileTreeTest {
    @TempDir
    Path folder;

    @Test
    void scanFindsEveryFileWithItsSizeAndDigestSortedByPath() throws IOException {
        write(folder, "main.py", "print(1)");
        write(folder, "lib/b.py", "b");
        write(folder, "lib/a.py", "");
        write(folder, "lib.py", "x");

        FileTree tree = FileTree.scan(folder);

        assertThat(tree.files())
                .isEqualTo(files("lib.py", "x", "lib/a.py", "", "lib/b.py", "b", "main.py", "print(1)"));
        assertThat(paths(tree)).containsExactly("lib.py", "lib/a.py", "lib/b.py", "main.py");
        assertThat(tree.totalBytes()).isEqualTo(10);
        assertThat(tree.omissions()).isEmpty();
    }

    @Test
    void severalDigestsAreMadeInOneReadingInTheOrderOfTheAlgorithms() throws IOException {
        write(folder, "a", "abc");
        TestFiles.Reads reads = new TestFiles.Reads();

        FileTree tree = FileTree.scan(
                folder,
                OPTIONS.digests(Digest.Algorithm.SHA256, Digest.Algorithm.SHA1).listener(reads));

        assertThat(tree.files().get(new DevicePath("a")).digests())
                .containsExactly(
                        new Digest(Digest.Algorithm.SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
                        new Digest(
                                Digest.Algorithm.SHA256,
                                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assertThat(reads.counts()).containsExactly(Map.entry("a", 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536, 65_537, 131_072, 1_000_000})
    void filesOfAnyLengthAreHashedWhole(int length) throws IOException {
        String content = "0123456789".repeat(length / 10 + 1).substring(0, length);
        write(folder, "a", content);

        assertThat(FileTree.scan(folder).files()).isEqualTo(files("a", content));
    }

    @Test
    void ignoredNamesAreFilesAtAnyDepthByExactCaseAndNeverDirectories() throws IOException {
        write(folder, ".DS_Store", "x");
        write(folder, "lib/pymakr.conf", "x");
        write(folder, "lib/notes.txt", "x");
        write(folder, "lib/pymakr.conf.py", "kept");
        write(folder, "notes.txt/inner", "kept");
        write(folder, ".hidden", "kept");

        assertThat(paths(FileTree.scan(folder, OPTIONS.ignoringFiles("notes.txt"))))
                .containsExactly(".hidden", "lib/pymakr.conf.py", "notes.txt/inner");
    }

    @ParameterizedTest
    @MethodSource
    void wouldHoldSaysWhatAScanWouldFind(ScanOptions options) throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        write(folder, "outside", "x");
        write(root, "main.py", "x");
        write(root, "lib/deep/a.py", "x");
        write(root, "lib/pymakr.conf", "x");
        link(root.resolve("lib/link"), Path.of("deep/a.py"));
        link(root.resolve("out"), Path.of("../outside"));
        link(root.resolve("folder"), Path.of("lib"));
        link(root.resolve("broken"), Path.of("nowhere"));

        Set<DevicePath> found = FileTree.scan(root, options).files().keySet();

        for (String path : List.of(
                "main.py",
                "main.py/x",
                "none",
                "lib",
                "lib/deep",
                "lib/deep/a.py",
                "lib/pymakr.conf",
                "lib/link",
                "out",
                "folder/link",
                "broken")) {
            DevicePath devicePath = new DevicePath(path);
            assertThat(FileTree.wouldHold(root, devicePath, options)).as(path).isEqualTo(found.contains(devicePath));
        }
    }

    static Stream<ScanOptions> wouldHoldSaysWhatAScanWouldFind() {
        return Stream.of(
                OPTIONS,
                OPTIONS.ignoringNoFiles(),
                OPTIONS.topLevelOnly(),
                OPTIONS.matching(path -> path.endsWith(".py")),
                OPTIONS.symbolicLinks(SymbolicLinks.NEVER),
                OPTIONS.symbolicLinks(SymbolicLinks.ANYWHERE));
    }

    @Test
    void nothingIsIgnoredIfNothingIsToBe() throws IOException {
        write(folder, ".DS_Store", "x");

        assertThat(paths(FileTree.scan(folder, OPTIONS.ignoringNoFiles()))).containsExactly(".DS_Store");
    }

    @Test
    void onlyFilesThatMatchAreTaken() throws IOException {
        write(folder, "lib/a.py", "a");
        write(folder, "lib/a.txt", "a");
        link(folder.resolve("broken.txt"), Path.of("nowhere"));

        FileTree tree =
                FileTree.scan(folder, OPTIONS.matching(path -> path.startsWith("lib/") && path.endsWith(".py")));

        assertThat(paths(tree)).containsExactly("lib/a.py");
        assertThat(tree.omissions()).isEmpty();
    }

    @Test
    void topLevelOnlyLeavesDirectoriesAlone() throws IOException {
        write(folder, "firmware_1.bin", "f");
        write(folder, "1.0/main.py", "m");

        assertThat(paths(FileTree.scan(folder, OPTIONS.topLevelOnly()))).containsExactly("firmware_1.bin");
    }

    @Test
    void linksToFilesInsideTheRootAreFollowed() throws IOException {
        write(folder, "flash/a", "content");
        link(folder.resolve("flash/link"), Path.of("a"));
        link(folder.resolve("chain"), Path.of("flash/../flash/link"));

        FileTree tree = FileTree.scan(folder);

        assertThat(tree.files()).isEqualTo(files("chain", "content", "flash/a", "content", "flash/link", "content"));
        assertThat(tree.omissions()).isEmpty();
    }

    @Test
    void linksThatLeadOutOfTheRootAreLeftOut() throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        write(folder, "secret", "s");
        write(folder, "root2/secret", "s");
        link(root.resolve("relative"), Path.of("../secret"));
        link(root.resolve("absolute"), folder.resolve("secret"));
        link(root.resolve("sameprefix"), Path.of("../root2/secret"));

        FileTree tree = FileTree.scan(root);

        assertThat(tree.files()).isEmpty();
        assertThat(omissions(tree))
                .isEqualTo(Map.of(
                        "relative", Reason.LINK_OUT, "absolute", Reason.LINK_OUT, "sameprefix", Reason.LINK_OUT));
    }

    @Test
    void linksMayLeadAsFarAsTheBoundary() throws IOException {
        Path root = Files.createDirectories(folder.resolve("releases/1"));
        write(folder, "releases/shared/a", "a");
        write(folder, "secret", "s");
        link(root.resolve("in"), Path.of("../shared/a"));
        link(root.resolve("out"), Path.of("../../secret"));

        FileTree tree = FileTree.scan(root, OPTIONS.linkBoundary(folder.resolve("releases")));

        assertThat(tree.files()).isEqualTo(files("in", "a"));
        assertThat(omissions(tree)).isEqualTo(Map.of("out", Reason.LINK_OUT));
    }

    @Test
    void linksLeadAnywhereOrNowhereByPolicy() throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        write(folder, "outside", "o");
        link(root.resolve("link"), Path.of("../outside"));

        FileTree anywhere = FileTree.scan(root, OPTIONS.symbolicLinks(SymbolicLinks.ANYWHERE));
        FileTree never = FileTree.scan(root, OPTIONS.symbolicLinks(SymbolicLinks.NEVER));

        assertThat(anywhere.files()).isEqualTo(files("link", "o"));
        assertThat(never.files()).isEmpty();
        assertThat(omissions(never)).isEqualTo(Map.of("link", Reason.LINK));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INSIDE_BOUNDARY", "ANYWHERE"})
    void linksToDirectoriesAreNeverFollowedBelowTheRoot(SymbolicLinks policy) throws IOException {
        write(folder, "other/z", "z");
        link(folder.resolve("flash/d"), Path.of("../other"));
        link(folder.resolve("up"), Path.of("."));

        FileTree tree = FileTree.scan(folder, OPTIONS.symbolicLinks(policy));

        assertThat(paths(tree)).containsExactly("other/z");
        assertThat(omissions(tree))
                .isEqualTo(Map.of("flash/d", Reason.LINK_TO_DIRECTORY, "up", Reason.LINK_TO_DIRECTORY));
    }

    @Test
    void linksThatLeadNowhereAreLeftOutEachWithItsReason() throws IOException {
        write(folder, "file", "f");
        link(folder.resolve("broken"), Path.of("nowhere/at/all"));
        link(folder.resolve("infile"), Path.of("file/inside"));
        link(folder.resolve("self"), Path.of("self"));
        link(folder.resolve("a"), Path.of("b"));
        link(folder.resolve("b"), Path.of("a"));
        link(folder.resolve("deep"), Path.of("d/x"));
        link(folder.resolve("d"), Path.of("deep"));

        FileTree tree = FileTree.scan(folder);

        assertThat(paths(tree)).containsExactly("file");
        assertThat(omissions(tree))
                .isEqualTo(Map.of(
                        "broken", Reason.BROKEN_LINK,
                        "infile", Reason.BROKEN_LINK,
                        "self", Reason.LINK_LOOP,
                        "a", Reason.LINK_LOOP,
                        "b", Reason.LINK_LOOP,
                        "deep", Reason.LINK_LOOP,
                        "d", Reason.LINK_LOOP));
        assertThat(tree.omissions()).extracting(Omission::path).isSorted();
    }

    @Test
    void rootMayBeALink() throws IOException {
        write(folder, "releases/1.0/a", "a");
        link(folder.resolve("current"), Path.of("releases/1.0"));

        assertThat(FileTree.scan(folder.resolve("current")).files()).isEqualTo(files("a", "a"));
        assertThat(FileTree.scan(folder.resolve("current"), OPTIONS.linkBoundary(folder))
                        .files())
                .isEqualTo(files("a", "a"));
    }

    @Test
    void rootThatLeadsOutOfTheBoundaryIsRefused() throws IOException {
        Path boundary = Files.createDirectory(folder.resolve("root"));
        write(folder, "elsewhere/a", "a");
        link(boundary.resolve("1.0"), Path.of("../elsewhere"));

        assertThatThrownBy(() -> FileTree.scan(boundary.resolve("1.0"), OPTIONS.linkBoundary(boundary)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("1.0")
                .hasMessageContaining("leads out of");
    }

    @Test
    void rootMustBeThereAndBeADirectory() throws IOException {
        Path file = write(folder, "file", "f");

        assertThatThrownBy(() -> FileTree.scan(folder.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> FileTree.scan(file)).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    @Timeout(60)
    void pipesAreLeftOutAndNeverOpened() throws Exception {
        write(folder, "a", "a");
        makePipe(folder.resolve("pipe"));
        link(folder.resolve("link"), Path.of("pipe"));

        FileTree tree = FileTree.scan(folder);

        assertThat(paths(tree)).containsExactly("a");
        assertThat(omissions(tree)).isEqualTo(Map.of("pipe", Reason.SPECIAL_FILE, "link", Reason.SPECIAL_FILE));
    }

    @Test
    void namesThatNoDevicePathCanHoldAreLeftOut() throws IOException {
        assumeTrue(File.separatorChar == '/', "names as POSIX systems allow them");
        write(folder, "good", "g");
        write(folder, "a\\b", "x");
        write(folder, "line\nfeed", "x");
        write(folder, ".ota/plan", "x");
        write(folder, ".ota/lock", "x");

        FileTree tree = FileTree.scan(folder);

        assertThat(paths(tree)).containsExactly("good");
        assertThat(omissions(tree))
                .isEqualTo(Map.of(
                        "a\\b", Reason.UNUSABLE_NAME,
                        "line\nfeed", Reason.UNUSABLE_NAME,
                        ".ota", Reason.UNUSABLE_NAME));
        assertThat(tree.omissions())
                .allSatisfy(omission -> assertThat(omission.toString()).doesNotContain("\n"));
        assertThat(tree.omissions().get(2)).hasToString("line\\u{A}feed: the character U+000A cannot stand in a path");
    }

    @Test
    void namesThatAreNoTextAreLeftOut() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "a file system that takes any bytes for a name");
        write(folder, "replacement\uFFFD", "a real name, odd as it is");
        run("sh", "-c", "touch \"$1/$(printf 'replacement\\377')\"", "sh", folder.toString());

        FileTree tree = FileTree.scan(folder);

        assertThat(tree.files()).isEqualTo(files("replacement\uFFFD", "a real name, odd as it is"));
        assertThat(omissions(tree)).isEqualTo(Map.of("replacement\uFFFD", Reason.UNDECODABLE_NAME));
    }

    @Test
    void deepTreesAreWalkedAsFarAsDevicePathsReach() throws IOException {
        String deep = "a_folder_of_its/".repeat(DevicePath.MAX_SEGMENTS - 1);
        String deepest = deep + "just_as_much_too";
        assertThat(deepest).hasSize(DevicePath.MAX_BYTES);
        write(folder, deepest, "deep");
        write(folder, deep + "just_as_much_more", "too long");
        write(folder, "f/".repeat(DevicePath.MAX_SEGMENTS) + "name", "too deep");

        FileTree tree = FileTree.scan(folder);

        assertThat(tree.files()).isEqualTo(files(deepest, "deep"));
        assertThat(omissions(tree))
                .isEqualTo(Map.of(
                        deep + "just_as_much_more",
                        Reason.UNUSABLE_NAME,
                        "f/".repeat(DevicePath.MAX_SEGMENTS) + "name",
                        Reason.UNUSABLE_NAME));
    }

    @Test
    void fileThatCannotBeReadFailsTheScanAndIsNamed() throws IOException {
        write(folder, "a", "a");
        Path secret = write(folder, "secret", "s");
        ContentHasher.Source refusing = file -> {
            if (file.endsWith("secret")) {
                throw new AccessDeniedException(file.toString());
            }
            return ContentHasher.FILES.open(file);
        };

        assertThatThrownBy(() -> new TreeScan(folder, OPTIONS, refusing).run())
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(secret.toString());
    }

    @Test
    void errorWhileAFileIsReadFailsTheScanAndNamesIt() throws IOException {
        Path damaged = write(folder, "damaged", "d");
        ContentHasher.Source failing = file -> new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }
        };

        assertThatThrownBy(() -> new TreeScan(folder, OPTIONS, failing).run())
                .isInstanceOf(IOException.class)
                .hasMessage(damaged + ": Input/output error");
    }

    @Test
    void directoryThatCannotBeReadFailsTheScanAndIsNamed() throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "permissions");
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        try {
            assumeFalse(Files.isReadable(locked), "the superuser reads everything");

            assertThatThrownBy(() -> FileTree.scan(folder))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining(locked.toString());
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void treeOfNothingIsEmpty() throws IOException {
        Files.createDirectories(folder.resolve("empty/also empty"));

        FileTree tree = FileTree.scan(folder);

        assertThat(tree.files()).isEmpty();
        assertThat(tree.totalBytes()).isZero();
    }

    @Test
    void treeThatLiesOnNoDiskKnowsNoFingerprints() {
        FileTree tree = FileTree.of(files("b", "2", "a", "1"));

        assertThat(paths(tree)).containsExactly("a", "b");
        assertThat(tree.fingerprint(new DevicePath("a"))).isEmpty();
        assertThat(tree.omissions()).isEmpty();
    }

    @Test
    void entriesAreValidFromBirth() {
        Digest digest = TestFiles.entry("a").digests().get(0);

        assertThatThrownBy(() -> new FileEntry(-1, List.of(digest))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FileEntry(1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FileEntry(1, List.of(digest, digest)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void makePipe(Path pipe) throws Exception {
        try {
            run("mkfifo", pipe.toString());
        } catch (IOException e) {
            assumeTrue(false, "no mkfifo here");
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
