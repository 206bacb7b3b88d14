package io.overair.server;

import io.overair.manifest.Manifest;
import java.io.IOException;
import java.util.Optional;

/**
 * Decides what a device that reports a version should install. Wrap one to pin devices, to try a release on a few of
 * them first, or to hold one back.
 *
 * <p>An implementation must be safe for use by many threads at once.
 */
@FunctionalInterface
public interface ManifestGenerator {
    /**
     * What a device on {@code currentVersion} should do; empty if it is up to date. The references of the targets are
     * paths below the server's root, percent-encoded.
     *
     * @param currentVersion what the device reports, which may be anything; empty if it knows no version
     * @throws IOException if the repository cannot be read
     */
    Optional<Manifest> manifestFor(String currentVersion) throws IOException;

    /** Leads every device to the latest release of {@code repository}, as the Pycom server does. */
    static ManifestGenerator over(ReleaseRepository repository) {
        return over(repository, Downgrades.OFFERED);
    }

    /** As {@link #over(ReleaseRepository)}, with a word on devices that are ahead of every release. */
    static ManifestGenerator over(ReleaseRepository repository, Downgrades downgrades) {
        return new ReleaseManifests(repository, downgrades);
    }
}
