package io.overair.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectoryTransportTest extends TransportContract {
    @TempDir
    Path folder;

    private Path root;

    @Override
    protected Transport transportTo(Map<String, byte[]> files) throws IOException {
        root = folder.resolve("stick");
        new ServerRoot(files).layOut(root);
        return DirectoryTransport.of(root);
    }

    @Test
    void aStickThatIsNotPluggedInIsAClearError() {
        Transport transport = DirectoryTransport.of(folder.resolve("none"));

        assertThatThrownBy(transport::connect)
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining("none");
    }

    @Test
    void linksThatLeadOutAreNotFollowed() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside.txt"), "secret");
        Files.createSymbolicLink(root.resolve("1.0.1/leak.txt"), outside);
        Files.createSymbolicLink(root.resolve("9.9"), folder);
        Transport transport = DirectoryTransport.of(root);

        assertThatThrownBy(() -> transport.fetch("1.0.1/leak.txt", 0)).isInstanceOf(NoSuchResourceException.class);
        assertThatThrownBy(() -> transport.fetch("9.9/outside.txt", 0)).isInstanceOf(NoSuchResourceException.class);
        assertThat(manifest(transport, "1.0.0").orElseThrow().files())
                .noneMatch(file -> file.path().value().contains("leak"));
    }

    @Test
    void releaseWithAFileThatNoDeviceCanHaveIsRefusedAsAWhole() throws IOException {
        Files.writeString(root.resolve("1.0.1/flash/a\\b.py"), "x");

        isRefused("1.0.1/flash/a\\b.py", "U+005C");
    }

    @Test
    void soIsOneWithANameThatIsNoText() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "a file system that takes any bytes for a name");
        Process touch = new ProcessBuilder(
                        "sh",
                        "-c",
                        "touch \"$1/$(printf 'caf\\351.py')\"",
                        "sh",
                        root.resolve("1.0.1").toString())
                .start();
        assertThat(touch.waitFor()).isZero();

        isRefused("1.0.1/caf\uFFFD.py", "not text in the encoding");
    }

    @Test
    void fileThatNoDeviceCanHaveInTheReleaseBeforeIsNoObstacle() throws IOException {
        Files.writeString(root.resolve("1.0.0/flash/a\\b.py"), "x");

        assertThat(manifest(DirectoryTransport.of(root), "1.0.0").orElseThrow().version())
                .hasToString("1.0.1");
    }

    private void isRefused(String file, String reason) {
        assertThatThrownBy(() -> DirectoryTransport.of(root).fetch("manifest.json?current_ver=1.0.0", 0))
                .isInstanceOfSatisfying(
                        NoSuchResourceException.class,
                        refusal -> assertThat(refusal.resource()).isEqualTo(file))
                .hasMessageContaining(reason);
    }

    @Test
    void folderWhoseNameIsNoTextIsNoVersion() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "a file system that takes any bytes for a name");
        Process mkdir =
                new ProcessBuilder("sh", "-c", "mkdir \"$1/$(printf '9-\\351')\"", "sh", root.toString()).start();
        assertThat(mkdir.waitFor()).isZero();

        assertThat(manifest(DirectoryTransport.of(root), "1.0.0").orElseThrow().version())
                .hasToString("1.0.1");
    }

    @Test
    void linksThatStayInsideAreFollowed() throws IOException {
        Files.createSymbolicLink(root.resolve("1.0.1/alias.py"), Path.of("flash/main.py"));

        try (Download download = DirectoryTransport.of(root).fetch("1.0.1/alias.py", 0)) {
            assertThat(download.content().readAllBytes()).asString(UTF_8).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.0.0, true", "1.0.0.1, true", "1.0.2, false", "1.0.3, false"})
    void theNewestImageIsOfferedToDevicesBelowIt(String version, boolean offered) throws IOException {
        Files.writeString(root.resolve("firmware_1.0.1.bin"), "older");
        Files.writeString(root.resolve("firmware_1.0.2.bin"), "image");
        Files.writeString(root.resolve("firmware_1.0.3.bin.sig"), "signature");

        Optional<FirmwareImage> firmware =
                manifest(DirectoryTransport.of(root), version).orElseThrow().firmware();

        assertThat(firmware.isPresent()).isEqualTo(offered);
        assertThat(firmware.map(image -> Transport.pathOf(image.reference())).orElse("firmware_1.0.2.bin"))
                .isEqualTo("firmware_1.0.2.bin");
        assertThat(firmware.map(image -> image.digests().get(0)).orElse(sha1("image")))
                .isEqualTo(sha1("image"));
    }

    @Test
    void aNameThatOnlyLooksEncodedIsFoundToo() throws IOException {
        Files.writeString(root.resolve("1.0.1/100%25.txt"), "raw");

        try (Download download = DirectoryTransport.of(root).fetch("http://x/1.0.1/100%25.txt", 0)) {
            assertThat(download.content().readAllBytes()).asString(UTF_8).isEqualTo("raw");
        }
    }

    @Test
    void aFolderWithoutReleasesIsTheWrongOne() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertHasNoRelease(empty);
    }

    @Test
    void foldersThatAreNoVersionsAreNoReleases() throws IOException {
        Path stick = Files.createDirectory(folder.resolve("other-things"));
        for (String name : List.of("System Volume Information", ".Trash-0", "flash")) {
            Files.writeString(Files.createDirectory(stick.resolve(name)).resolve("x"), "x");
        }

        assertHasNoRelease(stick);
    }

    private static void assertHasNoRelease(Path root) {
        assertThatThrownBy(() -> manifest(DirectoryTransport.of(root), "1.0.0"))
                .isInstanceOf(NoSuchResourceException.class)
                .hasMessage(root + ": no release in it");
    }

    private static Digest sha1(String content) {
        return Digest.ofContent(Digest.Algorithm.SHA1, content.getBytes(UTF_8));
    }

    private static Optional<Manifest> manifest(Transport transport, String version) throws IOException {
        try (Download download = transport.fetch("manifest.json?current_ver=" + version, 0)) {
            return ManifestJson.read(download.content());
        }
    }
}
