package io.overair.install;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The content of a file. Never changes, and is hashed at most once. */
final class Bytes {
    static final Bytes NONE = new Bytes(new byte[0]);

    private final byte[] bytes;
    private long fingerprint;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    static Bytes of(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    static Bytes of(InputStream in) {
        try {
            return new Bytes(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int length() {
        return bytes.length;
    }

    InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    Bytes plus(byte[] more, int offset, int length) {
        byte[] all = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(more, offset, all, bytes.length, length);
        return new Bytes(all);
    }

    /** These bytes, of which only half of what came after {@code durable} arrived. */
    Bytes halfAfter(Bytes durable) {
        return new Bytes(Arrays.copyOf(bytes, durable.length() + (bytes.length - durable.length()) / 2));
    }

    /** A file of this length that holds zeros where no more than {@code durable} arrived. */
    Bytes zerosAfter(Bytes durable) {
        return new Bytes(Arrays.copyOf(durable.bytes, bytes.length));
    }

    long fingerprint() {
        if (fingerprint == 0) {
            long hash = bytes.length;
            for (byte b : bytes) {
                hash = Fingerprint.mix(hash, b);
            }
            fingerprint = hash;
        }
        return fingerprint;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && (this == that || Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.length() <= 60 && text.chars().allMatch(c -> c >= ' ')
                    ? "\"" + text + "\""
                    : bytes.length + " bytes " + Long.toHexString(fingerprint());
        } catch (CharacterCodingException e) {
            return bytes.length + " bytes " + Long.toHexString(fingerprint());
        }
    }
}
