package io.overair.examples.embedding;

import io.overair.manifest.ManifestJson;
import io.overair.server.ManifestGenerator;
import io.overair.server.ReleaseRepository;
import java.io.IOException;
import java.nio.file.Path;

/** The manifest generator by itself: for a back end that has its own way to talk to devices. */
public final class ManifestWithoutServer {
    private ManifestWithoutServer() {}

    /** The manifest for a device on {@code currentVersion}, by what lies in {@code directory}. */
    public static byte[] manifestFor(String currentVersion, Path directory) throws IOException {
        // README: begin generator
        ReleaseRepository releases = ReleaseRepository.inDirectory(directory);
        ManifestGenerator generator = ManifestGenerator.over(releases);
        byte[] json = generator
                .manifestFor(currentVersion)
                .map(manifest -> ManifestJson.write(manifest, "https://updates.example.com"))
                .orElseGet(ManifestJson::upToDate);
        // README: end generator
        return json;
    }
}
