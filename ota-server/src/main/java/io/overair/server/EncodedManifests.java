package io.overair.server;

import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.lang.ref.WeakReference;
import java.util.Optional;

/** Manifests as they go over the wire, each encoded once. */
final class EncodedManifests {
    private final BoundedCache<Key, Encoded> encoded;
    private final Runnable newManifest;

    private record Key(LooseVersion version, Optional<LooseVersion> previous, Optional<String> firmware) {}

    /** Manifests are told apart by identity; to remember one is no reason to keep it. */
    private record Encoded(WeakReference<Manifest> manifest, EncodedManifest json) {}

    /** @param newManifest called before anybody is given a manifest that says something new */
    EncodedManifests(long capacity, Runnable newManifest) {
        this.encoded = new BoundedCache<>(capacity, entry -> entry.json.weight());
        this.newManifest = newManifest;
    }

    /** One thread encodes at a time: however many ask at once for a large manifest, it is made once. */
    synchronized EncodedManifest of(Manifest manifest) {
        Key key = new Key(
                manifest.version(),
                manifest.previousVersion(),
                manifest.firmware().map(FirmwareImage::reference));
        Optional<Encoded> earlier = encoded.get(key);
        if (earlier.isPresent() && earlier.get().manifest.refersTo(manifest)) {
            return earlier.get().json;
        }
        EncodedManifest json = new EncodedManifest(manifest);
        encoded.put(key, new Encoded(new WeakReference<>(manifest), json));
        if (earlier.isEmpty() || !earlier.get().json.sameAs(json)) {
            newManifest.run();
        }
        return json;
    }
}
