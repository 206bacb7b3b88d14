package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.client.http.HttpTransport;
import io.overair.install.Installation;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestJson;
import io.overair.server.ManifestGenerator;
import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library works for a project that only imports it. */
class ConsumerTest {
    private final ReleaseRepository releases = ReleaseRepository.inMemory(Map.of(
            "1.0.0/flash/main.py", "old".getBytes(StandardCharsets.UTF_8),
            "1.0.1/flash/main.py", "new".getBytes(StandardCharsets.UTF_8)));

    @Test
    void runsOnTheClassPath() {
        assertFalse(ManifestGenerator.class.getModule().isNamed());
    }

    @Test
    void generatesManifests() throws IOException {
        ManifestGenerator generator = ManifestGenerator.over(releases);

        Manifest manifest = generator.manifestFor("1.0.0").orElseThrow();

        assertEquals("1.0.1", manifest.version().toString());
        assertTrue(new String(ManifestJson.write(manifest, "http://localhost"), StandardCharsets.US_ASCII)
                .contains("http://localhost/1.0.1/flash/main.py"));
    }

    @Test
    void startsAndStopsAServer() throws IOException {
        OtaHandler handler = OtaHandler.of(releases);
        try (OtaServer server =
                        OtaServer.builder(handler).bind("127.0.0.1").port(0).start();
                InputStream file =
                        server.uri().resolve("1.0.1/flash/main.py").toURL().openStream()) {
            assertEquals("new", new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void updatesADevice(@TempDir Path device) throws IOException {
        Files.createDirectory(device.resolve("flash"));
        Files.writeString(device.resolve("flash/main.py"), "old");
        Files.writeString(device.resolve("flash/OTA_VERSION.py"), "VERSION = '1.0.0'");

        try (OtaServer server = OtaServer.builder(OtaHandler.of(releases))
                        .bind("127.0.0.1")
                        .port(0)
                        .start();
                Installation installation = Installation.open(device);
                Transport transport = HttpTransport.to(server.uri().toString())) {
            Ota ota = Ota.builder(transport, installation).build();
            ota.connect();

            UpdateOutcome outcome = ota.update();

            assertEquals("1.0.1", ((UpdateOutcome.Updated) outcome).to().toString());
        }
        assertEquals("new", Files.readString(device.resolve("flash/main.py")));
        assertEquals("VERSION = '1.0.1'\n", Files.readString(device.resolve("flash/OTA_VERSION.py")));
    }
}
