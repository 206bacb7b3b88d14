package io.overair.examples.embedding;

import io.overair.client.Download;
import io.overair.client.NoSuchResourceException;
import io.overair.client.Transport;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A way for bytes to get to a device that the library does not know: here, files that a radio hands over whole. */
public final class OwnTransport {
    private OwnTransport() {}

    /** What a radio can do. */
    @FunctionalInterface
    public interface Radio {
        /** Opens what the other end calls {@code name}; null if it has no such thing. */
        @Nullable
        InputStream request(String name) throws IOException;
    }

    /** A transport over {@code radio}. */
    public static Transport over(Radio radio) {
        // README: begin transport
        Transport transport = (reference, offset) -> {
            InputStream content = radio.request(Transport.pathOf(reference));
            if (content == null) {
                throw new NoSuchResourceException(reference, "the other end has not got it");
            }
            return Download.of(content); // from the first byte, whatever offset was asked for
        };
        // README: end transport
        return transport;
    }
}
