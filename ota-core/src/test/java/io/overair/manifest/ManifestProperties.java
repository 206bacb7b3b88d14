package io.overair.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** What holds whatever arrives: checked with recorded inputs and by the fuzzer. */
final class ManifestProperties {
    private ManifestProperties() {}

    /** {@code input} is read or refused with the one typed error; what was read survives being written. */
    static void isReadOrRefused(byte[] input) throws IOException {
        Optional<Manifest> manifest;
        try {
            manifest = ManifestJson.read(new ByteArrayInputStream(input));
        } catch (ManifestException refused) {
            assertThat(refused).hasMessageStartingWith("bad manifest: ");
            assertThat(refused.getMessage()).hasSizeLessThan(3000);
            return;
        }
        if (manifest.isEmpty()) {
            assertThat(new String(input, StandardCharsets.UTF_8).strip()).isEqualTo("null");
        } else {
            survivesBeingWritten(manifest.get());
        }
    }

    private static void survivesBeingWritten(Manifest manifest) throws IOException {
        Manifest asWritten = withWholeUrls(manifest);

        byte[] json = ManifestJson.write(manifest, "http://ota.test");

        assertThat(ManifestJson.read(new ByteArrayInputStream(json))).contains(asWritten);
        assertThat(ManifestJson.write(asWritten, "http://elsewhere.test")).isEqualTo(json);
    }

    private static Manifest withWholeUrls(Manifest manifest) {
        return new Manifest(
                manifest.version(),
                manifest.previousVersion(),
                manifest.added().stream().map(ManifestProperties::withWholeUrl).toList(),
                manifest.changed().stream()
                        .map(ManifestProperties::withWholeUrl)
                        .toList(),
                manifest.removed(),
                manifest.firmware()
                        .map(image -> new FirmwareImage(wholeUrl(image.reference()), image.digests(), image.size())));
    }

    private static TargetFile withWholeUrl(TargetFile file) {
        return new TargetFile(file.path(), wholeUrl(file.reference()), file.digests(), file.size());
    }

    private static String wholeUrl(String reference) {
        return reference.matches("(?is)[a-z][a-z0-9+.-]*://.*") ? reference : "http://ota.test/" + reference;
    }

    /** {@code input} is refused as a path, or names something below a root, and nothing of the updater's own. */
    static void pathStaysBelowItsRoot(byte[] input) {
        DevicePath path;
        try {
            path = new DevicePath(new String(input, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            return;
        }
        Path root = Path.of("/root/of/the/device");
        Path file = root.resolve(path.value());
        assertThat(file.normalize()).isEqualTo(file);
        assertThat(file.getParent().startsWith(root)).isTrue();
        assertThat(root.relativize(file)).hasToString(path.value());
        assertThat(path.value().split("/"))
                .allSatisfy(segment -> assertThat(segment).isNotEqualToIgnoringCase(".ota"));
        assertThat(new DevicePath("/" + path)).isEqualTo(path);
    }
}
