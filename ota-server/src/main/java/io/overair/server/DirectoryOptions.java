package io.overair.server;

import io.overair.tree.ScanOptions;
import io.overair.tree.SymbolicLinks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * How a directory of releases is read. Immutable; each method returns a copy that differs in one thing.
 */
public final class DirectoryOptions {
    private static final DirectoryOptions DEFAULTS = new DirectoryOptions();

    // Assigned before anybody else sees the object and never again; not final so that a change is one line.
    private ScanOptions scanning = ScanOptions.defaults();
    private SymbolicLinks symbolicLinks = SymbolicLinks.INSIDE_BOUNDARY;
    private Duration freshness = Duration.ofSeconds(1);
    private InstantSource clock = InstantSource.system();
    private DirectoryListener listener = new LoggingListener();
    private LongSupplier nanoTime = System::nanoTime;

    private DirectoryOptions() {}

    private DirectoryOptions(DirectoryOptions original) {
        scanning = original.scanning;
        symbolicLinks = original.symbolicLinks;
        freshness = original.freshness;
        clock = original.clock;
        listener = original.listener;
        nanoTime = original.nanoTime;
    }

    /**
     * Files hashed on the thread that asks, {@code .DS_Store} and {@code pymakr.conf} left out of releases, links
     * followed inside the root only, changes seen within a second, what is wrong logged.
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
        DirectoryOptions changed = new DirectoryOptions(this);
        changed.scanning = change.apply(scanning);
        return changed;
    }

    /** Which symbolic links are followed, in releases and when files are served. */
    public DirectoryOptions symbolicLinks(SymbolicLinks policy) {
        DirectoryOptions changed = new DirectoryOptions(this);
        changed.symbolicLinks = policy;
        return changed;
    }

    /**
     * How old what was read from the disk may be before it is looked at again; zero to look at every request. Looking
     * means one status call a file. While one thread looks, others get what was known before.
     */
    public DirectoryOptions freshness(Duration longest) {
        if (longest.isNegative()) {
            throw new IllegalArgumentException("a freshness of " + longest);
        }
        DirectoryOptions changed = new DirectoryOptions(this);
        changed.freshness = longest;
        return changed;
    }

    /** What tells how old a file is: one younger than two seconds is hashed again, since it may change unnoticed. */
    public DirectoryOptions clock(InstantSource source) {
        DirectoryOptions changed = new DirectoryOptions(this);
        changed.clock = source;
        return changed;
    }

    /** Tells {@code told} what is wrong with files; by default, that goes to the logger {@code io.overair.server}. */
    public DirectoryOptions listener(DirectoryListener told) {
        DirectoryOptions changed = new DirectoryOptions(this);
        changed.listener = told;
        return changed;
    }

    /** What tells how old is what was read, in nanoseconds from any origin. */
    DirectoryOptions nanoTime(LongSupplier source) {
        DirectoryOptions changed = new DirectoryOptions(this);
        changed.nanoTime = source;
        return changed;
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

    DirectoryListener listener() {
        return listener;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }
}
