package io.overair.install;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A lock file that is held against other processes and against the rest of this one.
 *
 * <p>POSIX takes a lock away as soon as <em>any</em> descriptor of its file is closed in the process. So nobody opens a
 * lock file that this process may have locked: a registry is asked first, and where another class loader, whose
 * registry is another one, turns out to hold the lock, the channel that found it out stays open.
 */
final class InstallationLock implements Closeable {
    private static final Set<Object> HELD = new HashSet<>();
    private static final Map<Object, FileChannel> KEPT_OPEN = new HashMap<>();

    /** Longest text about a holder that is read, in bytes. */
    private static final int LONGEST_HOLDER = 2000;

    private final Path file;
    private final Object key;
    private final FileChannel channel;
    private boolean closed;

    private InstallationLock(Path file, Object key, FileChannel channel) {
        this.file = file;
        this.key = key;
        this.channel = channel;
    }

    /**
     * Takes the lock of {@code file}, which is made with these attributes if it is missing, or gives up at once. The
     * {@linkplain #ownerFileOf file beside it} was made by this program then, whoever made the folder.
     */
    static InstallationLock take(Path file, FileAttribute<?>... ifMissing) throws IOException {
        synchronized (HELD) {
            FileChannel channel = open(file, ifMissing);
            Object key = keyOf(file);
            lock(channel, key, file);
            try {
                makeHolder(file);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            HELD.add(key);
            return new InstallationLock(file, key, channel);
        }
    }

    static Path ownerFileOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".owner");
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (!closed) {
                closed = true;
                removeHolder(file);
                // First the channel: whoever finds the registry empty opens the file, and our closing it later would
                // take the lock away from there.
                try {
                    channel.close();
                } finally {
                    HELD.remove(key);
                }
            }
        }
    }

    private static FileChannel open(Path file, FileAttribute<?>... ifMissing) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Object key = keyOf(file);
            if (HELD.contains(key)) {
                throw locked(file);
            }
            FileChannel kept = KEPT_OPEN.remove(key);
            if (kept != null) {
                return kept;
            }
        }
        // Made by the very descriptor that locks it: one that was only there to make it would have to be closed.
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                ifMissing);
    }

    private static void lock(FileChannel channel, Object key, Path file) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw locked(file);
            }
        } catch (OverlappingFileLockException e) {
            KEPT_OPEN.put(key, channel);
            throw locked(file);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Object keyOf(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        return key == null ? file.toRealPath() : key;
    }

    private static InstallationLockedException locked(Path file) {
        Path stateFolder = Objects.requireNonNull(file.getParent(), "a lock lies in a state folder");
        Path root = Objects.requireNonNull(stateFolder.getParent(), "a state folder lies in a root");
        return new InstallationLockedException(root, holder(ownerFileOf(file)));
    }

    private static String holder(Path ownerFile) {
        try (InputStream in = Files.newInputStream(ownerFile, LinkOption.NOFOLLOW_LINKS)) {
            return LockHolder.parse(in.readNBytes(LONGEST_HOLDER))
                    .map(LockHolder::toString)
                    .orElse("another process");
        } catch (IOException e) {
            return "another process";
        }
    }

    /**
     * A new one, whose owner tells who runs this program, and whose content is for the message others get. It is written by
     * the very descriptor that made it: whoever may change names in the folder could put a link in its place meanwhile.
     */
    private static void makeHolder(Path file) throws IOException {
        Path owner = ownerFileOf(file);
        try {
            Files.deleteIfExists(owner);
        } catch (DirectoryNotEmptyException e) {
            throw new UntrustedStateException(owner, "it is not this program's and cannot be replaced", e);
        }
        try (FileChannel made = FileChannel.open(owner, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(LockHolder.self().toBytes(), made);
        } catch (FileAlreadyExistsException e) {
            throw new UntrustedStateException(owner, "it is not this program's and cannot be replaced", e);
        }
    }

    private static void write(byte[] bytes, FileChannel file) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        try {
            while (left.hasRemaining()) {
                file.write(left);
            }
        } catch (IOException e) {
            // A full disk is no reason not to hold the lock: then others are told "another process".
        }
    }

    /** A program that goes on running does not hold the lock any more. */
    private static void removeHolder(Path file) {
        try {
            Files.deleteIfExists(ownerFileOf(file));
        } catch (IOException e) {
            // Then others are told of a holder that is none; the lock itself knows better.
        }
    }
}
