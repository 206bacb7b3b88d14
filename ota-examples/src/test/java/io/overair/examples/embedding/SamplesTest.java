package io.overair.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.overair.server.netty.OtaServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples do what they promise. */
class SamplesTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void release() throws IOException {
        write("1.0.0/flash/main.py", "old");
        write("1.0.1/flash/main.py", "new");
    }

    @Test
    void generatorNeedsNoServer() throws IOException {
        JsonNode manifest = new ObjectMapper().readTree(ManifestWithoutServer.manifestFor("1.0.0", directory));

        assertThat(manifest.at("/version").asText()).isEqualTo("1.0.1");
        assertThat(manifest.at("/update/0/URL").asText()).isEqualTo("https://updates.example.com/1.0.1/flash/main.py");
        assertThat(ManifestWithoutServer.manifestFor("1.0.1", directory))
                .asString()
                .isEqualTo("null");
    }

    @Test
    void serverServes() throws Exception {
        try (OtaServer server = StandaloneServer.start(directory, 0)) {
            assertThat(get(server.address().getPort(), "/1.0.1/flash/main.py")).isEqualTo("new");
        }
    }

    @Test
    void existingHttpServerServes() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        InsideHttpServer.addTo(server, directory);
        server.start();
        try {
            assertThat(get(server.getAddress().getPort(), "/manifest.json?current_ver=1.0.1"))
                    .isEqualTo("null");
        } finally {
            server.stop(0);
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
