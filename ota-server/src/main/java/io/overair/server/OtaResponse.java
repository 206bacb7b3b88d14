package io.overair.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a web server has to send. Whoever gets one closes it, once the body is sent or given up.
 *
 * @param status the status code
 * @param headers names and values in the order to send them, without {@code Content-Length}
 * @param contentLength the value of {@code Content-Length}; empty for an answer that must not have one. An answer to
 *     HEAD has the length that GET would bring, and no body
 * @param body what follows the headers
 * @param delivery whether the answer may reach the client
 */
public record OtaResponse(
        int status, Map<String, String> headers, OptionalLong contentLength, Body body, Delivery delivery)
        implements Closeable {

    /** What follows the headers. */
    public sealed interface Body {
        /** Nothing. */
        record None() implements Body {}

        /** Bytes in memory; every call of {@link #bytes} gives a view of its own. */
        record Bytes(ByteBuffer bytes) implements Body {
            @Override
            public ByteBuffer bytes() {
                return bytes.asReadOnlyBuffer();
            }
        }

        /**
         * {@code length} bytes of {@code content} from {@code offset} on. If they turn out to be fewer, the connection
         * must end with a reset, never in good order: a client without a length would take the part for the whole.
         */
        record Part(Content content, long offset, long length) implements Body {}
    }

    /** Whether an answer may reach the client. */
    public enum Delivery {
        /** As it is. */
        ANSWER,
        /**
         * Not at all: reset the connection. This client speaks HTTP/1.0 and asked for firmware that it cannot have; the
         * Pycom client does not look at the status, it would take the answer for an image, and start it.
         */
        RESET
    }

    OtaResponse delivered(Delivery how) {
        return new OtaResponse(status, headers, contentLength, body, how);
    }

    @Override
    public void close() throws IOException {
        if (body instanceof Body.Part part) {
            part.content().close();
        }
    }
}
