package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Targets whose size and SHA-256 are known, as our server sends them. */
final class Sized {
    private Sized() {}

    static Manifest release(String version, String path, String content) {
        return new Manifest(
                LooseVersion.parse(version),
                Optional.empty(),
                List.of(file(path, content)),
                List.of(),
                List.of(),
                Optional.empty());
    }

    /** Its reference is its content. */
    static Manifest firmware(String version, String content) {
        FirmwareImage image = new FirmwareImage(content, digests(content), OptionalLong.of(content.length()));
        return new Manifest(
                LooseVersion.parse(version), Optional.empty(), List.of(), List.of(), List.of(), Optional.of(image));
    }

    static TargetFile file(String path, String content) {
        return new TargetFile(
                new DevicePath(path), path, digests(content), OptionalLong.of(content.getBytes(UTF_8).length));
    }

    private static List<Digest> digests(String content) {
        byte[] bytes = content.getBytes(UTF_8);
        return List.of(
                Digest.ofContent(Digest.Algorithm.SHA1, bytes), Digest.ofContent(Digest.Algorithm.SHA256, bytes));
    }
}
