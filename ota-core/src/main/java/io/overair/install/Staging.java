package io.overair.install;

import io.overair.manifest.Digest;
import io.overair.manifest.Target;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Downloads on their way to be staged files. They lie in the state folder of the file store that they are meant for, named
 * after the digest that they are to have, and are kept when the connection breaks or the program ends: what is there
 * already is read again before it counts.
 */
final class Staging {
    private static final int BUFFER_BYTES = 1 << 14;

    private final Disk disk;
    private final ForceQueue forces;
    private final long freeSpaceFloor;
    private final Map<Target, Part> parts = new HashMap<>();
    private final Set<Path> files = new HashSet<>();
    /** What earlier runs left. */
    private final Set<Path> found = new HashSet<>();

    Staging(Disk disk, InstallationOptions options) {
        this.disk = disk;
        this.forces = new ForceQueue(disk, options.executor());
        this.freeSpaceFloor = options.freeSpaceFloor();
    }

    /** A whole download. */
    record Staged(Path part, Digest sha256, long size, Attributes attributes) {}

    /** What has come of a target so far. */
    private static final class Part {
        final Path file;
        final Attributes attributes;
        final Optional<Path> replaced;
        /** Of what is here; none before the first byte and after the last, since there may be many parts. */
        Map<Digest.Algorithm, MessageDigest> digests = Map.of();

        long length;
        Optional<Staged> whole = Optional.empty();

        Part(Path file, Attributes attributes, Optional<Path> replaced) {
            this.file = file;
            this.attributes = attributes;
            this.replaced = replaced;
        }

        void restart(Target target) {
            digests = new EnumMap<>(Digest.Algorithm.class);
            digests.put(Digest.Algorithm.SHA256, Digest.Algorithm.SHA256.newMessageDigest());
            for (Digest digest : target.digests()) {
                digests.putIfAbsent(digest.algorithm(), digest.algorithm().newMessageDigest());
            }
            length = 0;
        }
    }

    /**
     * Gets ready for {@code target}, whose staged file is to have {@code attributes}, and the extended ones of the file that it
     * replaces; picks up what an earlier run left.
     */
    void expect(Target target, StateFolder store, Attributes attributes, Optional<Path> replaced) throws IOException {
        Digest strongest = target.digests().get(target.digests().size() - 1);
        Part part = new Part(store.part(freeName(store, strongest)), attributes, replaced);
        parts.put(target, part);
        if (!found.contains(part.file)) {
            return;
        }

        part.restart(target);
        FileStatus status = disk.port().status(part.file);
        if (!status.isFile() || status.size() > target.size().orElse(Long.MAX_VALUE)) {
            disk.removeFile(part.file);
            return;
        }
        disk.digestInto(part.file, part.digests.values().toArray(MessageDigest[]::new));
        part.length = status.size();
        Map<Digest.Algorithm, Digest> actual = digests(part);
        if (mismatch(target, actual).isEmpty()) {
            finish(part, actual, disk.port().append(part.file));
        } else if (target.size().equals(OptionalLong.of(part.length))) {
            discard(target, part);
        }
    }

    /** Two targets may have the same content; each needs a file of its own. */
    private String freeName(StateFolder store, Digest digest) {
        int duplicate = 0;
        while (!files.add(store.part(StateFolder.partName(digest, duplicate)))) {
            duplicate++;
        }
        return StateFolder.partName(digest, duplicate);
    }

    /** Makes the folder for downloads on a store, and sees what is in it. */
    void prepare(StateFolder store) throws IOException {
        store.make();
        disk.makeFolder(store.parts());
        for (String name : disk.port().list(store.parts())) {
            found.add(store.part(name));
        }
    }

    /** Removes what earlier updates left that nobody asks for any more. */
    void removeOthers(StateFolder store) throws IOException {
        for (String name : disk.port().list(store.parts())) {
            if (!files.contains(store.part(name))) {
                disk.removeFile(store.part(name));
            }
        }
    }

    /** The download of {@code target}, if it is whole. */
    Optional<Staged> staged(Target target) {
        return part(target).whole;
    }

    /** How many bytes of {@code target} are here. */
    long held(Target target) {
        return part(target).length;
    }

    /** How many bytes of all targets are here. */
    long held() {
        return parts.values().stream().mapToLong(part -> part.length).sum();
    }

    /** How many bytes {@code target} has, as far as that is known. */
    long knownSize(Target target) {
        return target.size().orElse(held(target));
    }

    /** How many bytes of {@code target} have still to be fetched, as far as its size is known. */
    long stillToCome(Target target) {
        return Math.max(0, target.size().orElse(0) - held(target));
    }

    /**
     * Adds {@code content}, which begins at {@code offset}, and checks the whole.
     *
     * @throws InsufficientSpaceException if there is no room; nothing of any target is here any more
     */
    void stage(Target target, long offset, InputStream content) throws IOException {
        try {
            receive(target, offset, content);
        } catch (InsufficientSpaceException e) {
            discardAfter(e);
            throw e;
        }
    }

