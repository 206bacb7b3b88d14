package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A manifest as it goes over the wire, but for the address that its URLs begin with: that is put in while it is sent.
 * So a large one is in memory once, whatever clients call the server, and however slowly they read.
 */
final class EncodedManifest {
    /** Stands for the address. No path and no name of a release begins like that: none of them can hold two slashes. */
    private static final String NOWHERE = "http://address.invalid";

    /** How a URL begins in JSON. */
    private static final byte[] BEGINNING = ("\"" + NOWHERE + "/").getBytes(UTF_8);

    private final ByteBuffer json;

    /** Where in {@link #json} the address belongs, ascending. */
    private final int[] gaps;

    private final String digest;

    EncodedManifest(Manifest manifest) {
        byte[] withNowhere = ManifestJson.write(manifest, NOWHERE);
        ByteBuffer without = ByteBuffer.allocate(withNowhere.length);
        List<Integer> found = new ArrayList<>();
        int copied = 0;
        for (int at = 1; at + BEGINNING.length <= withNowhere.length; at++) {
            if (withNowhere[at] == '"' && isAt(withNowhere, at)) {
                int address = at + 1;
                without.put(withNowhere, copied, address - copied);
                found.add(without.position());
                copied = address + NOWHERE.length();
                at = copied;
            }
        }
        without.put(withNowhere, copied, withNowhere.length - copied).flip();
        json = without;
        gaps = found.stream().mapToInt(Integer::intValue).toArray();
        digest = Digest.ofContent(Digest.Algorithm.SHA256, withNowhere).hex();
    }

    /** A quotation mark behind a backslash begins nothing: it belongs to a name. */
    private static boolean isAt(byte[] bytes, int at) {
        return bytes[at - 1] != '\\' && Arrays.equals(bytes, at, at + BEGINNING.length, BEGINNING, 0, BEGINNING.length);
    }

    /** Whether both say the same. */
    boolean sameAs(EncodedManifest other) {
        return digest.equals(other.digest);
    }

    /** How many bytes of memory it takes. */
    int weight() {
        return json.capacity() + Integer.BYTES * gaps.length;
    }

    /** How many bytes it has with URLs that begin with {@code baseUrl}. */
    long size(String baseUrl) {
        return json.limit() + (long) gaps.length * baseUrl.getBytes(UTF_8).length;
    }

    /** A strong tag, different for every {@code baseUrl}. */
    String entityTag(String baseUrl) {
        return digest + "-"
                + Digest.ofContent(Digest.Algorithm.SHA256, baseUrl.getBytes(UTF_8))
                        .hex()
                        .substring(0, 16);
    }

    /** All of it, with URLs that begin with {@code baseUrl}. */
    Content content(String baseUrl) {
        Channel channel = new Channel(baseUrl.getBytes(UTF_8));
        return new Content() {
            @Override
            public long size() {
                return channel.size();
            }

            @Override
            public Optional<String> entityTag() {
                return Optional.of(EncodedManifest.this.entityTag(baseUrl));
            }

            @Override
            public SeekableByteChannel channel() {
                return channel;
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** The JSON with an address in every gap. */
    private final class Channel extends ReadOnlyChannel {
        private final byte[] address;

        Channel(byte[] address) {
            super(json.limit() + (long) gaps.length * address.length);
            this.address = address;
        }

        /** Before a position lie as many whole addresses as there are gaps whose address ends there or before. */
        @Override
        void read(long position, ByteBuffer destination) {
            int gap = gapsEndingAtOrBefore(position);
            while (destination.hasRemaining()) {
                long inJson = position - (long) gap * address.length;
                if (gap < gaps.length && inJson >= gaps[gap]) {
                    int from = (int) (inJson - gaps[gap]);
                    int count = Math.min(address.length - from, destination.remaining());
                    destination.put(address, from, count);
                    position += count;
                    if (from + count == address.length) {
                        gap++;
                    }
                } else {
                    int end = gap < gaps.length ? gaps[gap] : json.limit();
                    int count = (int) Math.min(end - inJson, destination.remaining());
                    destination.put(json.slice((int) inJson, count));
                    position += count;
                }
            }
        }

        private int gapsEndingAtOrBefore(long position) {
            int low = 0;
            int high = gaps.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (gaps[middle] + (middle + 1L) * address.length <= position) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
