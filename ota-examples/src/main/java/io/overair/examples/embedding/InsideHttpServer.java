package io.overair.examples.embedding;

import com.sun.net.httpserver.HttpServer;
import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.jdk.JdkHttpAdapter;
import java.io.IOException;
import java.nio.file.Path;

/** Releases served by an HTTP server that is there already: the JDK's, for devices that speak HTTP/1.1. */
public final class InsideHttpServer {
    private InsideHttpServer() {}

    /** Adds the releases in {@code directory} to what {@code httpServer} serves. */
    public static void addTo(HttpServer httpServer, Path directory) throws IOException {
        // README: begin jdk
        OtaHandler handler = OtaHandler.of(ReleaseRepository.inDirectory(directory));
        httpServer.createContext("/", JdkHttpAdapter.of(handler));
        // README: end jdk
    }
}
