package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Room on a store that nobody else can take while a release is on trial: one that fills the disk can still be undone.
 * It is a file of real bytes, since a file store may compress others away.
 */
final class Reserve {
    /** What every change needs: its folders, and states. */
    static final int ROOM_BYTES = 64 << 10;

    /** What it takes to write down how a trial goes on: a state beside the one before. */
    static final int WORD_BYTES = 16 << 10;

    private static final int BUFFER_BYTES = 1 << 14;

    private final Disk disk;
    private final Path file;

    private Reserve(StateFolder folder, Path file) {
        this.disk = folder.disk();
        this.file = file;
    }

    /** For the way back: given away by nothing else, for the release takes at once what is given away while it runs. */
    static Reserve ofRollback(StateFolder folder) {
        return new Reserve(folder, folder.reserve());
    }

    /** For the words of the trial, again and again. */
    static Reserve ofWords(StateFolder folder) {
        return new Reserve(folder, folder.reserveOfWords());
    }

    /** Gives away all that {@code folder} holds; whether that was any. */
    static boolean releaseAll(StateFolder folder) throws IOException {
        boolean held = ofRollback(folder).release();
        return ofWords(folder).release() || held;
    }

    /** Keeps room for {@code bytes}, or for nothing if that fails. */
    void keep(long bytes) throws IOException {
        disk.removeFile(file);
        try {
            fill(bytes);
        } catch (IOException e) {
            disk.removeFile(file);
            throw e;
        }
    }

    private void fill(long bytes) throws IOException {
        Random random = new Random(bytes);
        byte[] buffer = new byte[BUFFER_BYTES];
        try (FilePort.Output output = disk.port().create(file)) {
            for (long left = bytes; left > 0; left -= buffer.length) {
                random.nextBytes(buffer);
                output.write(buffer, 0, (int) Math.min(left, buffer.length));
            }
            output.force();
        }
        // A cut after the commit must not take the name away: recovery ends in the trial, and makes no reserve.
        disk.port().forceFolder(Disk.parent(file));
    }

    boolean isKept() throws IOException {
        return !disk.port().status(file).isAbsent();
    }

    /** Gives the room away; whether there was any. */
    boolean release() throws IOException {
        boolean held = isKept();
        if (held) {
            disk.port().unlink(file);
        }
        return held;
    }
}
