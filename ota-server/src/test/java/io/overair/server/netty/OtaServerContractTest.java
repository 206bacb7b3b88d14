package io.overair.server.netty;

import io.overair.server.OtaHandler;
import io.overair.server.ServerContract;
import io.overair.server.SocketPeer;
import java.io.IOException;

/** The handler behind {@link OtaServer}, to clients that speak HTTP/1.1. */
class OtaServerContractTest extends ServerContract {
    @Override
    protected Peer start(OtaHandler handler) throws IOException {
        OtaServer server = OtaServer.builder(handler).bind("127.0.0.1").port(0).start();
        return new SocketPeer(server.address(), "HTTP/1.1", server);
    }

    /** RFC 9112 §3.2 has such requests refused; clients of HTTP/1.0 may leave it out. */
    @Override
    protected boolean understandsMissingHost() {
        return false;
    }
}
