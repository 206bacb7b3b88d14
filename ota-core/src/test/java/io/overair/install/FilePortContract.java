package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link FilePort} does: that of this machine, and the model that crash tests put in its place. */
abstract class FilePortContract {
    private FilePort port;
    private Path root;

    /** A port whose stores have links, modes and owners. */
    abstract FilePort port();

    /** An empty folder to work in. */
    abstract Path root();

    /** Shows what is at {@code what} at {@code place} too, until it is closed; skips the test where that cannot be. */
    abstract Closeable bind(Path what, Path place) throws IOException;

    @BeforeEach
    void open() {
        port = port();
        root = root();
    }

    @AfterEach
    void interruptOfOneTestReachesNoOther() {
        Thread.interrupted();
    }

    private Path file(String name, String content) throws IOException {
        Path file = root.resolve(name);
        try (FilePort.Output out = port.create(file)) {
            write(out, content);
        }
        return file;
    }

    private Path folder(String name) throws IOException {
        Path folder = root.resolve(name);
        port.makeFolder(folder);
        return folder;
    }

    private Path link(String name, String target) throws IOException {
        Path link = root.resolve(name);
        port.symlink(link, target);
        return link;
    }

    private static void write(FilePort.Output out, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }

    private String text(Path file) throws IOException {
        try (InputStream in = port.read(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private FileStatus.Kind kind(Path path) throws IOException {
        return port.status(path).kind();
    }

    // status

    @Test
    void nothingIsWhereNothingIsOrWhereAParentIsMissingOrNoFolder() throws IOException {
        Path file = file("file", "");

        assertThat(port.status(root.resolve("other"))).isEqualTo(FileStatus.ABSENT);
        assertThat(port.status(root.resolve("other/below"))).isEqualTo(FileStatus.ABSENT);
        assertThat(port.status(file.resolve("below"))).isEqualTo(FileStatus.ABSENT);
        assertThat(port.status(file.resolve("far/below"))).isEqualTo(FileStatus.ABSENT);
    }

    @Test
    void newFileIsForItsOwnerOnlyAndHasWhatWasWritten() throws IOException {
        Path file = file("file", "content");

        FileStatus status = port.status(file);

        assertThat(status.isFile()).isTrue();
        assertThat(status.size()).isEqualTo(7);
        assertThat(status.attributes().mode()).isEqualTo(0600);
        assertThat(status.attributes().owner()).matches("\\d+:\\d+");
        assertThat(text(file)).isEqualTo("content");
    }

    @Test
    void newFolderIsForItsOwnerOnlyAndHasNoSize() throws IOException {
        FileStatus status = port.status(folder("folder"));

        assertThat(status.isFolder()).isTrue();
        assertThat(status.size()).isZero();
        assertThat(status.attributes().mode()).isEqualTo(0700);
    }

    @Test
    void linkIsSeenAndNotWhatItPointsTo() throws IOException {
        file("file", "content");
        Path link = link("link", "file");
        Path dangling = link("dangling", "nowhere");

        assertThat(port.status(link).isLink()).isTrue();
        assertThat(port.status(link).target()).isEqualTo("file");
        assertThat(port.status(link).size()).isZero();
        assertThat(port.status(dangling).target()).isEqualTo("nowhere");
    }

    @Test
    void linkAboveTheLastNameIsFollowed() throws IOException {
        folder("folder");
        file("folder/file", "content");
        Path link = link("link", "folder");

        assertThat(text(link.resolve("file"))).isEqualTo("content");
        file("link/another", "");
        assertThat(port.list(root.resolve("folder"))).containsExactly("another", "file");
    }

    @Test
    void whatIsInOneStoreSaysSo() throws IOException {
        Path file = file("file", "");

        assertThat(port.status(file).store())
                .isEqualTo(port.status(folder("folder")).store());
    }

    // mounts

    @Test
    void whatIsMountedIsToldByItsPlaceAndNotByItsStore() throws IOException {
        Path data = folder("data");
        Path place = folder("place");

        try (Closeable mount = bind(data, place)) {
            assertThat(mount).isNotNull();
            assertThat(port.mounts()).contains(place).doesNotContain(data, root.resolve("other"));
            assertThat(port.status(place).store()).isEqualTo(port.status(root).store());
            assertThat(port.status(place).identity())
                    .isEqualTo(port.status(data).identity())
                    .isNotEqualTo(port.status(root).identity());
        }

        assertThat(port.mounts()).doesNotContain(place);
        assertThat(port.status(place).identity()).isNotEqualTo(port.status(data).identity());
    }

    @Test
    void noNameGoesInOrOutOfWhatIsMounted() throws IOException {
        Path file = file("file", "content");
        folder("data");
        file("data/inside", "inside");
        Path place = folder("place");

        try (Closeable mount = bind(root.resolve("data"), place)) {
            assertThat(mount).isNotNull();
            assertThatExceptionOfType(AtomicMoveNotSupportedException.class)
                    .isThrownBy(() -> port.move(file, place.resolve("file")));
            assertThatExceptionOfType(AtomicMoveNotSupportedException.class)
                    .isThrownBy(() -> port.move(place.resolve("inside"), file));
            assertThatExceptionOfType(FileSystemException.class)
                    .isThrownBy(() -> port.link(file, place.resolve("file")));
            port.move(place.resolve("inside"), place.resolve("renamed"));
        }

        assertThat(port.list(root.resolve("data"))).containsExactly("renamed");
        assertThat(text(file)).isEqualTo("content");
    }

    @Test
    void placeWhereSomethingIsMountedIsNeitherReplacedNorRemoved() throws IOException {
        Path file = file("file", "file");
        Path place = file("place", "place");
        Path folder = folder("folder");

        try (Closeable one = bind(file, place);
                Closeable another = bind(folder, folder)) {
            assertThat(one).isNotSameAs(another);
            assertThat(port.mounts()).contains(place, folder);
            assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.move(file("new", ""), place));
            assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.unlink(place));
            assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.removeFolder(folder));
            assertThat(text(place)).isEqualTo("file");
        }

        assertThat(text(place)).isEqualTo("place");
    }

