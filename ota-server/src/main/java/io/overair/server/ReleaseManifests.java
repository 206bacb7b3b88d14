package io.overair.server;

import io.overair.manifest.Manifest;
import io.overair.tree.FileEntry;
import io.overair.tree.FileTree;
import io.overair.tree.ReleaseLayout;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The manifests that the Pycom server would generate: from the release a device is on to the latest one.
 *
 * <p>Each is made once, and again only when a release has changed. All versions that the repository does not know share
 * one, so that whatever devices report takes no memory.
 */
final class ReleaseManifests implements ManifestGenerator {
    /** What a device counts as that reports no version. */
    private static final String NO_VERSION = "0";

    /** Manifests kept, those least recently asked for being dropped. */
    private static final int KEPT = 64;

    private static final FileTree NOTHING = FileTree.of(Map.of());

    private final ReleaseRepository repository;
    private final Downgrades downgrades;
    private final Map<Key, Made> made = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Made> eldest) {
            return size() > KEPT;
        }
    };

    ReleaseManifests(ReleaseRepository repository, Downgrades downgrades) {
        this.repository = repository;
        this.downgrades = downgrades;
    }

    @Override
    public Optional<Manifest> manifestFor(String currentVersion) throws IOException {
        Catalogue catalogue = repository.catalogue();
        List<Release> releases = catalogue.releases();
        if (releases.isEmpty()) {
            return Optional.empty();
        }
        LooseVersion current = LooseVersion.parse(currentVersion.isEmpty() ? NO_VERSION : currentVersion);
        Release latest = releases.get(releases.size() - 1);
        if (latest.version().equals(current) || isRefusedDowngrade(current, latest.version())) {
            return Optional.empty();
        }
        Optional<Release> previous = releases.stream()
                .filter(release -> release.version().equals(current))
                .findFirst();
        FileTree before = previous.isPresent() ? previous.get().tree() : NOTHING;
        return Optional.of(
                manifest(previous, before, latest, latest.tree(), newestAbove(current, catalogue.firmware())));
    }

    private boolean isRefusedDowngrade(LooseVersion current, LooseVersion latest) {
        return downgrades == Downgrades.REFUSED && current.compareTo(latest) > 0;
    }

    private static Optional<FirmwareFile> newestAbove(LooseVersion current, List<FirmwareFile> images) {
        return images.isEmpty()
                ? Optional.empty()
                : Optional.of(images.get(images.size() - 1))
                        .filter(newest -> newest.version().compareTo(current) > 0);
    }

    private Manifest manifest(
            Optional<Release> previous,
            FileTree before,
            Release latest,
            FileTree after,
            Optional<FirmwareFile> firmware)
            throws IOException {
        Optional<LooseVersion> previousVersion = previous.map(Release::version);
        Optional<FileEntry> image =
                firmware.isPresent() ? Optional.of(firmware.get().entry()) : Optional.empty();
        Key key = new Key(previousVersion, latest.version(), firmware.map(FirmwareFile::name));
        synchronized (made) {
            Made earlier = made.get(key);
            if (earlier != null && earlier.isStillOf(before, after, image)) {
                return earlier.manifest;
            }
            Manifest manifest = ReleaseLayout.manifest(
                    previousVersion,
                    before,
                    latest.version(),
                    after,
                    firmware.map(FirmwareFile::name)
                            .map(name -> ReleaseLayout.firmwareImage(name, image.orElseThrow())));
            made.put(key, new Made(before, after, image, manifest));
            return manifest;
        }
    }

    private record Key(Optional<LooseVersion> previous, LooseVersion latest, Optional<String> firmware) {}

    /** A manifest with what it was made of. */
    private record Made(FileTree before, FileTree after, Optional<FileEntry> image, Manifest manifest) {
        /** Compares trees by identity: a repository hands out the same one for as long as nothing changes. */
        @SuppressWarnings("ReferenceEquality")
        boolean isStillOf(FileTree before, FileTree after, Optional<FileEntry> image) {
            return this.before == before && this.after == after && this.image.equals(image);
        }
    }
}
