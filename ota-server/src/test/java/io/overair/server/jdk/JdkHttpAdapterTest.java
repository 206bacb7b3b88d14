package io.overair.server.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.overair.server.FakeReleases;
import io.overair.server.OtaHandler;
import io.overair.server.netty.RawClient;
import io.overair.server.netty.RawClient.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JdkHttpAdapterTest {
    private final FakeReleases releases = new FakeReleases();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", JdkHttpAdapter.of(OtaHandler.of(releases)));
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void contentIsServedAndClosed() throws Exception {
        byte[] body = new byte[1_000_000];
        new Random(1).nextBytes(body);
        releases.with("file", body).with("empty", new byte[0]);

        try (RawClient client = connect()) {
            Answer file = client.send(request("GET", "file")).readAnswer();
            Answer empty = client.send(request("GET", "empty")).readAnswer();

            assertThat(file.status()).isEqualTo(200);
            assertThat(file.body()).isEqualTo(body);
            assertThat(empty.has("Content-Length: 0")).isTrue();
        }
        releases.awaitAllClosed();
    }

    @Test
    void headRequestBringsTheLengthAndNoBody() throws IOException {
        releases.with("file", new byte[1234]);

        try (RawClient client = connect()) {
            Answer head = client.send(request("HEAD", "file") + request("GET", "file"))
                    .readHead();
            Answer file = client.readAnswer();

            assertThat(head.has("Content-Length: 1234")).isTrue();
            assertThat(file.body()).hasSize(1234);
        }
    }

    @Test
    void utf8InTheTargetIsUnderstood() throws IOException {
        releases.with("é.py", new byte[10]);

        try (RawClient client = connect()) {
            assertThat(client.send(request("GET", "é.py")).readAnswer().status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "firmware_1.0.1.bin"})
    void newClientLearnsWhatIsNotThere(String path) throws IOException {
        try (RawClient client = connect()) {
            assertThat(client.send(request("GET", path)).readAnswer().status()).isEqualTo(404);
        }
    }

    @Test
    void oldClientGetsNothingForAnImageThatCannotBeServed() throws IOException {
        try (RawClient client = connect()) {
            assertThat(client.send("GET /firmware_1.0.1.bin HTTP/1.0\r\n\r\n").readToEnd())
                    .isEmpty();
        }
    }

    @Test
    void contentThatEndsEarlyEndsTheConnectionEarly() throws Exception {
        releases.with("file", new byte[1_000_000], 3_000_000);

        try (RawClient client = connect()) {
            Answer answer = client.send(request("GET", "file")).readAnswer();

            assertThat(answer.has("Content-Length: 3000000")).isTrue();
            assertThat(answer.body()).hasSizeLessThan(3_000_000);
        }
        releases.awaitAllClosed();
    }

    private RawClient connect() throws IOException {
        return new RawClient(server.getAddress().getPort());
    }

    private static String request(String method, String path) {
        return method + " /" + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }
}
