package io.overair.examples.pycom;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.client.http.HttpTransport;
import io.overair.install.Installation;
import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fleet can move from the Pycom client to ours device by device, and back. */
@Timeout(60)
class MixedFleetTest {
    private static final Map<String, Map<String, String>> RELEASES = Map.of(
            "1.0.0", Map.of("flash/main.py", "main 0", "flash/gone.py", "gone", "flash/same.py", "same"),
            "1.0.1", Map.of("flash/main.py", "main 1", "flash/new.py", "new 1", "flash/same.py", "same"),
            "1.0.2", Map.of("flash/main.py", "main 2", "flash/new.py", "new 2", "flash/same.py", "same"),
            "1.0.3", Map.of("flash/main.py", "main 3", "flash/gone.py", "back", "flash/same.py", "same"));

    @TempDir
    private Path directory;

    private Path device;

    @BeforeEach
    void deviceOnTheFirstRelease() throws IOException {
        device = directory.resolve("device");
        write(device, RELEASES.get("1.0.0"));
        write(device, Map.of("flash/OTA_VERSION.py", "VERSION = '1.0.0'"));
    }

    @Test
    void deviceUpdatedByOursIsThenUpdatedByThePycomClientAndByOursAgain() throws IOException {
        updateByOurs("1.0.1");
        assertThat(release()).isEqualTo(RELEASES.get("1.0.1"));

        updateByPycom("1.0.2");
        assertThat(release()).isEqualTo(RELEASES.get("1.0.2"));

        updateByOurs("1.0.3");
        assertThat(release()).isEqualTo(RELEASES.get("1.0.3"));
    }

    @Test
    void deviceUpdatedByThePycomClientIsThenUpdatedByOursAndByThatAgain() throws IOException {
        updateByPycom("1.0.1");
        updateByOurs("1.0.2");
        updateByPycom("1.0.3");

        assertThat(release()).isEqualTo(RELEASES.get("1.0.3"));
    }

    @Test
    void rollbackAfterThePycomClientNeverMixesVersions() throws IOException {
        updateByOurs("1.0.1");
        updateByPycom("1.0.2");

        updateByOurs("1.0.3");
        try (Installation installation = Installation.open(device)) {
            installation.rollBack();

            assertThat(installation.version()).contains(LooseVersion.parse("1.0.2"));
        }
        assertThat(release()).isEqualTo(RELEASES.get("1.0.2"));
    }

    private void updateByOurs(String version) throws IOException {
        try (OtaServer server = serverUpTo(version);
                Installation installation = Installation.open(device);
                Transport transport = HttpTransport.to(server.uri().toString())) {
            assertThat(Ota.builder(transport, installation).build().update())
                    .isInstanceOfSatisfying(
                            UpdateOutcome.Updated.class,
                            updated -> assertThat(updated.to()).hasToString(version));
        }
    }

    private void updateByPycom(String version) throws IOException {
        try (OtaServer server = serverUpTo(version)) {
            PycomClient client = new PycomClient("127.0.0.1", server.address().getPort());
            assertThat(new PycomDevice(device, client).update()).contains(version);
        }
    }

    private OtaServer serverUpTo(String version) throws IOException {
        Path served = Files.createTempDirectory(directory, "served");
        for (Map.Entry<String, Map<String, String>> release : RELEASES.entrySet()) {
            if (release.getKey().compareTo(version) <= 0) {
                write(served.resolve(release.getKey()), release.getValue());
            }
        }
        return OtaServer.builder(OtaHandler.of(ReleaseRepository.inDirectory(served)))
                .bind("127.0.0.1")
                .port(0)
                .start();
    }

    /** What is on the device, but for the version file, our state folder and the backups of the Pycom client. */
    private SortedMap<String, String> release() throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(device)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = device.relativize(path).toString();
                if (!name.matches("\\.ota/.*|.*\\.bak|.*\\.bak_del|flash/OTA_VERSION\\.py")) {
                    files.put(name, Files.readString(path));
                }
            }
        }
        return files;
    }

    private static void write(Path root, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }
}
