package io.overair.tree;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * What a file store tells about a file without its being read: while it stays the same, so does the content — except
 * for a file that {@linkplain #tooYoungAt was young} when its content was read, since a later change may leave no trace
 * within the resolution of the store's clock.
 *
 * @param size the length in bytes
 * @param modified when the content was last changed; a program may set this as it likes
 * @param changed when content or attributes were last changed, which no program can set; where the store does not know,
 *     when the file was created
 * @param inode the store's number for the file; 0 where the store has none
 */
public record FileFingerprint(long size, FileTime modified, FileTime changed, long inode) {
    /** Resolution of the coarsest clock a file store in use has (FAT), and git's margin for the same problem. */
    private static final Duration YOUTH = Duration.ofSeconds(2);

    /**
     * The fingerprint of {@code path} as it is now, links followed.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if the store cannot tell
     */
    public static FileFingerprint of(Path path) throws IOException {
        return FileStatus.of(path).fingerprint();
    }

    /**
     * Whether content read at {@code moment} may change later without this fingerprint changing: the file was younger
     * than two seconds then, or its times lie in the future.
     */
    public boolean tooYoungAt(Instant moment) {
        FileTime newest = modified.compareTo(changed) > 0 ? modified : changed;
        return newest.toInstant().isAfter(moment.minus(YOUTH));
    }

    /**
     * A short text that is equal exactly when the fingerprint is: digits, letters {@code a} to {@code f} and {@code -}
     * only, so that it can stand in an HTTP entity tag as it is.
     */
    public String token() {
        return "%x-%s-%s-%x".formatted(size, hex(modified), hex(changed), inode);
    }

    private static String hex(FileTime time) {
        Instant instant = time.toInstant();
        return "%x-%x".formatted(instant.getEpochSecond(), instant.getNano());
    }
}
