package io.overair.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.overair.client.DirectoryTransport;
import io.overair.client.NoSuchResourceException;
import io.overair.client.Ota;
import io.overair.install.HookVetoException;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.Recovery;
import io.overair.install.RestartHook;
import io.overair.install.Trial;
import io.overair.install.TwoSlotFiles;
import io.overair.manifest.Digest;
import io.overair.server.netty.OtaServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples do what they promise. */
class SamplesTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void release() throws IOException {
        write("served/1.0.0/flash/main.py", "old");
        write("served/1.0.1/flash/main.py", "new");
    }

    @Test
    void generatorNeedsNoServer() throws IOException {
        JsonNode manifest =
                new ObjectMapper().readTree(ManifestWithoutServer.manifestFor("1.0.0", directory.resolve("served")));

        assertThat(manifest.at("/version").asText()).isEqualTo("1.0.1");
        assertThat(manifest.at("/update/0/URL").asText()).isEqualTo("https://updates.example.com/1.0.1/flash/main.py");
        assertThat(ManifestWithoutServer.manifestFor("1.0.1", directory.resolve("served")))
                .asString()
                .isEqualTo("null");
    }

    @Test
    void serverServes() throws Exception {
        try (OtaServer server = StandaloneServer.start(directory.resolve("served"), 0)) {
            assertThat(get(server.address().getPort(), "/1.0.1/flash/main.py")).isEqualTo("new");
        }
    }

    @Test
    void existingHttpServerServes() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        InsideHttpServer.addTo(server, directory.resolve("served"));
        server.start();
        try {
            assertThat(get(server.getAddress().getPort(), "/manifest.json?current_ver=1.0.1"))
                    .isEqualTo("null");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void deviceUpdates() throws IOException {
        Path device = Files.createDirectories(directory.resolve("device"));
        List<String> restarted = new ArrayList<>();

        try (OtaServer server = StandaloneServer.start(directory.resolve("served"), 0)) {
            String address = "http://127.0.0.1:" + server.address().getPort();
            DeviceUpdate.update(device, address, restarted::add);
            DeviceUpdate.update(device, address, restarted::add);
        }

        assertThat(device.resolve("flash/main.py")).hasContent("new");
        assertThat(restarted).containsExactly("1.0.1");
    }

    @Test
    void releaseOnTrialProvesItselfAtItsFirstStart() throws Exception {
        Path device = Files.createDirectories(directory.resolve("device"));
        List<String> restarted = new ArrayList<>();

        try (OtaServer server = StandaloneServer.start(directory.resolve("served"), 0)) {
            String address = "http://127.0.0.1:" + server.address().getPort();
            TrialUpdate.run(
                    device,
                    address,
                    change -> restarted.add(change.to().orElseThrow().toString()));
            assertThat(Installation.statusOf(device).trial()).isPresent();

            TrialUpdate.run(device, address, change -> restarted.add("again"));
        }

        assertThat(Installation.statusOf(device).trial()).isEmpty();
        assertThat(restarted).containsExactly("1.0.1");
    }

    @Test
    void releaseThatDiesAtEachStartIsTakenBack() throws Exception {
        Path device = Files.createDirectories(directory.resolve("device"));
        write("before/1.0.0/flash/main.py", "old");
        List<String> restarted = new ArrayList<>();
        RestartHook restart = change -> restarted.add(change.to().orElseThrow().toString());
        try (OtaServer server = StandaloneServer.start(directory.resolve("before"), 0)) {
            DeviceUpdate.update(device, addressOf(server), version -> {});
        }
        try (OtaServer server = StandaloneServer.start(directory.resolve("served"), 0)) {
            TrialUpdate.run(device, addressOf(server), restart);
        }

        for (int start = 1; start <= 3; start++) {
            assertThatThrownBy(() -> TrialUpdate.run(device, "dies here", restart))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        TrialUpdate.run(device, "does not come here", restart);

        assertThat(device.resolve("flash/main.py")).hasContent("old");
        assertThat(restarted).containsExactly("1.0.1", "1.0.0");
    }

    private static String addressOf(OtaServer server) {
        return "http://127.0.0.1:" + server.address().getPort();
    }

    @Test
    void ownHookVetoesAndIsUndone() throws IOException {
        Path device = Files.createDirectories(directory.resolve("device"));
        List<String> said = new ArrayList<>();
        OwnHook.Billing busy = new OwnHook.Billing() {
            @Override
            public void pause() throws IOException {
                said.add("pause");
                throw new IOException("a billing run is going on");
            }

            @Override
            public void resume() {
                said.add("resume");
            }
        };

        try (Installation installation = Installation.open(device, OwnHook.pausing(busy))) {
            Ota ota = Ota.builder(DirectoryTransport.of(directory.resolve("served")), installation)
                    .build();

            assertThatThrownBy(ota::update)
                    .isInstanceOf(HookVetoException.class)
                    .hasMessageContaining("a billing run is going on");
        }
        assertThat(said).containsExactly("pause", "resume");
        assertThat(device.resolve("flash")).doesNotExist();
    }

    @Test
    void ownTransportBringsAnUpdate() throws IOException {
        Path device = Files.createDirectories(directory.resolve("device"));
        OwnTransport.Radio radio = name -> name.startsWith("manifest.json")
                ? new ByteArrayInputStream(ManifestWithoutServer.manifestFor("", directory.resolve("served")))
                : Files.newInputStream(directory.resolve("served").resolve(name));

        try (Installation installation = Installation.open(device)) {
            Ota.builder(OwnTransport.over(radio), installation).build().update();
        }

        assertThat(device.resolve("flash/main.py")).hasContent("new");
        assertThatThrownBy(() -> OwnTransport.over(name -> null).fetch("manifest.json?current_ver=", 0))
                .isInstanceOf(NoSuchResourceException.class);
    }

    @Test
    void ownFirmwareWriterSwitchesForwardAndBack() throws IOException {
        write("served/firmware_1.0.1.bin", "image");
        Path device = Files.createDirectories(directory.resolve("device"));
        MemoryBoard board = new MemoryBoard();
        InstallationOptions options = InstallationOptions.defaults().withFirmware(OwnFirmwareWriter.of(board));

        try (Installation installation = Installation.open(device, options)) {
            Ota.builder(DirectoryTransport.of(directory.resolve("served")), installation)
                    .build()
                    .update();

            assertThat(board.image(board.bootsFrom()).orElseThrow()).asString().isEqualTo("image");

            installation.rollBack();

            assertThat(board.bootsFrom()).isEqualTo("left");
        }
    }

    @Test
    void ownFirmwareWriterDoesNotGuessWhatTheOneBeforeItHasNamed() throws IOException {
        write("served/firmware_1.0.1.bin", "image");
        Path device = Files.createDirectories(directory.resolve("device"));
        InstallationOptions trial = InstallationOptions.defaults().withTrial(Trial.of(1, Duration.ofHours(1)));
        InstallationOptions before = trial.withFirmware(TwoSlotFiles.inDirectory(directory.resolve("slots")));
        InstallationOptions now = trial.withFirmware(OwnFirmwareWriter.of(new MemoryBoard()));
        try (Installation installation = Installation.open(device, before)) {
            Ota.builder(DirectoryTransport.of(directory.resolve("served")), installation)
                    .build()
                    .update();
            installation.reject(installation.version().orElseThrow(), "it does not work");
        }

        try (Installation installation = Installation.open(device, now)) {
            assertThat(installation.recovery()).isEqualTo(Recovery.STAYS);
        }
        try (Installation installation = Installation.open(device, before)) {
            assertThat(installation.recovery()).isEqualTo(Recovery.ROLLED_BACK);
        }
    }

    /** A board whose partitions are memory. */
    private static final class MemoryBoard implements OwnFirmwareWriter.Board {
        final Map<String, Optional<byte[]>> partitions =
                new HashMap<>(Map.of("left", Optional.empty(), "right", Optional.empty()));
        private String bootsFrom = "left";

        @Override
        public String bootsFrom() {
            return bootsFrom;
        }

        @Override
        public String idle() {
            return bootsFrom.equals("left") ? "right" : "left";
        }

        @Override
        public void bootFrom(String partition) throws IOException {
            image(partition);
            bootsFrom = partition;
        }

        @Override
        public void write(String partition, Path image) throws IOException {
            partitions.put(partition, Optional.of(Files.readAllBytes(image)));
        }

        @Override
        public Optional<Digest> sha256(String partition) throws IOException {
            return image(partition).map(image -> Digest.ofContent(Digest.Algorithm.SHA256, image));
        }

        private Optional<byte[]> image(String partition) throws IOException {
            Optional<byte[]> image = partitions.get(partition);
            if (image == null) {
                throw new IOException("there is no partition " + partition);
            }
            return image;
        }
    }

    private static String get(int port, String target) throws IOException {
        try (InputStream body =
                URI.create("http://127.0.0.1:" + port + target).toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void write(String path, String content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
