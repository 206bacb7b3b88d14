package io.overair.tree;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Tells what files hash to, one after another. For use by one thread. */
final class ContentHasher {
    /** Opens a file's content. */
    @FunctionalInterface
    interface Source {
        InputStream open(Path file) throws IOException;
    }

    /** Refuses a link that has taken a file's place since it was looked at. */
    static final Source FILES = file -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);

    /** Bytes read at once: below 32 KiB the system calls show, above 64 KiB nothing is gained. */
    private static final int BUFFER_SIZE = 64 * 1024;

    /** How often a file is read that changes while it is read. */
    private static final int TRIES = 3;

    private final ScanOptions options;
    private final Source source;
    private final Map<Digest.Algorithm, MessageDigest> computations = new EnumMap<>(Digest.Algorithm.class);
    private final byte[] buffer = new byte[BUFFER_SIZE];

    ContentHasher(ScanOptions options, Source source) {
        this.options = options;
        this.source = source;
        options.algorithms.forEach(algorithm -> computations.put(algorithm, algorithm.newMessageDigest()));
    }

    /**
     * The content of {@code file}, all of one moment.
     *
     * @throws NoSuchFileException if the file is gone, or something else has taken its place
     * @throws TreeChangedException if it changed at every try
     */
    FileTree.Known hash(Listing.Found file, BooleanSupplier abandoned) throws IOException {
        FileFingerprint before = file.fingerprint();
        for (int tried = 0; tried < TRIES; tried++) {
            Instant moment = options.clock.instant();
            boolean complete = read(file, before, abandoned);
            FileFingerprint after = fingerprint(file.content());
            if (complete && after.equals(before)) {
                FileEntry entry = new FileEntry(before.size(), digests());
                return new FileTree.Known(file.path(), entry, before, !before.tooYoungAt(moment));
            }
            before = after;
        }
        throw new TreeChangedException(
                file.content().toString(), "changed each of the %d times it was read".formatted(TRIES));
    }

    /** Whether the file could be read and had the length it was said to have. */
    private boolean read(Listing.Found file, FileFingerprint expected, BooleanSupplier abandoned) throws IOException {
        computations.values().forEach(MessageDigest::reset);
        long bytes = 0;
        try (InputStream content = source.open(file.content())) {
            // A file that grows as fast as it is read must not keep us for ever.
            for (int read = 0; read >= 0 && bytes <= expected.size(); read = content.read(buffer)) {
                for (MessageDigest computation : computations.values()) {
                    computation.update(buffer, 0, read);
                }
                bytes += read;
                if (abandoned.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException(file.content() + ": interrupted while it was read");
                }
            }
        } catch (ClosedByInterruptException e) {
            throw interrupted(file, e);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            if (fingerprint(file.content()).equals(expected)) {
                throw named(file, e);
            }
            return false;
        }
        options.listener.hashed(file.path(), bytes);
        return bytes == expected.size();
    }

    private static FileFingerprint fingerprint(Path file) throws IOException {
        FileStatus status = FileStatus.of(file, LinkOption.NOFOLLOW_LINKS);
        if (status.kind() != FileStatus.Kind.FILE) {
            throw new NoSuchFileException(file.toString(), null, "it is no file any more");
        }
        return status.fingerprint();
    }

    private List<Digest> digests() {
        return computations.entrySet().stream()
                .map(computation ->
                        Digest.of(computation.getKey(), computation.getValue().digest()))
                .toList();
    }

    /** Errors while reading, other than those while opening, do not say of which file. */
    private static IOException named(Listing.Found file, IOException e) {
        return e instanceof FileSystemException ? e : new IOException(file.content() + ": " + e.getMessage(), e);
    }

    private static InterruptedIOException interrupted(Listing.Found file, ClosedByInterruptException cause) {
        InterruptedIOException interrupted =
                new InterruptedIOException(file.content() + ": interrupted while it was read");
        interrupted.initCause(cause);
        return interrupted;
    }
}
