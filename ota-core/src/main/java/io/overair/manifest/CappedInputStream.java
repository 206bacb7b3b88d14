package io.overair.manifest;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of another stream, refused as soon as there is one more of them than allowed. */
final class CappedInputStream extends InputStream {
    private final InputStream source;
    private final long maxBytes;
    private long count;

    CappedInputStream(InputStream source, long maxBytes) {
        this.source = source;
        this.maxBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
        int value = source.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = source.read(buffer, offset, length);
        count(Math.max(read, 0));
        return read;
    }

    private void count(int bytes) throws ManifestException {
        count += bytes;
        if (count > maxBytes) {
            throw new ManifestException("", "more than " + maxBytes + " bytes");
        }
    }
}
