package io.overair.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.client.Download;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threats row 55: nobody is trusted who is not known, and nobody for another's name. */
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path folder;

    private final MockWebServer server = new MockWebServer();
    private SSLContext context;
    private X509TrustManager trust;

    @BeforeEach
    void start() throws Exception {
        KeyStore keys = selfSignedFor("dns:localhost");
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        trust = (X509TrustManager) trusted.getTrustManagers()[0];
        context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        server.useHttps(context.getSocketFactory());
        server.enqueue(new MockResponse.Builder().body("content").build());
        server.start();
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aCertificateNobodyKnowsIsRefused() {
        try (HttpTransport transport = HttpTransport.to("https://localhost:" + server.getPort())) {
            assertThatThrownBy(() -> transport.fetch("a", 0)).isInstanceOf(SSLException.class);
        }
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        try (HttpTransport transport = HttpTransport.builder("https://127.0.0.1:" + server.getPort())
                .tls(context.getSocketFactory(), trust)
                .build()) {
            assertThatThrownBy(() -> transport.fetch("a", 0)).isInstanceOf(SSLException.class);
        }
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aCertificateTheHostKnowsIsTaken() throws Exception {
        try (HttpTransport transport = HttpTransport.builder("https://localhost:" + server.getPort())
                        .tls(context.getSocketFactory(), trust)
                        .build();
                Download download = transport.fetch("a", 0)) {
            assertThat(download.content().readAllBytes()).asString().isEqualTo("content");
        }
    }

    /** Made by the tool of the running Java platform, which has no public interface for it. */
    private KeyStore selfSignedFor(String name) throws Exception {
        Path store = folder.resolve("keys.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD));
        Process keytool = new ProcessBuilder(command).inheritIO().start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, PASSWORD);
        }
        keys.setCertificateEntry("trusted", keys.getCertificate("server"));
        return keys;
    }
}
