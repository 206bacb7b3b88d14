package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.install.Operation.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The ports around a port: the one that fails, the one that ends the program, the one with a mistake. */
class PortsTest {
    private static final Path ROOT = Path.of("/device");
    private static final Path A = ROOT.resolve("a");
    private static final Path B = ROOT.resolve("b");
    private static final Path C = ROOT.resolve("c");

    private final CrashDisk disk = new CrashDisk().with(ROOT, Map.of());

    @Test
    void faultStrikesOnceAtItsPlaceAndWhatFailsDoesNothing() throws IOException {
        FaultyPort port = FaultyPort.once(disk, Fault.EIO, 2, Operation::changes);

        port.makeFolder(A);
        assertThat(port.hasStruck()).isFalse();
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> port.makeFolder(B))
                .withMessage("/device/b: Input/output error");
        port.makeFolder(C);

        assertThat(port.hasStruck()).isTrue();
        assertThat(disk.list(ROOT)).containsExactly("a", "c");
    }

    @Test
    void lastingFaultStaysUntilItIsLifted() throws IOException {
        FaultyPort port = FaultyPort.forEver(disk, Fault.EACCES, 1, Operation::changes);

        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> port.makeFolder(A));
        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> port.makeFolder(A));
        assertThat(port.status(A).isAbsent()).isTrue();
        port.lift();
        port.makeFolder(A);

        assertThat(disk.list(ROOT)).containsExactly("a");
    }

    @Test
    void fullDiskCanBeReadAndTidied() throws IOException {
        disk.with(ROOT, Map.of("a", "content"));
        FilePort.Output out = disk.append(A);
        FaultyPort port = FaultyPort.forEver(disk, Fault.ENOSPC, 1, operation -> true);

        assertThatExceptionOfType(InsufficientSpaceException.class).isThrownBy(() -> port.create(B));
        port.read(A).close();
        port.unlink(A);

        out.close();
        assertThat(disk.list(ROOT)).isEmpty();
    }

    @Test
    void faultCountsOnlyWhatItIsToldToCount() throws IOException {
        FaultyPort port = FaultyPort.once(
                disk, Fault.EIO, 1, operation -> operation.path().equals(B));

        port.makeFolder(A);

        assertThatExceptionOfType(FileSystemException.class).isThrownBy(() -> port.makeFolder(B));
    }

    @Test
    void programThatWasCutDoesNothingMoreNotEvenTidy() throws IOException {
        CuttingPort port = new CuttingPort(disk, 1);

        assertThatThrownBy(() -> {
                    try {
                        port.makeFolder(A);
                        port.makeFolder(B);
                    } finally {
                        port.removeFolder(A);
                    }
                })
                .isInstanceOf(PowerCut.class)
                .hasMessage("cut before remove folder /device/a");
        assertThat(port.hasCut()).isTrue();
        assertThat(disk.list(ROOT)).containsExactly("a");
    }

    @Test
    void programThatMakesNoMoreChangesThanGrantedIsNotCut() throws IOException {
        CuttingPort port = new CuttingPort(disk, 1);

        port.makeFolder(A);
        port.status(A);

        assertThat(port.hasCut()).isFalse();
    }

    @Test
    void droppedOperationSeemsToBeDone() throws IOException {
        PlantedBug bug = PlantedBug.dropping(Place.of(Kind.MAKE_FOLDER).nth(2));
        FilePort port = bug.apply(disk);

        port.makeFolder(A);
        port.makeFolder(B);
        port.makeFolder(C);

        assertThat(disk.list(ROOT)).containsExactly("a", "c");
        assertThat(bug.strikes()).isEqualTo(1);
        assertThat(bug).hasToString("dropped: MAKE_FOLDER no. 2");
    }

    @Test
    void placeIsCountedAnewInEachRun() throws IOException {
        PlantedBug bug = PlantedBug.dropping(Place.of(Kind.MAKE_FOLDER).nth(1));

        bug.apply(disk).makeFolder(A);
        bug.apply(disk).makeFolder(B);

        assertThat(disk.list(ROOT)).isEmpty();
        assertThat(bug.strikes()).isEqualTo(2);
    }

    @Test
    void placeIsFoundByEitherNameOfAMove() throws IOException {
        disk.with(ROOT, Map.of("a", "", "b", ""));
        FilePort from = PlantedBug.dropping(Place.of(Kind.MOVE).at("**/a")).apply(disk);
        FilePort to = PlantedBug.dropping(Place.of(Kind.MOVE).to("/device/c")).apply(disk);

        from.move(A, C);
        to.move(B, C);
        assertThat(disk.list(ROOT)).containsExactly("a", "b");

        from.move(B, C);
        to.move(A, B);
        assertThat(disk.list(ROOT)).containsExactly("b", "c");
    }

    @Test
    void delayedOperationIsDoneAfterTheOneItWaitsFor() throws IOException {
        PlantedBug bug = PlantedBug.delaying(
                Place.of(Kind.MAKE_FOLDER).at("**/a"),
                Place.of(Kind.MAKE_FOLDER).at("**/c"));
        FilePort port = bug.apply(disk);

        port.makeFolder(A);
        port.makeFolder(B);
        assertThat(disk.list(ROOT)).containsExactly("b");
        port.makeFolder(C);

        assertThat(disk.list(ROOT)).containsExactly("a", "b", "c");
    }

    @Test
    void operationThatReturnsSomethingCannotBeLeftOut() {
        FilePort port = PlantedBug.dropping(Place.of(Kind.CREATE)).apply(disk);

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> port.create(A))
                .withMessageContaining("create /device/a");
    }
}
