package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.overair.install.CrashDisk.Lack;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CrashDiskTest {
    private static final Path ROOT = Path.of("/device");
    private static final Path FILE = ROOT.resolve("file");
    private static final Path FOLDER = ROOT.resolve("folder");

    private final CrashDisk disk = new CrashDisk().with(ROOT, Map.of());

    @Nested
    class Contract extends FilePortContract {
        @Override
        FilePort port() {
            return disk;
        }

        @Override
        Path root() {
            return ROOT;
        }

        @Override
        Closeable bind(Path what, Path place) {
            disk.bind(what, place);
            return () -> disk.unmount(place);
        }
    }

    private void write(Path file, String content) throws IOException {
        try (FilePort.Output out = disk.create(file)) {
            append(out, content);
        }
    }

    private void writeForced(Path file, String content) throws IOException {
        try (FilePort.Output out = disk.create(file)) {
            append(out, content);
            out.force();
        }
    }

    private static void append(FilePort.Output out, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }

    /** Every tree that a power cut may leave. */
    private static Set<TreeImage> afterPowerCut(CrashDisk disk) {
        return disk.powerLosses().stream()
                .map(loss -> disk.after(loss).tree(ROOT))
                .collect(Collectors.toSet());
    }

    /** The same, as the names in each. */
    private static Set<Set<String>> namesAfterPowerCut(CrashDisk disk) {
        return afterPowerCut(disk).stream()
                .map(tree -> Set.copyOf(tree.entries().keySet()))
                .collect(Collectors.toSet());
    }

    private Set<String> contentsAfterPowerCut(String name) {
        return afterPowerCut(disk).stream()
                .map(tree -> tree.entries().get(name).content().toString())
                .collect(Collectors.toSet());
    }

    // What a power cut may do

    @Test
    void nothingThatWasForcedIsLost() throws IOException {
        writeForced(FILE, "content");
        disk.forceFolder(ROOT);

        assertThat(afterPowerCut(disk)).containsExactly(disk.tree(ROOT));
    }

    @Test
    void nameThatWasNotForcedMayBeLostThoughItsFileWas() throws IOException {
        writeForced(FILE, "content");

        assertThat(namesAfterPowerCut(disk)).containsExactlyInAnyOrder(Set.of(), Set.of("file"));
    }

    @Test
    void bytesThatWereNotForcedMayBeThereOrLostOrHalfThereOrZeros() throws IOException {
        write(FILE, "1234");
        disk.forceFolder(ROOT);

        assertThat(contentsAfterPowerCut("file"))
                .containsExactlyInAnyOrder(
                        "\"1234\"", "\"\"", "\"12\"", Bytes.of("\0\0\0\0").toString());
    }

    @Test
    void bytesThatWereForcedStayWhenMoreAreWritten() throws IOException {
        try (FilePort.Output out = disk.create(FILE)) {
            append(out, "1234");
            out.force();
            append(out, "56");
        }
        disk.forceFolder(ROOT);

        assertThat(contentsAfterPowerCut("file"))
                .containsExactlyInAnyOrder(
                        "\"123456\"",
                        "\"1234\"",
                        "\"12345\"",
                        Bytes.of("1234\0\0").toString());
    }

    @Test
    void modeSetAfterTheForceMayBeLost() throws IOException {
        writeForced(FILE, "content");
        disk.forceFolder(ROOT);
        disk.setAttributes(FILE, new Attributes(0755, Attributes.NO_OWNER));

        assertThat(afterPowerCut(disk))
                .extracting(tree -> tree.entries().get("file").attributes().mode())
                .containsExactlyInAnyOrder(0600, 0755);
    }

    @Test
    void modeOfAFolderIsForcedWithTheFolderItself() throws IOException {
        disk.makeFolder(FOLDER);
        disk.setAttributes(FOLDER, new Attributes(0755, Attributes.NO_OWNER));
        disk.forceFolder(ROOT);
        assertThat(afterPowerCut(disk)).hasSize(2);

        disk.forceFolder(FOLDER);
        assertThat(afterPowerCut(disk)).containsExactly(disk.tree(ROOT));
    }

    @Test
    void whatIsInAFolderWhoseOwnNameWasNeverForcedMayVanishWithIt() throws IOException {
        disk.makeFolder(FOLDER);
        writeForced(FOLDER.resolve("file"), "content");
        disk.forceFolder(FOLDER);

        assertThat(namesAfterPowerCut(disk)).containsExactlyInAnyOrder(Set.of(), Set.of("folder", "folder/file"));
    }

    @Test
    void ofPendingNamesAnyPrefixSurvivesAndAllButAnyOneAndAnyOneAlone() throws IOException {
        for (String name : new String[] {"a", "b", "c", "d"}) {
            writeForced(ROOT.resolve(name), "");
        }

        assertThat(namesAfterPowerCut(disk))
                .containsExactlyInAnyOrder(
                        Set.of(),
                        Set.of("a"),
                        Set.of("a", "b"),
                        Set.of("a", "b", "c"),
                        Set.of("a", "b", "c", "d"),
                        Set.of("b", "c", "d"),
                        Set.of("a", "c", "d"),
                        Set.of("a", "b", "d"),
                        Set.of("b"),
                        Set.of("c"),
                        Set.of("d"));
    }

    @Test
    void renameHappenedOrDidNot() throws IOException {
        disk.with(ROOT, Map.of("file", "old", "new", "new"));
        disk.move(ROOT.resolve("new"), FILE);

        assertThat(afterPowerCut(disk))
                .extracting(TreeImage::toString)
                .containsExactlyInAnyOrder(
                        disk.tree(ROOT).toString(),
                        new CrashDisk()
                                .with(ROOT, Map.of("file", "old", "new", "new"))
                                .tree(ROOT)
                                .toString());
    }

    @Test
    void moveToAnotherFolderMayLeaveBothNamesAndNeverNone() throws IOException {
        disk.with(ROOT, Map.of("file", "content", "folder/", ""));
        disk.move(FILE, FOLDER.resolve("file"));

        assertThat(namesAfterPowerCut(disk))
                .containsExactlyInAnyOrder(
                        Set.of("file", "folder"),
                        Set.of("file", "folder", "folder/file"),
                        Set.of("folder", "folder/file"));
    }

    @Test
    void moveToAnotherFolderIsSafeWhenTheNewFolderIsForced() throws IOException {
        disk.with(ROOT, Map.of("file", "content", "folder/", ""));
        disk.move(FILE, FOLDER.resolve("file"));
        disk.forceFolder(FOLDER);

        assertThat(namesAfterPowerCut(disk))
                .containsExactlyInAnyOrder(Set.of("file", "folder", "folder/file"), Set.of("folder", "folder/file"));
    }

    @Test
    void oldNameIsNotForcedAwayBeforeTheNewOneIsThere() throws IOException {
        disk.with(ROOT, Map.of("file", "content", "folder/", ""));
        disk.move(FILE, FOLDER.resolve("file"));
        disk.forceFolder(ROOT);

        assertThat(namesAfterPowerCut(disk)).containsExactly(Set.of("folder", "folder/file"));
    }

    @Test
    void unlinkMayBeUndone() throws IOException {
        disk.with(ROOT, Map.of("file", "content"));
        disk.unlink(FILE);

        assertThat(namesAfterPowerCut(disk)).containsExactlyInAnyOrder(Set.of(), Set.of("file"));
    }

    @Test
    void everythingIsDurableAfterAPowerCut() throws IOException {
        write(FILE, "content");

        for (PowerLoss loss : disk.powerLosses()) {
            CrashDisk after = disk.after(loss);
            assertThat(afterPowerCut(after)).containsExactly(after.tree(ROOT));
        }
    }

    @Test
    void killLosesNothingAndMakesNothingSafe() throws IOException {
        write(FILE, "content");

        CrashDisk killed = disk.afterKill();

        assertThat(killed.tree(ROOT)).isEqualTo(disk.tree(ROOT));
        assertThat(afterPowerCut(killed)).isEqualTo(afterPowerCut(disk));
    }

    @Test
    void killedProgramHoldsNoLock() throws IOException {
        disk.lock(FILE);

        disk.afterKill().lock(FILE).close();

        assertThatExceptionOfType(InstallationLockedException.class).isThrownBy(() -> disk.lock(FILE));
    }

    @Test
    void copyGoesItsOwnWay() throws IOException {
        write(FILE, "content");
        CrashDisk copy = disk.copy();

        copy.unlink(FILE);
        write(ROOT.resolve("other"), "");

        assertThat(disk.tree(ROOT).entries()).containsOnlyKeys("file", "other");
        assertThat(copy.tree(ROOT).entries()).isEmpty();
    }

    // Fingerprints

    @Test
    void disksThatNobodyCanTellApartHaveOneFingerprint() throws IOException {
        CrashDisk other = new CrashDisk().with(ROOT, Map.of("gone", "x", "file", "content", "folder/other", ""));
        other.unlink(ROOT.resolve("gone"));
        other.settle();

        disk.with(ROOT, Map.of("folder/other", "")).with(ROOT, Map.of("file", "content"));

        assertThat(other.fingerprint()).isEqualTo(disk.fingerprint());
    }

    @Test
    void fingerprintTellsWhatProgramsSee() throws IOException {
        long one = new CrashDisk().with(ROOT, Map.of("file", "content")).fingerprint();
        CrashDisk mode = new CrashDisk().with(ROOT, Map.of("file", "content"));
        mode.setAttributes(FILE, new Attributes(0755, Attributes.NO_OWNER));

        assertThat(Set.of(
                        one,
                        mode.settle().fingerprint(),
                        new CrashDisk().with(ROOT, Map.of("file", "other")).fingerprint(),
                        new CrashDisk().with(ROOT, Map.of("elif", "content")).fingerprint(),
                        new CrashDisk().with(ROOT, Map.of("file", "-> content")).fingerprint(),
                        new CrashDisk().with(ROOT, Map.of("file/", "")).fingerprint()))
                .hasSize(6);
    }

    @Test
    void fingerprintTellsALinkedFileFromTwoEqualOnes() throws IOException {
        CrashDisk copied = new CrashDisk().with(ROOT, Map.of("file", "content", "other", "content"));
        disk.with(ROOT, Map.of("file", "content")).link(FILE, ROOT.resolve("other"));

        assertThat(disk.settle().tree(ROOT)).isEqualTo(copied.tree(ROOT));
        assertThat(disk.fingerprint()).isNotEqualTo(copied.fingerprint());
    }

    @Test
    void fingerprintTellsWhatIsPending() throws IOException {
        write(FILE, "content");
        long pending = disk.fingerprint();
        disk.forceFolder(ROOT);
        long nameForced = disk.fingerprint();
        disk.settle();

        assertThat(Set.of(pending, nameForced, disk.fingerprint())).hasSize(3);
    }

    // Stores

    @Test
    void nothingMovesOrLinksFromOneStoreToAnother() throws IOException {
        disk.with(ROOT, Map.of("file", "content")).mount(FOLDER);
        Path other = FOLDER.resolve("file");

        assertThat(disk.status(FOLDER).store()).isNotEqualTo(disk.status(FILE).store());
        assertThatExceptionOfType(AtomicMoveNotSupportedException.class).isThrownBy(() -> disk.move(FILE, other));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> disk.link(FILE, other));
        assertThat(disk.status(other).isAbsent()).isTrue();
    }

    @Test
    void mountPointIsNeitherRemovedNorMoved() throws IOException {
        disk.mount(FOLDER);

        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> disk.removeFolder(FOLDER));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> disk.move(FOLDER, ROOT.resolve("other")));
        assertThat(disk.status(FOLDER).isFolder()).isTrue();
    }

    @Test
    void unmountedStoreTakesItsFilesWithIt() throws IOException {
        disk.mount(FOLDER).with(FOLDER, Map.of("file", "content"));
        assertThat(disk.tree(ROOT).entries()).containsOnlyKeys("folder", "folder/file");

        disk.unmount(FOLDER);

        assertThat(disk.tree(ROOT).entries()).containsOnlyKeys("folder");
    }

    @Test
    void storeWithoutLinksRefusesThem() throws IOException {
        disk.mount(FOLDER, Lack.LINKS).with(FOLDER, Map.of("file", "content"));
        Path added = FOLDER.resolve("added");

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> disk.link(FOLDER.resolve("file"), added));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> disk.symlink(added, "file"));
    }

    @Test
    void storeWithoutModesKnowsNone() throws IOException {
        disk.mount(FOLDER, Lack.MODES).with(FOLDER, Map.of("file", "content"));
        Path file = FOLDER.resolve("file");

        disk.setAttributes(file, new Attributes(0755, "0:0"));

        assertThat(disk.status(file).attributes()).isEqualTo(Attributes.NONE);
    }

    @Test
    void fullDiskTakesNoMoreUntilSomethingIsRemoved() throws IOException {
        disk.with(ROOT, Map.of("file", "12345678")).capacity(10);
        FilePort.Output out = disk.create(ROOT.resolve("other"));

        assertThat(disk.usableSpace(ROOT)).isEqualTo(2);
        assertThatExceptionOfType(InsufficientSpaceException.class).isThrownBy(() -> append(out, "123"));
        disk.unlink(FILE);
        append(out, "123");

        assertThat(disk.usableSpace(ROOT)).isEqualTo(7);
    }
}
