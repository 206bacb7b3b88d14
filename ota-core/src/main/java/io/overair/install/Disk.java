package io.overair.install;

import io.overair.manifest.Digest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** What is made of several operations of the port. */
final class Disk {
    private static final int BUFFER_BYTES = 1 << 14;

    /** Most that {@link #read} takes into memory, in bytes. */
    private static final int LARGEST_IN_MEMORY = 1 << 20;

    /** Ends the name of a file that has not replaced another yet. */
    static final String TEMPORARY = ".tmp";

    /** What a name is that this JVM cannot express. */
    static final String UNSPEAKABLE =
            "a name that is no text in the encoding of this JVM; rename it, or start the JVM with LC_ALL=C.UTF-8 or another UTF-8 locale";

    private final FilePort port;

    Disk(FilePort port) {
        this.port = port;
    }

    FilePort port() {
        return port;
    }

    /** What a file is to hold. */
    interface Content {
        void writeTo(OutputStream output) throws IOException;
    }

    /** Writes a new file, for its owner only, and forces it; an old one of that name goes. */
    void write(Path file, byte[] bytes) throws IOException {
        write(file, output -> output.write(bytes));
    }

    /** Writes a new file, for its owner only, and forces it; an old one of that name goes. */
    void write(Path file, Content content) throws IOException {
        removeFile(file);
        try (FilePort.Output output = port.create(file)) {
            OutputStream buffered = new BufferedOutputStream(streamTo(output), BUFFER_BYTES);
            content.writeTo(buffered);
            buffered.flush();
            output.force();
        }
    }

    private static OutputStream streamTo(FilePort.Output output) {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                output.write(bytes, offset, length);
            }
        };
    }

    /**
     * Writes a new file with these attributes, as far as this program may give files away, and with the extended ones of the
     * file that it is to replace, and forces it; an old one of that name goes.
     */
    void write(Path file, byte[] bytes, Attributes attributes, Path replaced) throws IOException {
        removeFile(file);
        try (FilePort.Output output = port.create(file)) {
            output.write(bytes, 0, bytes.length);
            copyUserAttributes(replaced, file);
            give(file, attributes);
            output.force();
        }
    }

    /** Gives {@code file} the extended attributes of the one that it is to replace, if there is one. */
    void copyUserAttributes(Path replaced, Path file) throws IOException {
        if (port.status(replaced).isFile()) {
            port.copyUserAttributes(replaced, file);
        }
    }

    /** Replaces a file: after a cut it is the old one or the new one, after the return it is the new one. */
    void writeAtomically(Path file, byte[] bytes) throws IOException {
        writeAtomically(file, output -> output.write(bytes));
    }

    /** Replaces a file: after a cut it is the old one or the new one, after the return it is the new one. */
    void writeAtomically(Path file, Content content) throws IOException {
        Path temporary = temporary(file);
        write(temporary, content);
        port.move(temporary, file);
        port.forceFolder(parent(file));
    }

    static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + TEMPORARY);
    }

    /** The bytes of a small file; empty if there is none. */
    Optional<byte[]> read(Path file) throws IOException {
        if (!port.status(file).isFile()) {
            return Optional.empty();
        }
        try (InputStream input = port.read(file)) {
            byte[] bytes = input.readNBytes(LARGEST_IN_MEMORY);
            if (bytes.length == LARGEST_IN_MEMORY) {
                throw new IOException(file + " has more than " + LARGEST_IN_MEMORY + " bytes");
            }
            return Optional.of(bytes);
        }
    }

    /** Gives what this program has made the attributes that are wanted, as far as it may. */
    void give(Path own, Attributes wanted) throws IOException {
        String self = port.status(own).attributes().owner();
        Attributes atBest = wanted.atBest(self);
        Attributes atWorst = wanted.atWorst(self);
        try {
            port.setAttributes(own, atBest);
        } catch (FileSystemException e) {
            if (atBest.equals(atWorst)) {
                throw e;
            }
            giveOnceMore(own, atBest, atWorst);
        }
    }

    /** Java has no type for the refusal of a group, but unlike most failures it comes again. */
    private void giveOnceMore(Path own, Attributes atBest, Attributes atWorst) throws IOException {
        try {
            port.setAttributes(own, atBest);
        } catch (FileSystemException refused) {
            port.setAttributes(own, atWorst);
        }
    }

    /** Copies a file with its attributes, as far as this program may give files away, and forces it. */
    void copy(Path from, Path to) throws IOException {
        removeFile(to);
        try (InputStream input = port.read(from);
                FilePort.Output output = port.create(to)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
                output.write(buffer, 0, length);
            }
            port.copyUserAttributes(from, to);
            give(to, port.status(from).attributes());
            output.force();
        }
    }

    /**
     * Gives what is at {@code from} a second name, or makes a forced copy where the store knows no second names; how many
     * bytes were copied.
     */
    long linkOrCopy(Path from, Path to) throws IOException {
        FileStatus status = port.status(from);
        removeFile(to);
        if (status.isLink()) {
            port.symlink(to, status.target());
            return 0;
        }
        try {
            port.link(from, to);
            return 0;
        } catch (UnsupportedOperationException noLinks) {
            copy(from, to);
            return status.size();
        }
    }

    /** What is at a path, read to its last byte. */
    Entry entry(Path path) throws IOException {
        return entry(path, port.status(path));
    }

    /** What is at a path that has this status, read to its last byte. */
    Entry entry(Path path, FileStatus status) throws IOException {
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
                Optional<Path> child = child(path, name);
                if (child.isEmpty()) {
                    throw new FileSystemException(path.toString(), null, name + " in it has " + UNSPEAKABLE);
                }
                removeTree(child.get());
            }
            port.removeFolder(path);
        } else if (!status.isAbsent()) {
            port.unlink(path);
        }
    }

    /** What {@code name} in {@code folder} leads to; empty if this JVM cannot express the name. */
    static Optional<Path> child(Path folder, String name) {
        try {
            return Optional.of(folder.resolve(name));
        } catch (InvalidPathException e) {
            return Optional.empty();
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
