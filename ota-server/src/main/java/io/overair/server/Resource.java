package io.overair.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Something a request found: what an answer is made of. */
sealed interface Resource {
    /** The headers of an answer that brings it whole, {@code Content-Type} first. */
    Map<String, String> headers();

    /** Its strong entity tag, in quotes. */
    Optional<String> entityTag();

    /** Its length in bytes. */
    long size();

    /** {@code length} bytes of it from {@code offset} on. */
    OtaResponse.Body part(long offset, long length);

    /** Lets go of what is open; for an answer that takes no part of it. */
    void close() throws IOException;

    /** Bytes in memory: all that {@code content} holds. */
    record InMemory(Map<String, String> headers, Optional<String> entityTag, ByteBuffer content) implements Resource {
        @Override
        public long size() {
            return content.limit();
        }

        @Override
        public OtaResponse.Body part(long offset, long length) {
            return new OtaResponse.Body.Bytes(content.slice((int) offset, (int) length));
        }

        @Override
        public void close() {
            // Memory needs no closing.
        }

        /** The same outside the heap, from where any number of answers can be sent without a copy. */
        InMemory outsideTheHeap() {
            if (content.isDirect()) {
                return this;
            }
            ByteBuffer copy = ByteBuffer.allocateDirect(content.limit());
            return new InMemory(
                    headers, entityTag, copy.put(content.duplicate()).flip());
        }
    }

    /** Content that lies elsewhere. */
    record Opened(Map<String, String> headers, Optional<String> entityTag, Content content) implements Resource {
        @Override
        public long size() {
            return content.size();
        }

        @Override
        public OtaResponse.Body part(long offset, long length) {
            return new OtaResponse.Body.Part(content, offset, length);
        }

        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    /**
     * Headers for a resource of which parts can be asked for.
     *
     * @param cacheControl how caches between here and the client may keep it
     * @param more headers that stand behind the others
     */
    static Map<String, String> headers(
            String contentType, String cacheControl, Optional<String> entityTag, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", contentType);
        headers.put("Cache-Control", cacheControl);
        headers.put("Accept-Ranges", "bytes");
        headers.put("X-Content-Type-Options", "nosniff");
        entityTag.ifPresent(tag -> headers.put("ETag", tag));
        headers.putAll(more);
        return Collections.unmodifiableMap(headers);
    }
}
