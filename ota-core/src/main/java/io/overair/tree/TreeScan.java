package io.overair.tree;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One scan of a directory: list it, hash what is not known, see that it still is what was listed. */
final class TreeScan {
    /** How often a tree is read that changes while it is read. */
    private static final int ATTEMPTS = 3;

    private final Path root;
    private final ScanOptions options;
    private final ContentHasher.Source source;
    private final FileTree.Knowledge earlier;

    /**
     * What need not be read again if it is the same still: more with each attempt that fails while all directories hold
     * still. What was read below one that did not may come from another that was there for a moment, in spite of its
     * fingerprint.
     */
    private Map<String, FileTree.Known> known;

    TreeScan(Path root, ScanOptions options, ContentHasher.Source source) {
        this.root = root;
        this.options = options;
        this.source = source;
        this.earlier = usable(options);
        this.known = options.unfinished == null
                ? earlier.files()
                : options.unfinished.filesOr(options.algorithms, earlier.files());
    }

    private static FileTree.Knowledge usable(ScanOptions options) {
        FileTree.Knowledge knowledge = options.earlier == null ? FileTree.Knowledge.NONE : options.earlier.knowledge();
        return knowledge.algorithms().equals(options.algorithms) ? knowledge : FileTree.Knowledge.NONE;
    }

    FileTree run() throws IOException {
        UnfinishedScan unfinished = options.unfinished;
        if (unfinished == null) {
            return untilItHoldsStill();
        }
        try {
            FileTree tree = untilItHoldsStill();
            unfinished.clear();
            return tree;
        } catch (IOException | RuntimeException | Error e) {
            unfinished.keep(new FileTree.Knowledge(options.algorithms, known));
            throw e;
        }
    }

    /** Whether {@link #run} would find a file at {@code path}. */
    boolean finds(DevicePath path) throws IOException {
        try {
            Path directory = realRoot();
            return !new Listing(directory, boundaryOf(directory), options, known)
                    .only(path)
                    .files()
                    .isEmpty();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        }
    }

    private FileTree untilItHoldsStill() throws IOException {
        String changed = root.toString();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Path directory = realRoot();
            try {
                Listing listing = new Listing(directory, boundaryOf(directory), options, known).all();
                List<FileTree.Known> files = hash(listing);
                Optional<Path> moved = listing.changedDirectory();
                if (moved.isEmpty()) {
                    return tree(files, listing.omissions());
                }
                changed = moved.get().toString();
            } catch (NoSuchFileException | NotDirectoryException e) {
                changed = e.getFile();
            }
        }
        throw new TreeChangedException(changed, "changed each of the %d times the tree was read".formatted(ATTEMPTS));
    }

    /** One directory from beginning to end, even if a link on the way to it is turned to another one meanwhile. */
    private Path realRoot() throws IOException {
        Path real = root.toRealPath();
        if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(root.toString());
        }
        Path boundary = boundaryOf(real);
        if (options.links != SymbolicLinks.ANYWHERE && !real.startsWith(boundary)) {
            throw new FileSystemException(root.toString(), null, "leads out of " + boundary);
        }
        return real;
    }

    private Path boundaryOf(Path directory) throws IOException {
        return options.boundary == null ? directory : options.boundary.toRealPath();
    }

    /** The content of every file, read where it is not known. */
    private List<FileTree.Known> hash(Listing listing) throws IOException {
        List<Listing.Found> files = listing.files();
        FileTree.@Nullable Known[] results = new FileTree.@Nullable Known[files.size()];
        List<Integer> unknown = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            results[i] = files.get(i).known();
            if (results[i] == null) {
                unknown.add(i);
            }
        }
        try {
            SharedWork.run(
                    unknown.size(),
                    () -> {
                        ContentHasher hasher = new ContentHasher(options, source);
                        return (piece, abandoned) -> {
                            int i = unknown.get(piece);
                            results[i] = hasher.hash(files.get(i), abandoned);
                        };
                    },
                    options.executor);
        } catch (IOException | RuntimeException | Error e) {
            if (heldStill(listing)) {
                known = byPath(Stream.of(results).filter(Objects::nonNull).toList());
            }
            throw e;
        }
        return List.of(results);
    }

    private static boolean heldStill(Listing listing) {
        try {
            return listing.changedDirectory().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** The result; if nothing differs from the earlier tree, that one. */
    private FileTree tree(List<FileTree.Known> files, List<Omission> omissions) {
        FileTree before = options.earlier;
        if (before != null && !before.omissions().equals(omissions)) {
            before = null;
        }
        if (before != null && nothingNew(files, before)) {
            return before;
        }
        FileTree.Knowledge knowledge = new FileTree.Knowledge(options.algorithms, byPath(files));
        SortedMap<DevicePath, FileEntry> entries = new TreeMap<>();
        files.forEach(file -> entries.put(file.path(), file.entry()));
        if (before != null && entries.equals(before.files())) {
            before.learn(knowledge);
            return before;
        }
        return new FileTree(entries, omissions, knowledge);
    }

    /** Saves a scan that found nothing new from making a tree only to find that out. */
    private boolean nothingNew(List<FileTree.Known> files, FileTree before) {
        return files.size() == before.files().size()
                && files.stream()
                        .allMatch(file ->
                                file.equals(earlier.files().get(file.path().value())));
    }

    private static Map<String, FileTree.Known> byPath(List<FileTree.Known> files) {
        Map<String, FileTree.Known> known = new HashMap<>();
        files.forEach(file -> known.put(file.path().value(), file));
        return known;
    }
}
