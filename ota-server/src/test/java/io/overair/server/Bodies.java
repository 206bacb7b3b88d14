package io.overair.server;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads bodies as a web server would send them. */
final class Bodies {
    private Bodies() {}

    static byte[] read(OtaResponse.Body body) throws IOException {
        if (body instanceof OtaResponse.Body.Bytes inMemory) {
            ByteBuffer bytes = inMemory.bytes();
            byte[] read = new byte[bytes.remaining()];
            bytes.get(read);
            return read;
        }
        if (body instanceof OtaResponse.Body.Part part) {
            ByteBuffer bytes = ByteBuffer.allocate((int) part.length());
            part.content().channel().position(part.offset());
            while (bytes.hasRemaining()) {
                if (part.content().channel().read(bytes) < 0) {
                    throw new EOFException();
                }
            }
            return bytes.array();
        }
        return new byte[0];
    }
}
