package io.overair.client;

import static org.assertj.core.api.Assertions.assertThat;

import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** The HTTP library that the transport stands on runs on this JDK, with the scriptable server of its tests. */
class HttpLibraryTest {
    @Test
    void clientGetsWhatTheScriptedServerSays() throws Exception {
        try (MockWebServer server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder().code(200).body("null").build());
            server.start();

            OkHttpClient client = new OkHttpClient();
            Request request =
                    new Request.Builder().url(server.url("/manifest.json")).build();
            try (Response response = client.newCall(request).execute()) {
                assertThat(response.body().string()).isEqualTo("null");
            }
        }
    }
}
