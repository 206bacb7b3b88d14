package io.overair.server;

import io.overair.tree.ScanOptions;
import io.overair.tree.SymbolicLinks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/**
 * How a directory of releases is read. Immutable; each method returns a copy that differs in one thing.
 */
public final class DirectoryOptions {
    private static final DirectoryOptions DEFAULTS = new DirectoryOptions(
            ScanOptions.defaults(), SymbolicLinks.INSIDE_BOUNDARY, Duration.ofSeconds(1), InstantSource.system());

    private final ScanOptions scanning;
    private final SymbolicLinks symbolicLinks;
    private final Duration freshness;
    private final InstantSource clock;

    private DirectoryOptions(
            ScanOptions scanning, SymbolicLinks symbolicLinks, Duration freshness, InstantSource clock) {
        this.scanning = scanning;
        this.symbolicLinks = symbolicLinks;
        this.freshness = freshness;
        this.clock = clock;
    }

    /**
     * Files hashed on the thread that asks, {@code .DS_Store} and {@code pymakr.conf} left out of releases, links
     * followed inside the root only, changes seen within a second.
     */
    public static DirectoryOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Changes how the files of a release are found and hashed: the executor, what is left out, who is told of progress.
     * Digests, links, the clock and
     * what is taken over from an earlier scan are set by the repository, afterwards.
     */
    public DirectoryOptions scanning(UnaryOperator<ScanOptions> change) {
        return new DirectoryOptions(change.apply(scanning), symbolicLinks, freshness, clock);
    }

    /** Which symbolic links are followed, in releases and when files are served. */
    public DirectoryOptions symbolicLinks(SymbolicLinks policy) {
        return new DirectoryOptions(scanning, policy, freshness, clock);
    }

    /**
     * How old what was read from the disk may be before it is looked at again; zero to look at every request. Looking
     * means one status call a file. While one thread looks, others get what was known before.
     */
    public DirectoryOptions freshness(Duration longest) {
        if (longest.isNegative()) {
            throw new IllegalArgumentException("a freshness of " + longest);
        }
        return new DirectoryOptions(scanning, symbolicLinks, longest, clock);
    }

    /** What tells how old a file is: one younger than two seconds is hashed again, since it may change unnoticed. */
    public DirectoryOptions clock(InstantSource source) {
        return new DirectoryOptions(scanning, symbolicLinks, freshness, source);
    }

    InstantSource clock() {
        return clock;
    }

    ScanOptions scanning() {
        return scanning;
    }

    SymbolicLinks symbolicLinks() {
        return symbolicLinks;
    }

    Duration freshness() {
        return freshness;
    }
}
