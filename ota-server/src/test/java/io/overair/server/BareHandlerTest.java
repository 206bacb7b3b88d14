package io.overair.server;

import io.overair.server.OtaRequest.Protocol;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** The handler without any web server. */
class BareHandlerTest extends ServerContract {
    @Override
    protected Peer start(OtaHandler handler) {
        return new Peer() {
            @Override
            public Reply send(String method, String target, Map<String, String> headers) throws IOException {
                return BareHandlerTest.send(handler, Protocol.HTTP_1_1, method, target, headers);
            }

            @Override
            public String address() {
                return "192.0.2.1:8000";
            }

            @Override
            public void close() {
                // Nothing was opened.
            }
        };
    }

    /** Asks {@code handler} and reads the answer to its end. */
    static Reply send(OtaHandler handler, Protocol protocol, String method, String target, Map<String, String> headers)
            throws IOException {
        OtaRequest request = OtaRequest.of(protocol, method, target, "192.0.2.1:8000", headers::get);
        try (OtaResponse response = handler.handle(request)) {
            Map<String, String> all = new TreeMap<>(response.headers());
            response.contentLength().ifPresent(length -> all.put("Content-Length", Long.toString(length)));
            return new Reply(response.status(), all, Bodies.read(response.body()));
        }
    }
}
