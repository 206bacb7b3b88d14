package io.overair.server.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import io.overair.server.netty.OtaServer.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How connections and servers end. */
final class ServerEndTest extends ServerTest {
    @ParameterizedTest
    @MethodSource("engines")
    void clientThatSendsMoreThanItsRequestStillGetsTheWholeTail(Engine engine) throws IOException {
        byte[] body = randomBytes(3_000_000);
        releases.with("file", body);

        RawClient client = connect(start(engine)).send(oldRequest("file") + "and more ".repeat(5_000));

        assertThat(client.readOnlyAnswer().body()).isEqualTo(body);
    }

    @Test
    void clientThatNeverStopsSendingIsCutOff() throws IOException {
        releases.with("file", randomBytes(10));
        RawClient client = connect(start()).send(oldRequest("file"));

        assertThatThrownBy(() -> {
                    while (true) { // ends when the server has closed the connection
                        client.send(new byte[4096]);
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void clientThatNeverClosesIsClosed() throws IOException {
        releases.with("file", randomBytes(10));
        OtaServer server = start(
                ServerLimits.defaults().withDrainTimeout(Duration.ofMillis(200)).withConnectionsPerPeer(1));
        RawClient client = connect(server).send(oldRequest("file"));
        client.readOnlyAnswer();

        assertThatThrownBy(() -> {
                    while (true) { // ends when the server has closed the connection
                        client.send("a");
                        Thread.onSpinWait();
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void closingLetsAnAnswerUnderWayFinish() throws Exception {
        byte[] body = randomBytes(20_000_000);
        releases.with("file", body);
        OtaServer server = start();
        RawClient idle = connect(server);
        idle.send(request("file")).readAnswer();
        RawClient busy = connect(server).send(request("file"));
        busy.read();

        Thread closer = new Thread(server::close);
        closer.start();

        assertThat(idle.readToEnd()).isEmpty();
        assertThat(busy.readOnlyAnswer().body()).isEqualTo(body);
        closer.join();
        assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class);
    }

    @Test
    void closingResetsAnAnswerThatTakesTooLong() throws Exception {
        releases.with("file", randomBytes(30_000_000));
        OtaServer server = start(ServerLimits.defaults().withCloseTimeout(Duration.ofMillis(100)));
        RawClient client = connect(server).send(oldRequest("file"));
        client.read();

        server.close();

        assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
        releases.awaitAllClosed();
    }

    @Test
    void closingResetsRequestsThatHaveNotBegunAtOnce() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore arrivals = new Semaphore(0);
        releases.withGate("slow", randomBytes(10), arrivals, gate);
        OtaServer server = start(
                ServerLimits.defaults().withCloseTimeout(Duration.ofMinutes(1)).withWaitingRequests(1));
        List<RawClient> begun = new ArrayList<>();
        for (int i = 0; i < Workers.THREADS; i++) {
            begun.add(connect(server).send(oldRequest("slow")));
            arrivals.acquire();
        }
        CompletableFuture<byte[]> one = allOf(connect(server).send(oldRequest("slow")));
        CompletableFuture<byte[]> other = allOf(connect(server).send(oldRequest("slow")));
        CompletableFuture.anyOf(one, other).get(10, TimeUnit.SECONDS); // was refused: so the other one waits
        CompletableFuture<byte[]> waiting = one.isDone() ? other : one;

        Thread closer = new Thread(server::close);
        closer.start();

        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(SocketException.class);
        gate.countDown();
        for (RawClient client : begun) {
            assertThat(client.readOnlyAnswer().body()).hasSize(10);
        }
        closer.join();
    }

    private static CompletableFuture<byte[]> allOf(RawClient client) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return client.readToEnd();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    @Test
    void closingTwiceDoesNothing() throws IOException {
        OtaServer server = start();

        server.close();
        server.close();

        assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class);
    }

    @Test
    void contentOfAClientThatLeftWhileItWaitedIsClosed() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore arrivals = new Semaphore(0);
        releases.withGate("slow", randomBytes(100), arrivals, gate);
        RawClient client = connect(start()).send(oldRequest("slow"));
        arrivals.acquire();

        client.close();
        gate.countDown();

        releases.awaitAllClosed();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void noBufferIsLeftBehind(Engine engine, @TempDir Path folder) throws Exception {
        releases.with("bytes", randomBytes(1_000_000)).with("short", randomBytes(100_000), 200_000);
        releases.withFile("file", Files.write(folder.resolve("file"), randomBytes(1_000_000)));
        PooledByteBufAllocator allocator = new PooledByteBufAllocator(true, 0, 1, 8192, 5, 0, 0, false);
        OtaServer server = keep(builder()
                .engine(engine)
                .allocator(allocator)
                .limits(ServerLimits.defaults().withCloseTimeout(Duration.ofMillis(100)))
                .start());

        connect(server).send(request("bytes") + oldRequest("file") + "more").readToEnd();
        connect(server).send("rubbish\r\n\r\n" + request("file")).readToEnd();
        connect(server).send("GET / HTTP/1.1\r\nX y\r\n\r\n" + request("file")).readToEnd();
        assertThatThrownBy(connect(server).send(request("short"))::readToEnd).isInstanceOf(SocketException.class);
        connect(server).send(request("bytes")).close();
        connect(server).send(oldRequest("file")).read();
        connect(server).send("GET /fi");
        server.close();

        assertThat(allocator.pinnedDirectMemory()).isZero();
        releases.awaitAllClosed();
    }

    @Test
    void addressThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> builder().port(taken.getLocalPort()).start())
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void hostThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> builder().bind("no.such.host.invalid").start())
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no.such.host.invalid");
    }

    @Test
    void addressAndUriTellWhereItListens() throws IOException {
        OtaServer server = start();

        assertThat(server.address().getPort()).isPositive();
        assertThat(server.uri())
                .hasToString("http://127.0.0.1:" + server.address().getPort() + "/");
    }

    @Test
    void uriOfAServerOnAllInterfacesCanBeUsedOnThisMachine() throws IOException {
        OtaServer server = keep(builder().bind("0.0.0.0").start());

        assertThat(server.uri().getHost()).isEqualTo("127.0.0.1");
    }
}
