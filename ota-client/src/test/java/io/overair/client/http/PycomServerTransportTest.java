package io.overair.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.client.Download;
import io.overair.client.ServerRoot;
import io.overair.client.Transport;
import io.overair.client.TransportContract;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract, towards a server that answers as the Pycom server does. */
class PycomServerTransportTest extends TransportContract {
    private ScriptedServer server;
    private Transport transport;

    @Override
    protected Transport transportTo(Map<String, byte[]> files) throws IOException {
        server = new ScriptedServer(new PycomServer(new ServerRoot(files)));
        transport = HttpTransport.to(server.url());
        return transport;
    }

    @AfterEach
    void endServer() throws IOException {
        server.close();
    }

    @Test
    void everyRequestTellsHostAndPortAndAsksForPlainBytesAndAClose() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (Download download = transport.fetch("1.0.1/flash/main.py", 0)) {
                download.content().readAllBytes();
            }
        }

        assertThat(server.requests())
                .hasSize(3)
                .allSatisfy(head -> assertThat(head)
                        .startsWith("GET /1.0.1/flash/main.py HTTP/1.1\r\n")
                        .contains("\r\nHost: 127.0.0.1:" + server.port() + "\r\n")
                        .contains("\r\nConnection: close\r\n")
                        .contains("\r\nAccept-Encoding: identity\r\n"));
    }
}
