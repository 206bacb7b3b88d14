package io.overair.tree;

import io.overair.manifest.Digest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How to scan a tree: start with {@link #defaults}, and each method gives a copy that differs in one thing. Immutable.
 */
public final class ScanOptions {
    private static final ScanOptions DEFAULTS = new ScanOptions();

    /** How far down a scan goes. */
    enum Depth {
        ALL,
        TOP_LEVEL
    }

    // Assigned before anybody else sees the object and never again; not final so that a change is one line.
    Set<Digest.Algorithm> algorithms = Set.of(Digest.Algorithm.SHA256);
    Executor executor = Runnable::run;
    Set<String> ignored = Set.of(".DS_Store", "pymakr.conf");
    Predicate<String> selection = path -> true;
    Depth depth = Depth.ALL;
    SymbolicLinks links = SymbolicLinks.INSIDE_BOUNDARY;

    @Nullable
    Path boundary;

    @Nullable
    FileTree earlier;

    @Nullable
    UnfinishedScan unfinished;

    ScanListener listener = (path, bytes) -> {};
    InstantSource clock = InstantSource.system();

    private ScanOptions() {}

    private ScanOptions(ScanOptions original) {
        algorithms = original.algorithms;
        executor = original.executor;
        ignored = original.ignored;
        selection = original.selection;
        depth = original.depth;
        links = original.links;
        boundary = original.boundary;
        earlier = original.earlier;
        unfinished = original.unfinished;
        listener = original.listener;
        clock = original.clock;
    }

    /**
     * SHA-256 digests of all files but {@code .DS_Store} and {@code pymakr.conf}, which the Pycom OTA server leaves out
     * too; links followed inside the root; everything read, by the calling thread.
     */
    public static ScanOptions defaults() {
        return DEFAULTS;
    }

    /** Makes these digests, all in one reading. */
    public ScanOptions digests(Digest.Algorithm first, Digest.Algorithm... more) {
        ScanOptions changed = new ScanOptions(this);
        changed.algorithms = Collections.unmodifiableSet(EnumSet.of(first, more));
        return changed;
    }

    /**
     * Lets the executor's threads take part in the hashing, as many as are free. The calling thread takes part in any
     * case, so the executor may be busy, full or shut down, and the calling thread may be one of its own.
     */
    public ScanOptions executor(Executor executor) {
        ScanOptions changed = new ScanOptions(this);
        changed.executor = executor;
        return changed;
    }

    /**
     * Leaves out files of these names too, at any depth, by exact case; directories of these names are still walked.
     */
    public ScanOptions ignoringFiles(String... names) {
        Set<String> all = new HashSet<>(ignored);
        all.addAll(Arrays.asList(names));
        ScanOptions changed = new ScanOptions(this);
        changed.ignored = Set.copyOf(all);
        return changed;
    }

    /** Leaves out no file because of its name, not even those the defaults leave out. */
    public ScanOptions ignoringNoFiles() {
        ScanOptions changed = new ScanOptions(this);
        changed.ignored = Set.of();
        return changed;
    }

    /** Takes only files whose path below the root, such as {@code flash/main.py}, passes the test. */
    public ScanOptions matching(Predicate<String> path) {
        ScanOptions changed = new ScanOptions(this);
        changed.selection = path;
        return changed;
    }

    /** Takes only files that are directly in the root. */
    public ScanOptions topLevelOnly() {
        ScanOptions changed = new ScanOptions(this);
        changed.depth = Depth.TOP_LEVEL;
        return changed;
    }

    /** Follows the links that {@code policy} allows. */
    public ScanOptions symbolicLinks(SymbolicLinks policy) {
        ScanOptions changed = new ScanOptions(this);
        changed.links = policy;
        return changed;
    }

    /**
     * Follows links to files inside {@code directory} instead of inside the root only; the scan fails if the root itself
     * leads out of it. Without effect under {@link SymbolicLinks#ANYWHERE}.
     */
    public ScanOptions linkBoundary(Path directory) {
        ScanOptions changed = new ScanOptions(this);
        changed.boundary = directory;
        return changed;
    }

    /**
     * Reads only files that are not known from {@code earlier}, a scan of the same directory for the same digests. A
     * file is known if its {@linkplain FileFingerprint fingerprint} is the same and it was not
     * {@linkplain FileFingerprint#tooYoungAt young} when it was read. If nothing differs the scan returns
     * {@code earlier} itself.
     */
    public ScanOptions reusing(FileTree earlier) {
        ScanOptions changed = new ScanOptions(this);
        changed.earlier = earlier;
        return changed;
    }

    /**
     * Leaves in {@code unfinished} what was hashed if the scan fails, and does not read again what a scan that failed
     * before left there, as with {@link #reusing}.
     */
    public ScanOptions resuming(UnfinishedScan unfinished) {
        ScanOptions changed = new ScanOptions(this);
        changed.unfinished = unfinished;
        return changed;
    }

    /** Tells {@code listener} what is read. */
    public ScanOptions listener(ScanListener listener) {
        ScanOptions changed = new ScanOptions(this);
        changed.listener = listener;
        return changed;
    }

    /** Judges by {@code clock} whether a file is young; it should agree with the clock of the file store. */
    public ScanOptions clock(InstantSource clock) {
        ScanOptions changed = new ScanOptions(this);
        changed.clock = clock;
        return changed;
    }
}
