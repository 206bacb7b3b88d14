package io.overair.server;

import io.overair.tree.FileFingerprint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Optional;

/** A file, opened. */
record FileContent(FileChannel channel, long size, Optional<String> entityTag) implements Content {
    private static final int ATTEMPTS = 3;

    /**
     * Opens {@code file}, which must have no link on the way to it; empty if it is no plain file.
     *
     * <p>Java cannot ask an open file which one it is. So the name is looked at before and after: what is opened between
     * two equal looks is what was seen.
     */
    static Optional<Content> open(Path file, InstantSource clock) throws IOException {
        try {
            for (int attempt = 1; ; attempt++) {
                if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isRegularFile()) {
                    return Optional.empty();
                }
                FileFingerprint before = FileFingerprint.of(file);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                try {
                    FileFingerprint after = FileFingerprint.of(file);
                    boolean sameFile = after.equals(before);
                    if (sameFile || attempt == ATTEMPTS) {
                        Optional<String> tag = sameFile && !after.tooYoungAt(clock.instant())
                                ? Optional.of(after.token())
                                : Optional.empty();
                        return Optional.of(new FileContent(channel, channel.size(), tag));
                    }
                    channel.close();
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
            }
        } catch (NoSuchFileException replacedOrRemoved) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
