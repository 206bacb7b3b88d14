package io.overair.server;

import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.lang.ref.WeakReference;
import java.util.Optional;

/** Manifests as they go over the wire, each encoded once. */
final class EncodedManifests {
    private final BoundedCache<Key, Encoded> encoded;

    private record Key(LooseVersion version, Optional<LooseVersion> previous, Optional<String> firmware) {}

    /** Manifests are told apart by identity; to remember one is no reason to keep it. */
    private record Encoded(WeakReference<Manifest> manifest, EncodedManifest json) {}

    EncodedManifests(long capacity) {
        encoded = new BoundedCache<>(capacity, entry -> entry.json.weight());
    }

    /** One thread encodes at a time: however many ask at once for a large manifest, it is made once. */
    synchronized EncodedManifest of(Manifest manifest) {
        Key key = new Key(
                manifest.version(),
                manifest.previousVersion(),
                manifest.firmware().map(FirmwareImage::reference));
        return encoded.get(key)
                .filter(earlier -> earlier.manifest.refersTo(manifest))
                .map(Encoded::json)
                .orElseGet(() -> {
                    EncodedManifest json = new EncodedManifest(manifest);
                    encoded.put(key, new Encoded(new WeakReference<>(manifest), json));
                    return json;
                });
    }
}
