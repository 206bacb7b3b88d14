package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The file from which the Pycom client learns the version, and which it writes itself. */
class VersionFileTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "VERSION = '1.0.0'     | 1.0.0",
                "VERSION='1.0.0'       | 1.0.0",
                "VERSION = \"1.0.0\"   | 1.0.0",
                "` VERSION = '1.0.1b'` | 1.0.1b",
                "VERSION = 'a b'       | a b"
            })
    void versionIsReadHoweverItIsWritten(String line, String version) {
        assertThat(VersionFile.parse(line.getBytes(UTF_8))).contains(LooseVersion.parse(version));
        assertThat(VersionFile.parse((line + "\r\n").getBytes(UTF_8))).contains(LooseVersion.parse(version));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "VERSION = ''",
                "VERSION = 1",
                "VERSION = '1",
                "VERSION = '1\"",
                "VERSION = '1'; import os",
                "import os\nVERSION = '1'",
                "VERSION = 'a\\x41'",
                "VERSION = 'a\nb'"
            })
    void anythingElseTellsNothing(String content) {
        assertThat(VersionFile.parse(content.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void versionIsNoLongerThanOneThatCouldBeWritten() {
        String longest = "1".repeat(128);

        assertThat(VersionFile.parse(("VERSION = '" + longest + "'").getBytes(UTF_8)))
                .contains(LooseVersion.parse(longest));
        assertThat(VersionFile.parse(("VERSION = '" + longest + "1'").getBytes(UTF_8)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {70_000, 2 << 20})
    void versionOfAnyLengthInTheTreeLeavesADeviceThatCanBeUpdated(int length) throws IOException {
        CrashDisk disk = new CrashDisk()
                .with(Device.ROOT, Map.of("flash/OTA_VERSION.py", "VERSION = '" + "1".repeat(length) + "'\n"));
        Device.plain()
                .update("u", Device.offer("1.0.1").file("flash/main.py", "new").manifest())
                .on(disk);

        try (Installation installation = Device.plain().open(disk, "v")) {
            assertThat(installation.version()).contains(LooseVersion.parse("1.0.1"));
            assertThat(installation.status().previous()).isEmpty();
        }
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        LooseVersion version = LooseVersion.parse("1.0.1-rc1 ä");

        assertThat(VersionFile.parse(VersionFile.content(version))).contains(version);
    }

    @Test
    void versionThatThePycomClientHasWrittenSinceIsTheOneInstalled() throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of("flash/main.py", "old"));
        Device.plain()
                .update("u", Device.offer("1.0.1").file("flash/main.py", "new").manifest())
                .on(disk);
        disk.unlink(Device.ROOT.resolve("flash/OTA_VERSION.py"));
        disk.with(Device.ROOT, Map.of("flash/OTA_VERSION.py", "VERSION = '1.0.2'\n"));

        try (Installation installation = Device.plain().open(disk, "v")) {
            assertThat(installation.version()).contains(LooseVersion.parse("1.0.2"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"VERSION = ''", "garbage"})
    void versionFileThatTellsNothingLeavesWhatIsKnown(String content) throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of("flash/OTA_VERSION.py", content));
        try (Installation installation = Device.plain().open(disk, "v")) {
            assertThat(installation.version()).isEmpty();
        }
    }

    @Test
    void releaseThatShipsTheFileDoesNotDecideItsContent() throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of());
        Device.plain()
                .update(
                        "u",
                        Device.offer("2")
                                .file("flash/OTA_VERSION.py", "VERSION = '666'")
                                .manifest())
                .on(disk);

        assertThat(disk.text(Device.ROOT.resolve("flash/OTA_VERSION.py"))).isEqualTo("VERSION = '2'\n");
    }

    @Test
    void treeWithoutFlashGetsNone() throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of());
        Device.plain()
                .update("u", Device.offer("2").file("lib/a", "a").manifest())
                .on(disk);

        assertThat(disk.list(Device.ROOT)).containsExactly(".ota", "lib");
    }

    @Test
    void fileMayLieElsewhere() throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of());
        new Device(port -> InstallationOptions.defaults().withVersionFile(new DevicePath("etc/version.py")))
                .update("u", Device.offer("2").file("lib/a", "a").manifest())
                .on(disk);

        assertThat(disk.text(Device.ROOT.resolve("etc/version.py"))).isEqualTo("VERSION = '2'\n");
    }

    @Test
    void versionThatThePycomClientHasWrittenSinceIsNotRolledBackFrom() throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of("flash/main.py", "old"));
        Device.plain()
                .update("u", Device.offer("1.0.1").file("flash/main.py", "new").manifest())
                .on(disk);
        disk.unlink(Device.ROOT.resolve("flash/OTA_VERSION.py"));
        disk.with(Device.ROOT, Map.of("flash/OTA_VERSION.py", "VERSION = '1.0.2'\n"));
        TreeImage before = disk.tree(Device.ROOT);

        try (Installation installation = Device.plain().open(disk, "v")) {
            assertThat(installation.status().wayBack()).isEqualTo(InstallationStatus.WayBack.NONE);
            assertThatThrownBy(installation::rollBack)
                    .isInstanceOf(NoWayBackException.class)
                    .hasMessageContaining("another updater");
        }
        assertThat(disk.tree(Device.ROOT)).isEqualTo(before);
    }
}
