package io.overair.server.netty;

import io.overair.server.FakeReleases;
import io.overair.server.OtaHandler;
import io.overair.server.netty.OtaServer.Engine;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** Starts servers and clients, and ends them all after a test. */
abstract class ServerTest {
    final FakeReleases releases = new FakeReleases();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    /** Every engine there is on this machine. */
    static Stream<Engine> engines() {
        return Stream.of(Engine.NIO, Engine.best()).distinct();
    }

    final OtaServer start() throws IOException {
        return start(ServerLimits.defaults());
    }

    final OtaServer start(Engine engine) throws IOException {
        return keep(builder().engine(engine).start());
    }

    final OtaServer start(ServerLimits limits) throws IOException {
        return keep(builder().limits(limits).start());
    }

    final OtaServer.Builder builder() {
        return OtaServer.builder(OtaHandler.of(releases)).bind("127.0.0.1").port(0);
    }

    final RawClient connect(OtaServer server) throws IOException {
        return keep(new RawClient(server.address().getPort()));
    }

    final <T extends AutoCloseable> T keep(T closeable) {
        started.push(closeable);
        return closeable;
    }

    static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    static String oldRequest(String path) {
        return "GET /" + path + " HTTP/1.0\r\nHost: 192.168.1.144:8000\r\n\r\n";
    }

    static String request(String path) {
        return "GET /" + path + " HTTP/1.1\r\nHost: example.org\r\n\r\n";
    }

    @AfterEach
    void closeEverything() throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }
}
