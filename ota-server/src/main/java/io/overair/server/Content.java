package io.overair.server;

import java.io.Closeable;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;

/** Something to serve, opened: what is read from it is of one moment, even if it is replaced meanwhile. */
public interface Content extends Closeable {
    /** How many bytes there are. */
    long size();

    /**
     * A strong entity tag without its quotes: two contents of one path with the same tag are the same bytes
     * (RFC 9110 §8.8.3). Empty if that cannot be promised, as for a file that has just been written.
     */
    Optional<String> entityTag();

    /** The bytes, to be read from any position. It is one channel, closed with this content. */
    SeekableByteChannel channel();
}
