package io.overair.tree;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What lies below a directory, by name; no file was opened for it. */
final class Listing {
    /**
     * A file to be in the tree.
     *
     * @param content the file itself: for a link its real path, so that a link turned round meanwhile cannot lead astray
     * @param known the file as an earlier scan knew it, if it is the same still
     */
    record Found(DevicePath path, Path content, FileFingerprint fingerprint, FileTree.@Nullable Known known) {}

    /** A directory, its path below the root with a {@code /} at the end, and how it looked before it was listed. */
    private record Directory(Path path, String prefix, FileFingerprint fingerprint) {}

    /** The kernel's own limit on Linux. */
    private static final int MOST_LINKS = 40;

    private final Path root;
    private final Path boundary;
    private final ScanOptions options;
    private final Map<String, FileTree.Known> known;
    private final List<Found> files = new ArrayList<>();
    private final List<Omission> omissions = new ArrayList<>();
    private final List<Directory> directories = new ArrayList<>();
    private final Deque<Directory> pending = new ArrayDeque<>();

    /**
     * Of what is below {@code root}; empty at first.
     *
     * @param root a real path
     * @param boundary a real path
     * @param known files that need not be read if they are the same still, by path
     */
    Listing(Path root, Path boundary, ScanOptions options, Map<String, FileTree.Known> known) {
        this.root = root;
        this.boundary = boundary;
        this.options = options;
        this.known = known;
    }

    /** Lists everything. */
    Listing all() throws IOException {
        addDirectory(root, "", FileStatus.of(root, LinkOption.NOFOLLOW_LINKS).fingerprint());
        while (!pending.isEmpty()) {
            list(pending.pop());
        }
        omissions.sort(Comparator.comparing(Omission::path).thenComparing(Omission::reason));
        return this;
    }

    /**
     * Lists the file at {@code path}, if {@link #all} would.
     *
     * @throws NoSuchFileException if there is nothing
     */
    Listing only(DevicePath path) throws IOException {
        String[] names = path.value().split("/", -1);
        Path at = root;
        for (int i = 0; i < names.length - 1; i++) {
            at = at.resolve(names[i]);
            boolean isWalked = options.depth == ScanOptions.Depth.ALL
                    && FileStatus.of(at, LinkOption.NOFOLLOW_LINKS).kind() == FileStatus.Kind.DIRECTORY;
            if (!isWalked) {
                return this;
            }
        }
        String name = names[names.length - 1];
        visit(at.resolve(name), name, path.value());
        return this;
    }

    /** The files, in no particular order. */
    List<Found> files() {
        return files;
    }

    /** What was left out, by path. */
    List<Omission> omissions() {
        return omissions;
    }

    /** A directory that is not what it was when it was listed: then what was read below it may belong to two trees. */
    Optional<Path> changedDirectory() throws IOException {
        for (Directory directory : directories) {
            FileStatus now = FileStatus.of(directory.path(), LinkOption.NOFOLLOW_LINKS);
            if (!now.fingerprint().equals(directory.fingerprint())) {
                return Optional.of(directory.path());
            }
        }
        return Optional.empty();
    }

    private void addDirectory(Path path, String prefix, FileFingerprint fingerprint) {
        Directory directory = new Directory(path, prefix, fingerprint);
        directories.add(directory);
        pending.push(directory);
    }

    private void list(Directory directory) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException(directory.path() + ": interrupted while it was listed");
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.path())) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                visit(entry, name, directory.prefix() + name);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void visit(Path entry, String name, String path) throws IOException {
        FileStatus status = FileStatus.of(entry, LinkOption.NOFOLLOW_LINKS);
        if (status.kind() == FileStatus.Kind.DIRECTORY) {
            if (options.depth == ScanOptions.Depth.ALL && devicePath(entry, name, path) != null) {
                addDirectory(entry, path + "/", status.fingerprint());
            }
        } else if (!options.ignored.contains(name) && options.selection.test(path)) {
            switch (status.kind()) {
                case FILE -> addFile(entry, name, path, entry, status.fingerprint());
                case LINK -> follow(entry, name, path);
                default -> omit(path, Omission.Reason.SPECIAL_FILE, "neither a file nor a directory");
            }
        }
    }

    private void addFile(Path entry, String name, String path, Path content, FileFingerprint fingerprint) {
        FileTree.Known before = known.get(path);
        if (before != null && before.trusted() && before.fingerprint().equals(fingerprint) && isText(entry, name)) {
            files.add(new Found(before.path(), content, fingerprint, before));
            return;
        }
        DevicePath devicePath = devicePath(entry, name, path);
        if (devicePath != null) {
            files.add(new Found(devicePath, content, fingerprint, null));
        }
    }

    private void follow(Path link, String name, String path) throws IOException {
        if (options.links == SymbolicLinks.NEVER) {
            omit(path, Omission.Reason.LINK, "a symbolic link");
            return;
        }
        Path real;
        FileStatus status;
        try {
            real = link.toRealPath();
            status = FileStatus.of(real, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            omit(path, Omission.Reason.BROKEN_LINK, "a link to nothing");
            return;
        } catch (FileSystemException e) {
            omitUnresolvable(link, path, e);
            return;
        }
        if (options.links == SymbolicLinks.INSIDE_BOUNDARY && !real.startsWith(boundary)) {
            omit(path, Omission.Reason.LINK_OUT, "a link that leads out of " + boundary);
            return;
        }
        switch (status.kind()) {
            case FILE -> addFile(link, name, path, real, status.fingerprint());
            case DIRECTORY -> omit(path, Omission.Reason.LINK_TO_DIRECTORY, "a link to a directory");
            default -> omit(path, Omission.Reason.SPECIAL_FILE, "a link to what is neither a file nor a directory");
        }
    }

    /** Tells a link that can lead nowhere from one that this process cannot follow, which must not be left out. */
    private void omitUnresolvable(Path link, String path, FileSystemException refusal) throws IOException {
        Path at = link;
        for (int links = 0; at != null && !Files.isDirectory(at); ) {
            if (Files.isRegularFile(at)) {
                omit(path, Omission.Reason.BROKEN_LINK, "a link to something inside a file");
                return;
            }
            if (!Files.isSymbolicLink(at)) {
                at = at.getParent();
            } else if (++links > MOST_LINKS) {
                omit(path, Omission.Reason.LINK_LOOP, "a link that leads back to itself");
                return;
            } else {
                at = at.resolveSibling(Files.readSymbolicLink(at));
            }
        }
        throw refusal;
    }

    /** The path as a device knows it; null, and an omission noted, if none can. */
    private @Nullable DevicePath devicePath(Path entry, String name, String path) {
        if (!isText(entry, name)) {
            omit(path, Omission.Reason.UNDECODABLE_NAME, "its name is not text in the encoding of this program");
            return null;
        }
        try {
            return new DevicePath(path);
        } catch (IllegalArgumentException e) {
            omit(path, Omission.Reason.UNUSABLE_NAME, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Bytes that are no text turn into a replacement character, under which nobody will find the file again. */
    private static boolean isText(Path entry, String name) {
        if (name.indexOf('\uFFFD') < 0) {
            return true;
        }
        try {
            return entry.resolveSibling(name).equals(entry);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void omit(String path, Omission.Reason reason, String explanation) {
        omissions.add(new Omission(path, reason, explanation));
    }
}
