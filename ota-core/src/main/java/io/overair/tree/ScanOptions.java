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
    private static final ScanOptions DEFAULTS = new ScanOptions(
            EnumSet.of(Digest.Algorithm.SHA256),
            Runnable::run,
            Set.of(".DS_Store", "pymakr.conf"),
            path -> true,
            Depth.ALL,
            SymbolicLinks.INSIDE_BOUNDARY,
            null,
            null,
            (path, bytes) -> {},
            InstantSource.system());

    /** How far down a scan goes. */
    enum Depth {
        ALL,
        TOP_LEVEL
    }

    final Set<Digest.Algorithm> algorithms;
    final Executor executor;
    final Set<String> ignored;
    final Predicate<String> selection;
    final Depth depth;
    final SymbolicLinks links;
    final @Nullable Path boundary;
    final @Nullable FileTree earlier;
    final ScanListener listener;
    final InstantSource clock;

    private ScanOptions(
            Set<Digest.Algorithm> algorithms,
            Executor executor,
            Set<String> ignored,
            Predicate<String> selection,
            Depth depth,
            SymbolicLinks links,
            @Nullable Path boundary,
            @Nullable FileTree earlier,
            ScanListener listener,
            InstantSource clock) {
        this.algorithms = Collections.unmodifiableSet(EnumSet.copyOf(algorithms));
        this.executor = executor;
        this.ignored = Set.copyOf(ignored);
        this.selection = selection;
        this.depth = depth;
        this.links = links;
        this.boundary = boundary;
        this.earlier = earlier;
        this.listener = listener;
        this.clock = clock;
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
        Set<Digest.Algorithm> all = EnumSet.of(first, more);
        return new ScanOptions(all, executor, ignored, selection, depth, links, boundary, earlier, listener, clock);
    }

    /**
     * Lets the executor's threads take part in the hashing, as many as are free. The calling thread takes part in any
     * case, so the executor may be busy, full or shut down, and the calling thread may be one of its own.
     */
    public ScanOptions executor(Executor executor) {
        return new ScanOptions(
                algorithms, executor, ignored, selection, depth, links, boundary, earlier, listener, clock);
    }

    /**
     * Leaves out files of these names too, at any depth, by exact case; directories of these names are still walked.
     */
    public ScanOptions ignoringFiles(String... names) {
        Set<String> all = new HashSet<>(ignored);
        all.addAll(Arrays.asList(names));
        return new ScanOptions(algorithms, executor, all, selection, depth, links, boundary, earlier, listener, clock);
    }

    /** Leaves out no file because of its name, not even those the defaults leave out. */
    public ScanOptions ignoringNoFiles() {
        return new ScanOptions(
                algorithms, executor, Set.of(), selection, depth, links, boundary, earlier, listener, clock);
    }

    /** Takes only files whose path below the root, such as {@code flash/main.py}, passes the test. */
    public ScanOptions matching(Predicate<String> path) {
        return new ScanOptions(algorithms, executor, ignored, path, depth, links, boundary, earlier, listener, clock);
    }

    /** Takes only files that are directly in the root. */
    public ScanOptions topLevelOnly() {
        return new ScanOptions(
                algorithms, executor, ignored, selection, Depth.TOP_LEVEL, links, boundary, earlier, listener, clock);
    }

    /** Follows the links that {@code policy} allows. */
    public ScanOptions symbolicLinks(SymbolicLinks policy) {
        return new ScanOptions(
                algorithms, executor, ignored, selection, depth, policy, boundary, earlier, listener, clock);
    }

    /**
     * Follows links to files inside {@code directory} instead of inside the root only; the scan fails if the root itself
     * leads out of it. Without effect under {@link SymbolicLinks#ANYWHERE}.
     */
    public ScanOptions linkBoundary(Path directory) {
        return new ScanOptions(
                algorithms, executor, ignored, selection, depth, links, directory, earlier, listener, clock);
    }

    /**
     * Reads only files that are not known from {@code earlier}, a scan of the same directory for the same digests. A
     * file is known if its {@linkplain FileFingerprint fingerprint} is the same and it was not
     * {@linkplain FileFingerprint#tooYoungAt young} when it was read. If nothing differs the scan returns
     * {@code earlier} itself.
     */
    public ScanOptions reusing(FileTree earlier) {
        return new ScanOptions(
                algorithms, executor, ignored, selection, depth, links, boundary, earlier, listener, clock);
    }

    /** Tells {@code listener} what is read. */
    public ScanOptions listener(ScanListener listener) {
        return new ScanOptions(
                algorithms, executor, ignored, selection, depth, links, boundary, earlier, listener, clock);
    }

    /** Judges by {@code clock} whether a file is young; it should agree with the clock of the file store. */
    public ScanOptions clock(InstantSource clock) {
        return new ScanOptions(
                algorithms, executor, ignored, selection, depth, links, boundary, earlier, listener, clock);
    }
}
