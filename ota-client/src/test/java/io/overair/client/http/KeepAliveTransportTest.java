package io.overair.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.client.Download;
import io.overair.client.ServerRoot;
import io.overair.client.Transport;
import io.overair.client.TransportContract;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract, towards a server of HTTP/1.1 that keeps connections and knows ranges. */
class KeepAliveTransportTest extends TransportContract {
    private final MockWebServer server = new MockWebServer();
    private Transport transport;

    @Override
    protected Transport transportTo(Map<String, byte[]> files) throws IOException {
        ServerRoot root = new ServerRoot(files);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return root.answer(request.getTarget().replaceFirst("/+", ""))
                        .map(content -> answer(content, request.getHeaders().get("Range")))
                        .orElse(new MockResponse.Builder().code(404).build());
            }
        });
        server.start();
        transport = HttpTransport.to(server.url("/").toString());
        return transport;
    }

    private static MockResponse answer(byte[] content, String range) {
        if (range == null) {
            return new MockResponse.Builder().body(new Buffer().write(content)).build();
        }
        int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        if (from >= content.length) {
            return new MockResponse.Builder()
                    .code(416)
                    .addHeader("Content-Range", "bytes */" + content.length)
                    .build();
        }
        return new MockResponse.Builder()
                .code(206)
                .addHeader("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length))
                .body(new Buffer().write(Arrays.copyOfRange(content, from, content.length)))
                .build();
    }

    @AfterEach
    void endServer() {
        server.close();
    }

    @Test
    void afterOneAnswerOfHttp11AConnectionServesManyRequests() throws Exception {
        for (int i = 0; i < 20; i++) {
            fetch("1.0.1/flash/main.py");
        }

        assertThat(server.takeRequest().getHeaders().get("Connection")).isEqualTo("close");
        int connection = server.takeRequest().getConnectionIndex();
        for (int i = 2; i < 20; i++) {
            RecordedRequest request = server.takeRequest();
            assertThat(request.getConnectionIndex()).isEqualTo(connection);
            assertThat(request.getHeaders().get("Connection")).isNotEqualTo("close");
        }
    }

    @Test
    void theRestIsFetchedWithoutWhatIsThere() throws IOException {
        try (Download download = transport.fetch("1.0.1/flash/large.bin", 299_000)) {
            assertThat(download.offset()).isEqualTo(299_000);
            assertThat(download.totalLength()).isEqualTo(OptionalLong.of(300_000));
            assertThat(download.content().readAllBytes()).hasSize(1_000);
        }
    }

    private void fetch(String path) throws IOException {
        try (Download download = transport.fetch(path, 0)) {
            download.content().readAllBytes();
        }
    }
}
