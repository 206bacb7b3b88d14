package io.overair.server;

import io.overair.manifest.ManifestJson;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/** What a device is told that has nothing to do. */
record UpToDate(SeekableByteChannel channel) implements Content {
    private static final ByteBuffer JSON = ByteBuffer.wrap(ManifestJson.upToDate());

    UpToDate() {
        this(ReadOnlyChannel.of(JSON));
    }

    @Override
    public long size() {
        return JSON.limit();
    }

    @Override
    public Optional<String> entityTag() {
        return Optional.of("up-to-date");
    }

    @Override
    public void close() {
        // Memory needs no closing.
    }
}
