package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReleaseManifestsTest {
    private final ReleaseRepository repository = repository(Map.of(
            "1.0.0/flash/main.py", "a",
            "1.0.0/flash/old.py", "o",
            "1.0.1/flash/main.py", "b",
            "1.0.1/flash/new file.py", "n",
            "firmware_1.0.1.bin", "image"));

    @Test
    void manifestLeadsFromTheReportedReleaseToTheLatest() throws IOException {
        Manifest manifest =
                ManifestGenerator.over(repository).manifestFor("1.0.0").orElseThrow();

        assertThat(manifest.version()).isEqualTo(LooseVersion.parse("1.0.1"));
        assertThat(manifest.previousVersion()).contains(LooseVersion.parse("1.0.0"));
        assertThat(manifest.added()).extracting(TargetFile::path).containsExactly(new DevicePath("flash/new file.py"));
        assertThat(manifest.changed()).extracting(TargetFile::path).containsExactly(new DevicePath("flash/main.py"));
        assertThat(manifest.removed()).containsExactly(new DevicePath("flash/old.py"));
        assertThat(manifest.firmware()).map(FirmwareImage::reference).contains("firmware_1.0.1.bin");
    }

    @Test
    void targetsCarrySizeBothDigestsAndAnEncodedReference() throws IOException {
        Target added = ManifestGenerator.over(repository)
                .manifestFor("1.0.0")
                .orElseThrow()
                .added()
                .get(0);

        assertThat(added.reference()).isEqualTo("1.0.1/flash/new%20file.py");
        assertThat(added.size()).isEqualTo(OptionalLong.of(1));
        assertThat(added.digests())
                .containsExactly(
                        Digest.ofContent(Digest.Algorithm.SHA1, "n".getBytes(UTF_8)),
                        Digest.ofContent(Digest.Algorithm.SHA256, "n".getBytes(UTF_8)));
    }

    @Test
    void unknownVersionsShareOneManifestHoweverManyThereAre() throws IOException {
        ManifestGenerator generator = ManifestGenerator.over(repository);
        Set<Manifest> made = Collections.newSetFromMap(new IdentityHashMap<>());

        for (int i = 0; i < 10_000; i++) {
            made.add(generator.manifestFor("0.0." + i + "x").orElseThrow());
        }

        assertThat(made).hasSize(1);
        assertThat(made.iterator().next().previousVersion()).isEmpty();
    }

    @Test
    void aDeviceAheadIsLedBackUnlessDowngradesAreRefused() throws IOException {
        assertThat(ManifestGenerator.over(repository).manifestFor("2.0"))
                .map(Manifest::version)
                .contains(LooseVersion.parse("1.0.1"));
        assertThat(ManifestGenerator.over(repository, Downgrades.REFUSED).manifestFor("2.0"))
                .isEmpty();
    }

    @Test
    void refusingDowngradesStillUpdatesTheOthers() throws IOException {
        ManifestGenerator generator = ManifestGenerator.over(repository, Downgrades.REFUSED);

        assertThat(generator.manifestFor("1.0.0")).isPresent();
        assertThat(generator.manifestFor("")).isPresent();
        assertThat(generator.manifestFor("docs")).isPresent();
    }

    @Test
    void absurdVersionsAreUnknownVersions() throws IOException {
        ManifestGenerator generator = ManifestGenerator.over(repository);

        for (String absurd : new String[] {" ", "\0", "../1.0.0", "9".repeat(100_000), "\uD800", "1.0.0\n", "1.0.0/"}) {
            Optional<Manifest> manifest = generator.manifestFor(absurd);

            assertThat(manifest).isPresent();
            assertThat(manifest.get().previousVersion()).isEmpty();
            assertThat(manifest.get().removed()).isEmpty();
        }
    }

    private static ReleaseRepository repository(Map<String, String> files) {
        Map<String, byte[]> contents = new java.util.HashMap<>();
        files.forEach((path, text) -> contents.put(path, text.getBytes(UTF_8)));
        return ReleaseRepository.inMemory(contents);
    }
}
