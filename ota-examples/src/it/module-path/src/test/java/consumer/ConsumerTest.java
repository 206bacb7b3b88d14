package consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.overair.client.UpdateOutcome;
import io.overair.manifest.Manifest;
import io.overair.server.ManifestGenerator;
import io.overair.server.ReleaseRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library works for a module that only requires it. */
class ConsumerTest {
    private final ReleaseRepository releases =
            ReleaseRepository.inMemory(Map.of("1.0.0/flash/a", new byte[] {1}, "1.0.1/flash/a", new byte[] {2}));

    @Test
    void runsOnTheModulePath() {
        assertEquals("consumer", Consumer.class.getModule().getName());
        assertEquals("io.overair.server", ManifestGenerator.class.getModule().getName());
        assertEquals("io.overair.core", Manifest.class.getModule().getName());
    }

    @Test
    void generatesManifests() throws IOException {
        Manifest manifest = Consumer.manifestFor("1.0.0", releases).orElseThrow();

        assertEquals("1.0.1", manifest.version().toString());
    }

    @Test
    void startsAndStopsAServer() throws IOException {
        assertArrayEquals(new byte[] {2}, Consumer.serve("1.0.1/flash/a", releases));
    }

    @Test
    void updatesADevice(@TempDir Path device) throws IOException {
        Files.createDirectory(device.resolve("flash"));
        Files.write(device.resolve("flash/a"), new byte[] {1});
        Files.writeString(device.resolve("flash/OTA_VERSION.py"), "VERSION = '1.0.0'");

        UpdateOutcome outcome = Consumer.update(device, releases);

        assertEquals("1.0.1", ((UpdateOutcome.Updated) outcome).to().toString());
        assertEquals("io.overair.client", outcome.getClass().getModule().getName());
        assertArrayEquals(new byte[] {2}, Files.readAllBytes(device.resolve("flash/a")));
        assertEquals("VERSION = '1.0.1'\n", Files.readString(device.resolve("flash/OTA_VERSION.py")));
    }
}
