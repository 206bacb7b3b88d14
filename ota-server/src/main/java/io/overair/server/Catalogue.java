package io.overair.server;

import java.util.List;

/**
 * What there is in a repository at one moment.
 *
 * @param releases in the order of {@link ReleaseRepository#releases}
 * @param firmware in the order of {@link ReleaseRepository#firmware}
 */
public record Catalogue(List<Release> releases, List<FirmwareFile> firmware) {
    public Catalogue {
        releases = List.copyOf(releases);
        firmware = List.copyOf(firmware);
    }
}