    @Test
    void storeWithLinksAndModesHasNoRenamesThatAreNotAtomic() throws IOException {
        assertThat(port.weaknesses(root)).doesNotContain(StoreWarning.Weakness.RENAMES_ARE_NOT_ATOMIC);
    }

    // list and read

    @Test
    void namesAreListedInOrder() throws IOException {
        file("b", "");
        folder("c");
        link("a", "nowhere");

        assertThat(port.list(root)).containsExactly("a", "b", "c");
    }

    @Test
    void onlyAFolderCanBeListed() throws IOException {
        folder("folder");
        Path file = file("file", "");
        Path link = link("link", "folder");

        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> port.list(root.resolve("other")));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.list(file));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.list(link));
    }

    @Test
    void onlyAFileCanBeRead() throws IOException {
        file("file", "content");
        Path link = link("link", "file");

        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> text(root.resolve("other")));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> text(link));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> text(folder("folder")));
    }

    // create and append

    @Test
    void creatingReplacesNothing() throws IOException {
        Path file = file("file", "content");
        Path link = link("link", "nowhere");

        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> port.create(file));
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> port.create(link));
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> port.create(folder("folder")));
        assertThat(text(file)).isEqualTo("content");
        assertThat(port.status(root.resolve("nowhere")).isAbsent()).isTrue();
    }

    @Test
    void nothingIsMadeWhereNoFolderIs() throws IOException {
        Path file = file("file", "");

        for (Path nowhere : new Path[] {root.resolve("other/new"), file.resolve("new")}) {
            assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.create(nowhere));
            assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.makeFolder(nowhere));
            assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.symlink(nowhere, "x"));
            assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.link(file, nowhere));
            assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.move(file, nowhere));
        }
    }

    @Test
    void appendingGoesOnAfterTheLastByte() throws IOException {
        Path file = file("file", "one");

        try (FilePort.Output out = port.append(file)) {
            write(out, " two");
            write(out, " three");
            out.force();
        }

        assertThat(text(file)).isEqualTo("one two three");
    }

    @Test
    void appendingMakesNoFileAndFollowsNoLink() throws IOException {
        file("file", "content");
        Path link = link("link", "file");
        Path other = root.resolve("other");

        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> port.append(other));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.append(link));
        assertThat(port.status(other).isAbsent()).isTrue();
    }

    @Test
    void fileThatLostItsNameIsWrittenOn() throws IOException {
        Path file = root.resolve("file");

        try (FilePort.Output out = port.create(file)) {
            port.unlink(file);
            write(out, "content");
            out.force();
        }

        assertThat(port.status(file).isAbsent()).isTrue();
    }

    @Test
    void fileThatGotAnotherNameIsWrittenOn() throws IOException {
        Path renamed = root.resolve("renamed");

        try (FilePort.Output out = port.create(root.resolve("file"))) {
            port.move(root.resolve("file"), renamed);
            write(out, "content");
        }

        assertThat(text(renamed)).isEqualTo("content");
    }

    @Test
    void closingTwiceDoesNothingAndNothingIsWrittenAfterwards() throws IOException {
        FilePort.Output out = port.create(root.resolve("file"));

        out.close();
        out.close();

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> write(out, "content"));
        assertThat(port.status(root.resolve("file")).size()).isZero();
    }

    @Test
    void interruptStopsNothingAndIsNotLost() throws IOException {
        Path folder = folder("folder");

        Thread.currentThread().interrupt();
        Path file = file("folder/file", "one");
        try (FilePort.Output out = port.append(file)) {
            write(out, " two");
            out.force();
        }
        port.forceFolder(folder);
        String text = text(file);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(text).isEqualTo("one two");
    }

    // forceFolder

    @Test
    void onlyAFolderCanBeForced() throws IOException {
        Path file = file("file", "");

        port.forceFolder(root);
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> port.forceFolder(root.resolve("other")));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.forceFolder(file));
    }

    // move

    @Test
    void moveTakesThePlaceOfAFileOrLink() throws IOException {
        Path first = file("first", "first");
        Path second = file("second", "second");
        Path third = link("third", "nowhere");

        port.move(first, second);
        port.move(second, third);

        assertThat(port.list(root)).containsExactly("third");
        assertThat(kind(third)).isEqualTo(FileStatus.Kind.FILE);
        assertThat(text(third)).isEqualTo("first");
    }

    @Test
    void moveBetweenFoldersTakesTheFileAsItIs() throws IOException {
        folder("folder");
        Path file = file("file", "content");
        port.setAttributes(file, new Attributes(0640, Attributes.NO_OWNER));
        Path moved = root.resolve("folder/moved");

        port.move(file, moved);

        assertThat(port.status(file).isAbsent()).isTrue();
        assertThat(text(moved)).isEqualTo("content");
        assertThat(port.status(moved).attributes().mode()).isEqualTo(0640);
    }

    @Test
    void moveOfALinkMovesTheLink() throws IOException {
        folder("folder");
        Path link = link("link", "folder");
        Path moved = root.resolve("moved");

        port.move(link, moved);

        assertThat(port.status(moved).target()).isEqualTo("folder");
        assertThat(port.status(link).isAbsent()).isTrue();
    }

    @Test
    void moveExchangesNoFileForAFolderNorAFolderForAFile() throws IOException {
        Path file = file("file", "");
        Path folder = folder("folder");

        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.move(file, folder));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.move(folder, file));
        assertThat(kind(file)).isEqualTo(FileStatus.Kind.FILE);
        assertThat(kind(folder)).isEqualTo(FileStatus.Kind.FOLDER);
    }

    @Test
    void moveOfAFolderReplacesNoneThatHoldsSomething() throws IOException {
        Path first = folder("first");
        Path second = folder("second");
        file("second/file", "");

        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.move(first, second));
        port.move(second, first);

        assertThat(port.list(root)).containsExactly("first");
        assertThat(port.list(first)).containsExactly("file");
    }

    @Test
    void moveOfNothingIsAnError() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> port.move(root.resolve("other"), root.resolve("new")));
    }

    @Test
    void moveOfOneNameOverAnotherOfTheSameFileLeavesBoth() throws IOException {
        Path file = file("file", "content");
        Path other = root.resolve("other");
        port.link(file, other);

        port.move(file, other);

        assertThat(port.list(root)).containsExactly("file", "other");
    }

    // link and symlink

    @Test
    void linkedFileHasTwoNamesAndOneContent() throws IOException {
        Path file = file("file", "one");
        Path other = root.resolve("other");
        port.link(file, other);

        try (FilePort.Output out = port.append(file)) {
            write(out, " two");
        }
        port.unlink(file);

        assertThat(text(other)).isEqualTo("one two");
    }

    @Test
    void linkToALinkIsTheLinkOnceMore() throws IOException {
        file("file", "");
        Path link = link("link", "file");
        Path other = root.resolve("other");

        port.link(link, other);

        assertThat(port.status(other).target()).isEqualTo("file");
    }

    @Test
    void linkReplacesNothing() throws IOException {
        Path file = file("file", "");
        Path taken = file("taken", "content");

        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> port.link(file, taken));
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> port.symlink(taken, "file"));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> port.link(root.resolve("other"), root.resolve("new")));
        assertThat(text(taken)).isEqualTo("content");
    }

    // unlink, removeFolder, makeFolder

    @Test
    void unlinkRemovesAFileOrALinkAndNotWhatItPointsTo() throws IOException {
        Path file = file("file", "content");
        Path link = link("link", "file");

        port.unlink(link);
        assertThat(text(file)).isEqualTo("content");
        port.unlink(file);

        assertThat(port.list(root)).isEmpty();
    }

    @Test
    void unlinkRemovesNoFolderAndNothingTwice() throws IOException {
        Path folder = folder("folder");

        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.unlink(folder));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> port.unlink(root.resolve("other")));
        assertThat(kind(folder)).isEqualTo(FileStatus.Kind.FOLDER);
    }

    @Test
    void onlyAnEmptyFolderIsRemoved() throws IOException {
        Path folder = folder("folder");
        Path file = file("folder/file", "");
        Path link = link("link", "folder");

        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.removeFolder(folder));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.removeFolder(file));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.removeFolder(link));
        port.unlink(file);
        port.removeFolder(folder);

        assertThat(port.list(root)).containsExactly("link");
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> port.removeFolder(folder));
    }

    @Test
    void makingAFolderReplacesNothing() throws IOException {
        Path file = file("file", "content");

        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> port.makeFolder(file));
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> port.makeFolder(root));
        assertThat(text(file)).isEqualTo("content");
    }

    // setAttributes

    @Test
    void attributesThatAreNotKnownStayAsTheyAre() throws IOException {
        Path file = file("file", "");
        Path folder = folder("folder");
        Attributes before = port.status(file).attributes();

        port.setAttributes(file, Attributes.NONE);
        assertThat(port.status(file).attributes()).isEqualTo(before);
        port.setAttributes(file, new Attributes(0640, before.owner()));
        port.setAttributes(folder, new Attributes(0755, Attributes.NO_OWNER));

        assertThat(port.status(file).attributes()).isEqualTo(new Attributes(0640, before.owner()));
        assertThat(port.status(folder).attributes().mode()).isEqualTo(0755);
    }

    @Test
    void attributesOfNothingCannotBeSet() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> port.setAttributes(root.resolve("other"), new Attributes(0644, "-")));
    }

    // usableSpace

    @Test
    void spaceIsKnownAlsoWhereNothingIsYet() throws IOException {
        assertThat(port.usableSpace(root)).isPositive();
        assertThat(port.usableSpace(root.resolve("other/below"))).isPositive();
    }

    // lock

    @Test
    void secondLockIsRefusedUntilTheFirstIsClosed() throws IOException {
        folder(".ota");
        Path file = root.resolve(".ota/lock");

        try (Closeable held = port.lock(file)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> port.lock(file))
                    .isInstanceOfSatisfying(InstallationLockedException.class, locked -> {
                        assertThat(locked.root()).isEqualTo(root);
                        assertThat(locked.holder()).isNotBlank();
                    });
        }
        port.lock(file).close();

        assertThat(kind(file)).isEqualTo(FileStatus.Kind.FILE);
        assertThat(port.status(file).size()).isZero();
    }

    @Test
    void lockClosedTwiceTakesNothingFromTheNextHolder() throws IOException {
        folder(".ota");
        Path file = root.resolve(".ota/lock");
        Closeable first = port.lock(file);
        first.close();

        try (Closeable second = port.lock(file)) {
            first.close();

            assertThat(second).isNotNull();
            assertThatExceptionOfType(InstallationLockedException.class).isThrownBy(() -> port.lock(file));
        }
    }

    @Test
    void lockIsNeitherALinkNorAFolder() throws IOException {
        folder(".ota");
        file("elsewhere", "");
        link(".ota/link", "../elsewhere");
        folder(".ota/folder");

        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.lock(root.resolve(".ota/link")));
        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.lock(root.resolve(".ota/folder")));
    }
}