    private void receive(Target target, long offset, InputStream content) throws IOException {
        Part part = part(target);
        if (part.whole.isPresent()) {
            throw new IllegalStateException(part.file.getFileName() + " is staged already");
        }
        if (offset != 0 && offset != part.length) {
            throw new IllegalArgumentException("content from %d on, %d bytes are here".formatted(offset, part.length));
        }
        if (offset == 0) {
            discard(target, part);
        }
        FilePort.Output output =
                part.length > 0 ? disk.port().append(part.file) : disk.port().create(part.file);
        boolean handedOn = false;
        try {
            copy(target, part, content, output);
            Map<Digest.Algorithm, Digest> found = digests(part);
            Optional<Digest> wrong = mismatch(target, found);
            if (wrong.isPresent()) {
                Digest actual = found.get(wrong.get().algorithm());
                discard(target, part);
                throw new IntegrityException(target, wrong.get().toString(), String.valueOf(actual));
            }
            handedOn = true;
            finish(part, found, output);
        } finally {
            if (!handedOn) {
                output.close();
            }
        }
    }

    private void copy(Target target, Part part, InputStream content, FilePort.Output output) throws IOException {
        long expected = target.size().orElse(Long.MAX_VALUE);
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted; nothing was changed");
            }
            if (length > expected - part.length) {
                discard(target, part);
                throw new IntegrityException(target, expected + " bytes", "more");
            }
            write(target, part, output, buffer, length);
        }
        if (target.size().isPresent() && part.length < expected) {
            throw new EOFException("ended after %d of %d bytes".formatted(part.length, expected));
        }
    }

    private void write(Target target, Part part, FilePort.Output output, byte[] buffer, int length) throws IOException {
        long usable = disk.port().usableSpace(part.file);
        if (usable - length < freeSpaceFloor) {
            throw noRoomFor(target, usable);
        }
        try {
            output.write(buffer, 0, length);
        } catch (InsufficientSpaceException e) {
            InsufficientSpaceException named = noRoomFor(target, usable);
            named.initCause(e);
            throw named;
        } catch (IOException e) {
            // How much of it was written is not known.
            try {
                discard(target, part);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        for (MessageDigest digest : part.digests.values()) {
            digest.update(buffer, 0, length);
        }
        part.length += length;
    }

    private InsufficientSpaceException noRoomFor(Target target, long usable) {
        String message = "no room for %s, with %d bytes to be left free"
                .formatted(IntegrityException.name(target), freeSpaceFloor);
        return target.size().isPresent()
                ? new InsufficientSpaceException(message, stillToCome(target) + freeSpaceFloor, usable)
                : new InsufficientSpaceException(message, usable);
    }

    private void finish(Part part, Map<Digest.Algorithm, Digest> found, FilePort.Output output) throws IOException {
        // Attributes first: some file systems lose what is set after the force.
        if (part.replaced.isPresent()) {
            disk.copyUserAttributes(part.replaced.get(), part.file);
        }
        disk.give(part.file, part.attributes);
        Digest sha256 = found.get(Digest.Algorithm.SHA256);
        if (sha256 == null) {
            throw new IllegalStateException("always computed");
        }
        part.whole = Optional.of(new Staged(part.file, sha256, part.length, part.attributes));
        part.digests = Map.of();
        forces.add(part.file, output);
    }

    private void discard(Target target, Part part) throws IOException {
        part.restart(target);
        disk.removeFile(part.file);
    }

    /**
     * Removes everything after a failure for which there is too little room: the programs of the device need it more than the
     * next try does.
     */
    void discardAfter(InsufficientSpaceException failure) {
        try {
            forces.await();
        } catch (IOException alsoLost) {
            failure.addSuppressed(alsoLost);
        }
        parts.forEach((target, part) -> {
            try {
                part.whole = Optional.empty();
                discard(target, part);
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
        });
    }

    /** Waits until every whole download is on the disk. */
    void force() throws IOException {
        try {
            forces.await();
        } catch (InsufficientSpaceException e) {
            throw new InsufficientSpaceException("no room for the update", e);
        }
    }

    private static Map<Digest.Algorithm, Digest> digests(Part part) {
        Map<Digest.Algorithm, Digest> digests = new EnumMap<>(Digest.Algorithm.class);
        part.digests.forEach((algorithm, digest) -> {
            try {
                // The computation goes on if this is not the end.
                digests.put(algorithm, Digest.of(algorithm, ((MessageDigest) digest.clone()).digest()));
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("the digests of the JDK can be cloned", e);
            }
        });
        return digests;
    }

    private static Optional<Digest> mismatch(Target target, Map<Digest.Algorithm, Digest> found) {
        return target.digests().stream()
                .filter(digest -> !digest.equals(found.get(digest.algorithm())))
                .findFirst();
    }

    private Part part(Target target) {
        Part part = parts.get(target);
        if (part == null) {
            throw new IllegalArgumentException("not a target that is missing: " + target.reference());
        }
        return part;
    }
}
