package io.overair.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * Content on its way.
 *
 * @param content the bytes from {@code offset} to the end; this download closes it
 * @param offset where the bytes really begin: what was asked for, or 0 if the peer cannot start in the middle
 * @param totalLength how long the content is from its very beginning, in bytes, where the peer tells
 */
public record Download(InputStream content, long offset, OptionalLong totalLength) implements Closeable {
    public Download {
        if (offset < 0) {
            throw new IllegalArgumentException("a download from " + offset);
        }
        if (totalLength.isPresent() && totalLength.getAsLong() < offset) {
            throw new IllegalArgumentException("a download from %d of %d".formatted(offset, totalLength.getAsLong()));
        }
    }

    /** A download of everything from the first byte to the end of {@code content}, whatever length that is. */
    public static Download of(InputStream content) {
        return new Download(content, 0, OptionalLong.empty());
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
