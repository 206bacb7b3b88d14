package io.overair.install;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** What is made of several operations of the port. */
final class Disk {
    private static final int BUFFER_BYTES = 1 << 14;

    /** A plan of 100,000 steps has some 30 MB. */
    private static final int LARGEST_STATE_FILE = 256 << 20;

    /** Ends the name of a file that has not replaced another yet. */
    static final String TEMPORARY = ".tmp";

    private final FilePort port;

    Disk(FilePort port) {
        this.port = port;
    }

    FilePort port() {
        return port;
    }

    /** Writes a new file, for its owner only, and forces it; an old one of that name goes. */
    void write(Path file, byte[] bytes) throws IOException {
        removeFile(file);
        try (FilePort.Output output = port.create(file)) {
            output.write(bytes, 0, bytes.length);
            output.force();
        }
    }

    /** Writes a new file with these attributes and forces it; an old one of that name goes. */
    void write(Path file, byte[] bytes, Attributes attributes) throws IOException {
        removeFile(file);
        try (FilePort.Output output = port.create(file)) {
            output.write(bytes, 0, bytes.length);
            port.setAttributes(file, attributes);
            output.force();
        }
    }

    /** Replaces a file: after a cut it is the old one or the new one, after the return it is the new one. */
    void writeAtomically(Path file, byte[] bytes) throws IOException {
        Path temporary = temporary(file);
        write(temporary, bytes);
        port.move(temporary, file);
        port.forceFolder(parent(file));
    }

    static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + TEMPORARY);
    }

    /** The bytes of a file of the state folder; empty if there is none. */
    Optional<byte[]> read(Path file) throws IOException {
        if (!port.status(file).isFile()) {
            return Optional.empty();
        }
        try (InputStream input = port.read(file)) {
            byte[] bytes = input.readNBytes(LARGEST_STATE_FILE);
            if (bytes.length == LARGEST_STATE_FILE) {
                throw new IOException(file + " has more than " + LARGEST_STATE_FILE + " bytes");
            }
            return Optional.of(bytes);
        }
    }

    /** Copies a file with its attributes and forces it. */
    void copy(Path from, Path to) throws IOException {
        removeFile(to);
        try (InputStream input = port.read(from);
                FilePort.Output output = port.create(to)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
                output.write(buffer, 0, length);
            }
            port.setAttributes(to, port.status(from).attributes());
            output.force();
        }
    }

    /** Gives what is at {@code from} a second name, or makes a forced copy where the store knows no second names. */
    void linkOrCopy(Path from, Path to) throws IOException {
        FileStatus status = port.status(from);
        removeFile(to);
        if (status.isLink()) {
            port.symlink(to, status.target());
            return;
        }
        try {
            port.link(from, to);
        } catch (UnsupportedOperationException noLinks) {
            copy(from, to);
        }
    }

    /** What is at a path, read to its last byte. */
    Entry entry(Path path) throws IOException {
        FileStatus status = port.status(path);
        return switch (status.kind()) {
            case ABSENT -> Entry.ABSENT;
            case FOLDER -> new Entry.Folder(status.attributes());
            case LINK -> new Entry.Link(status.target());
            case FILE ->
                new Entry.File(
                        digest(path, Digest.Algorithm.SHA256).hex(),
                        status.size(),
                        status.attributes().mode());
            case OTHER -> throw new ConflictException(path.toString(), "it is neither file nor folder nor link");
        };
    }

    Digest digest(Path file, Digest.Algorithm algorithm) throws IOException {
        MessageDigest digest = algorithm.newMessageDigest();
        digestInto(file, digest);
        return Digest.of(algorithm, digest.digest());
    }

    void digestInto(Path file, MessageDigest... digests) throws IOException {
        try (InputStream input = port.read(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
                for (MessageDigest digest : digests) {
                    digest.update(buffer, 0, length);
                }
            }
        }
    }

    void removeFile(Path file) throws IOException {
        if (!port.status(file).isAbsent()) {
            port.unlink(file);
        }
    }

    void makeFolder(Path folder) throws IOException {
        if (port.status(folder).isAbsent()) {
            port.makeFolder(folder);
        }
    }

    /** Removes what is at {@code path}, with all that is in it. Only for the state folder. */
    void removeTree(Path path) throws IOException {
        FileStatus status = port.status(path);
        if (status.isFolder()) {
            for (String name : port.list(path)) {
                removeTree(path.resolve(name));
            }
            port.removeFolder(path);
        } else if (!status.isAbsent()) {
            port.unlink(path);
        }
    }

    static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent");
        }
        return parent;
    }
}
