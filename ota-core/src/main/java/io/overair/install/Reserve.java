package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Room on a store that nobody else can take while a release is on trial: one that fills the disk can still be undone.
 * It is a file of real bytes, since a file store may compress others away.
 */
final class Reserve {
    private static final int BUFFER_BYTES = 1 << 14;

    /** What every change needs: its folders, and states. */
    static final int ROOM_BYTES = 64 << 10;

    private final Disk disk;
    private final Path file;

    Reserve(StateFolder folder) {
        this.disk = folder.disk();
        this.file = folder.reserve();
    }

    /** Keeps room for {@code bytes} and for what every change needs. */
    void keep(long bytes) throws IOException {
        disk.removeFile(file);
        Random random = new Random(bytes);
        byte[] buffer = new byte[BUFFER_BYTES];
        try (FilePort.Output output = disk.port().create(file)) {
            for (long left = bytes + ROOM_BYTES; left > 0; left -= buffer.length) {
                random.nextBytes(buffer);
                output.write(buffer, 0, (int) Math.min(left, buffer.length));
            }
            output.force();
        }
        // A cut after the commit must not take the name away: recovery ends in the trial, and makes no reserve.
        disk.port().forceFolder(Disk.parent(file));
    }

    /** Gives the room away; whether there was any. */
    boolean release() throws IOException {
        boolean held = !disk.port().status(file).isAbsent();
        disk.removeFile(file);
        return held;
    }
}
