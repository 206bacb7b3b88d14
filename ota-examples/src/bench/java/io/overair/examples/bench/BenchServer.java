package io.overair.examples.bench;

import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import io.overair.server.netty.ServerLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;

/** The server that is measured. It prints its port and serves until its input ends, that is, until the benchmark does. */
final class BenchServer {
    private BenchServer() {}

    public static void main(String[] args) throws IOException {
        OtaHandler handler = OtaHandler.of(ReleaseRepository.inDirectory(Path.of(args[0])));
        ServerLimits limits = ServerLimits.defaults().withoutConnectionsPerPeer();
        try (OtaServer server = OtaServer.builder(handler)
                .bind(InetAddress.getLoopbackAddress())
                .port(0)
                .limits(limits)
                .start()) {
            System.out.println(server.address().getPort());
            while (System.in.read() >= 0) {}
        }
    }
}
