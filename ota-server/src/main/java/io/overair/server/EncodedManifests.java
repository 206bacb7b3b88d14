package io.overair.server;

import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestJson;
import io.overair.version.LooseVersion;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Manifests as they go over the wire, each encoded once for every address that clients use. */
final class EncodedManifests {
    /** Says that an answer depends on the address used, so that a cache does not send one client to another's address. */
    private static final String VARY = "Vary";

    private final ServerAddress address;
    private final BoundedCache<Key, Encoded> encoded;
    private final Resource.InMemory upToDate;

    private record Key(
            LooseVersion version, Optional<LooseVersion> previous, Optional<String> firmware, String baseUrl) {}

    /** Manifests are told apart by identity; to remember one is no reason to keep it. */
    private record Encoded(WeakReference<Manifest> manifest, Resource.InMemory json) {}

    EncodedManifests(ServerAddress address, long capacity) {
        this.address = address;
        this.encoded = new BoundedCache<>(capacity, entry -> (int) entry.json.size());
        this.upToDate = resource(ManifestJson.upToDate());
    }

    /** The JSON that says that a device is up to date. */
    Resource.InMemory upToDate() {
        return upToDate;
    }

    /** One thread encodes at a time: however many ask at once for a large manifest, it is made once. */
    synchronized Resource.InMemory of(Manifest manifest, String baseUrl) {
        Key key = new Key(
                manifest.version(),
                manifest.previousVersion(),
                manifest.firmware().map(FirmwareImage::reference),
                baseUrl);
        Resource.InMemory json = encoded.get(key)
                .filter(earlier -> earlier.manifest.refersTo(manifest))
                .map(earlier -> earlier.json.outsideTheHeap()) // asked for again: worth it
                .orElseGet(() -> resource(ManifestJson.write(manifest, baseUrl)));
        encoded.put(key, new Encoded(new WeakReference<>(manifest), json));
        return json;
    }

    private Resource.InMemory resource(byte[] json) {
        Optional<String> tag = Optional.of(
                '"' + Digest.ofContent(Digest.Algorithm.SHA256, json).hex() + '"');
        Map<String, String> headers = new LinkedHashMap<>(Resource.headers("application/json", "no-store", tag));
        if (address.dependsOnRequest()) {
            headers.put(VARY, "Host");
        }
        return new Resource.InMemory(Collections.unmodifiableMap(headers), tag, ByteBuffer.wrap(json));
    }
}
