package io.overair.server.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.server.OtaHandler;
import io.overair.server.Reply;
import io.overair.server.ServerContract;
import io.overair.server.SocketPeer;
import java.io.IOException;
import java.util.Map;

/** The handler behind {@link OtaServer}, to clients that speak HTTP/1.0: every answer has the shape old devices need. */
class OldClientContractTest extends ServerContract {
    @Override
    protected Peer start(OtaHandler handler) throws IOException {
        OtaServer server = OtaServer.builder(handler).bind("127.0.0.1").port(0).start();
        SocketPeer peer = new SocketPeer(server.address(), "HTTP/1.0", server);
        return new Peer() {
            @Override
            public Reply send(String method, String target, Map<String, String> headers) throws IOException {
                StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.0\r\n");
                headers.forEach((name, value) ->
                        request.append(name).append(": ").append(value).append("\r\n"));
                byte[] answer = peer.exchange(request.append("\r\n").toString());
                String text = new String(answer, ISO_8859_1);
                assertThat(text).startsWith("HTTP/1.0 ");
                assertThat((text.indexOf("\r\n\r\n") + 4) % 100)
                        .as("length of the head beyond a multiple of 100")
                        .isZero();
                return Reply.parse(answer);
            }

            @Override
            public String address() {
                return peer.address();
            }

            @Override
            public void close() throws IOException {
                peer.close();
            }
        };
    }

    @Override
    protected boolean speaksHttp11() {
        return false;
    }
}
