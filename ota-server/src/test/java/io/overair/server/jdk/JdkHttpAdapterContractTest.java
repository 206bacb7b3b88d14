package io.overair.server.jdk;

import com.sun.net.httpserver.HttpServer;
import io.overair.server.OtaHandler;
import io.overair.server.ServerContract;
import io.overair.server.SocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The handler behind the JDK's web server. */
class JdkHttpAdapterContractTest extends ServerContract {
    @Override
    protected Peer start(OtaHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", JdkHttpAdapter.of(handler));
        server.start();
        return new SocketPeer(server.getAddress(), "HTTP/1.1", () -> server.stop(0));
    }

    @Override
    protected boolean understandsRawTargets() {
        return false;
    }
}
