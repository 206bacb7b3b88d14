package io.overair.tree;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files below a directory at one moment. Immutable, for use by any thread.
 *
 * <p>A scan remembers how it knows what it found, so that the next one, given this tree by
 * {@link ScanOptions#reusing}, reads only what changed. If nothing changed, the next one returns this very object: the
 * identity of a tree is a good key for whatever was computed from it.
 */
public final class FileTree {
    /** How the content of one file is known. If {@code trusted}, the same fingerprint means the same content. */
    record Known(DevicePath path, FileEntry entry, FileFingerprint fingerprint, boolean trusted) {}

    /** How the content of all files is known: by path, from digests made with {@code algorithms}. */
    record Knowledge(Set<Digest.Algorithm> algorithms, Map<String, Known> files) {
        static final Knowledge NONE = new Knowledge(Set.of(), Map.of());
    }

    private final SortedMap<DevicePath, FileEntry> files;
    private final List<Omission> omissions;

    /** Replaced, as a whole, by a later scan that found the same files. */
    private volatile Knowledge knowledge;

    FileTree(SortedMap<DevicePath, FileEntry> files, List<Omission> omissions, Knowledge knowledge) {
        this.files = Collections.unmodifiableSortedMap(files);
        this.omissions = List.copyOf(omissions);
        this.knowledge = knowledge;
    }

    /** The files below {@code root} with their SHA-256 digests, as {@link #scan(Path, ScanOptions)} with the defaults. */
    public static FileTree scan(Path root) throws IOException {
        return scan(root, ScanOptions.defaults());
    }

    /**
     * The files below {@code root}: all of one moment as far as the file store can tell. A file that changes while it is
     * read is read again, and if a directory changes or is replaced meanwhile, the scan starts again. In-place changes
     * to a file already read are the one thing that goes unnoticed until the next scan. Memory does not grow with
     * the size of files.
     *
     * <p>Blocks until done; the calling thread walks the tree and takes part in the hashing. When this returns or
     * throws, no thread works for it any more.
     *
     * @throws java.nio.file.NoSuchFileException if there is no {@code root}
     * @throws java.nio.file.NotDirectoryException if {@code root} is something else
     * @throws TreeChangedException if files kept changing; try again
     * @throws java.io.InterruptedIOException if the calling thread was interrupted; it still is
     * @throws IOException if anything cannot be read, named by the exception: never is a file left out for that, since
     *     devices would delete it
     */
    public static FileTree scan(Path root, ScanOptions options) throws IOException {
        return new TreeScan(root, options, ContentHasher.FILES).run();
    }

    /**
     * Whether a {@link #scan} of {@code root} would find a file at {@code path}. Only names and links are looked at: nothing
     * is read, and nothing beside that path.
     *
     * @throws IOException if that cannot be told
     */
    public static boolean wouldHold(Path root, DevicePath path, ScanOptions options) throws IOException {
        return new TreeScan(root, options, ContentHasher.FILES).finds(path);
    }

    /** A tree of {@code files}, for one that lies on no disk. */
    public static FileTree of(Map<DevicePath, FileEntry> files) {
        return new FileTree(new TreeMap<>(files), List.of(), Knowledge.NONE);
    }

    /** Every file, by path. */
    public SortedMap<DevicePath, FileEntry> files() {
        return files;
    }

    /** What was found and left out, by path. Files ignored or not selected by the options are not among it. */
    public List<Omission> omissions() {
        return omissions;
    }

    /**
     * What identified the file at {@code path} when a scan last looked; empty if there is none or the tree lies on no
     * disk. If the file has another fingerprint now, its content may be another.
     */
    public Optional<FileFingerprint> fingerprint(DevicePath path) {
        return Optional.ofNullable(knowledge.files().get(path.value())).map(Known::fingerprint);
    }

    /** Size of all files together, in bytes. */
    public long totalBytes() {
        return totalBytes(files);
    }

    /**
     * What turns this tree into {@code next}. Files are compared by size and by the strongest digest both trees have; no
     * file is read.
     *
     * @throws IllegalArgumentException if a file that both trees have has no algorithm in common
     */
    public TreeDiff diffTo(FileTree next) {
        SortedMap<DevicePath, FileEntry> added = new TreeMap<>();
        SortedMap<DevicePath, FileEntry> changed = new TreeMap<>();
        SortedMap<DevicePath, FileEntry> removed = new TreeMap<>();
        Iterator<Map.Entry<DevicePath, FileEntry>> befores = files.entrySet().iterator();
        Iterator<Map.Entry<DevicePath, FileEntry>> afters =
                next.files.entrySet().iterator();
        Map.Entry<DevicePath, FileEntry> before = nextOf(befores);
        Map.Entry<DevicePath, FileEntry> after = nextOf(afters);
        while (before != null && after != null) {
            int order = before.getKey().compareTo(after.getKey());
            if (order < 0) {
                removed.put(before.getKey(), before.getValue());
            } else if (order > 0) {
                added.put(after.getKey(), after.getValue());
            } else if (!before.getValue().sameContentAs(after.getValue())) {
                changed.put(after.getKey(), after.getValue());
            }
            before = order <= 0 ? nextOf(befores) : before;
            after = order >= 0 ? nextOf(afters) : after;
        }
        // Into an empty map, as when one of the trees is empty, this takes linear time.
        if (before != null) {
            removed.putAll(files.tailMap(before.getKey()));
        }
        if (after != null) {
            added.putAll(next.files.tailMap(after.getKey()));
        }
        return new TreeDiff(added, changed, removed);
    }

    private static Map.@Nullable Entry<DevicePath, FileEntry> nextOf(
            Iterator<Map.Entry<DevicePath, FileEntry>> entries) {
        return entries.hasNext() ? entries.next() : null;
    }

    Knowledge knowledge() {
        return knowledge;
    }

    /**
     * Remembers what a scan that found these same files knows about them. That scan may have read a file again because
     * it was young before; taken over, the file needs no third reading. If two scans do this at once, either's
     * knowledge is true.
     */
    void learn(Knowledge fresher) {
        knowledge = fresher;
    }

    static long totalBytes(Map<DevicePath, FileEntry> files) {
        return files.values().stream().mapToLong(FileEntry::size).sum();
    }
}
