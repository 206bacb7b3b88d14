package io.overair.examples.embedding;

import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import java.io.IOException;
import java.nio.file.Path;

/** A server of its own inside your program: what devices of the Pycom OTA example connect to. */
public final class StandaloneServer {
    private StandaloneServer() {}

    /** Serves {@code directory} on {@code port}; the caller closes the server. */
    public static OtaServer start(Path directory, int port) throws IOException {
        // README: begin server
        OtaHandler handler = OtaHandler.of(ReleaseRepository.inDirectory(directory));
        OtaServer server = OtaServer.builder(handler).port(port).start();
        // README: end server
        return server;
    }
}
