package io.overair.crashkit;

import io.overair.install.CrashKit;
import io.overair.install.InstallationOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that changes files, and the proof that it comes out whole wherever it is cut: an update with a firmware writer
 * and hooks of your own, or any other code. Immutable: each {@code with} method returns another one.
 *
 * <p>The change is run once, and cut before each operation and after the last: by a kill, which loses nothing yet, and by every
 * kind of power cut, in which all, none, the first few, all but one or only one of the changes that were not forced
 * survive, and of bytes all, none, half or zeros. Then recovery is run. What there is must be exactly what there was before or
 * what there is after a run without a cut, and that for good once the change has returned.
 */
public final class CrashTest {
    /** Where the files of a device are. */
    public static final Path DEVICE = Path.of("/device");

    /** Code that reaches files through the disk that it is given. */
    public interface Code {
        /** Runs it; returning means success. */
        void on(SimulatedDisk disk) throws IOException;
    }

    /** What matters about a disk. */
    public interface View {
        /** A value that is equal for equal states; an exception if the state is none that may be. */
        Object of(SimulatedDisk disk) throws IOException;
    }

    private final CrashKit.Subject subject;

    private CrashTest(CrashKit.Subject subject) {
        this.subject = subject;
    }

    private static CrashTest of(String name, Optional<Code> preparation, Code change, Code recovery, View view) {
        return new CrashTest(
                new CrashKit.Subject(name, Map.of(), preparation, change, recovery, view, Optional.empty()));
    }

    /**
     * Any code. All files count, unless {@link #withView} says otherwise.
     *
     * @param recovery what is run when the machine is up again; it must depend on the disk only
     */
    public static CrashTest of(String name, Code change, Code recovery) {
        return of(name, Optional.empty(), change, recovery, disk -> disk.tree(Path.of("/")));
    }

    /**
     * An update of the files below {@link #DEVICE}, which count; recovery is opening the installation again.
     *
     * @param options made anew for each start of the program: hooks and writers that use this disk and remember nothing
     */
    public static CrashTest ofUpdate(
            String name, SimulatedRelease release, Function<SimulatedDisk, InstallationOptions> options) {
        return of(
                name,
                Optional.empty(),
                disk -> CrashKit.update(disk, options, release),
                disk -> CrashKit.recover(disk, options),
                disk -> disk.tree(DEVICE));
    }

    /** The way back from an update; else as {@link #ofUpdate}. */
    public static CrashTest ofRollback(
            String name, SimulatedRelease release, Function<SimulatedDisk, InstallationOptions> options) {
        return of(
                name,
                Optional.of(disk -> CrashKit.update(disk, options, release)),
                disk -> CrashKit.rollBack(disk, options),
                disk -> CrashKit.recover(disk, options),
                disk -> disk.tree(DEVICE));
    }

    /**
     * What is on the disk before, by absolute path. A key that ends in a slash is an empty folder, a value that begins with
     * <code>-&gt; </code> a link.
     */
    public CrashTest withFiles(Map<String, String> others) {
        return new CrashTest(subject.withFiles(others));
    }

    /** This counts, and nothing else. */
    public CrashTest withView(View other) {
        return new CrashTest(subject.withView(other));
    }

    /**
     * The change is refused with such an exception, by a hook that vetoes for example: what there is must be exactly what there
     * was before, wherever it is cut.
     */
    public CrashTest withRefusal(Class<? extends IOException> refusal) {
        return new CrashTest(subject.withRefusal(refusal));
    }

    /** This counts as well. */
    public CrashTest withAlso(View other) {
        return withView(disk -> List.of(subject.view().of(disk), other.of(disk)));
    }

    /**
     * Every cut of the change. It does not find a force that is missing where something goes on from what a kill has left: {@link
     * #everySecondCut} does.
     */
    public CrashReport everyCut() {
        return subject.cut(1);
    }

    /** Every cut of the change, and after each of them every cut of the recovery. Takes some ten times as long. */
    public CrashReport everySecondCut() {
        return subject.cut(2);
    }

    /**
     * A full disk, one that fails and one that refuses, at each operation of the change, once. The change may throw an {@link
     * IOException} then; recovery, without the fault, has to make what there is whole.
     */
    public CrashReport everyFault() {
        return subject.fault();
    }
}
