package io.overair.server.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.server.netty.RawClient.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Slow, silent and greedy clients harm nobody but themselves. */
final class ClientLimitsTest extends ServerTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String HALF_A_REQUEST = "GET /file HTTP/1.0\r\nHost: a";

    @Test
    void healthyClientIsAnsweredWhileEightyHaveSentHalfARequest() throws IOException {
        releases.with("file", randomBytes(10));
        OtaServer server = start();
        List<RawClient> slow = halfSent(server, 80);

        Answer answer = connect(server).send(oldRequest("file")).readOnlyAnswer();

        assertThat(answer.body()).hasSize(10);
        for (RawClient client : slow) {
            assertThat(client.send("\r\n\r\n").readOnlyAnswer().body()).hasSize(10);
        }
    }

    @Test
    void halfSentRequestsAreAllResetInTime() throws IOException {
        OtaServer server = start(ServerLimits.defaults().withHeadTimeout(SHORT));

        for (RawClient client : halfSent(server, 80)) {
            assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void silentClientIsResetInTime() throws IOException {
        OtaServer server = start(ServerLimits.defaults().withHeadTimeout(SHORT));

        assertThatThrownBy(connect(server)::readToEnd).isInstanceOf(SocketException.class);
    }

    @Test
    void dripOfBytesDoesNotProlongTheTimeForAHead() throws IOException {
        RawClient client = connect(start(ServerLimits.defaults().withHeadTimeout(SHORT)));

        assertThatThrownBy(() -> {
                    client.send("GET /");
                    while (true) { // ends when the server has closed the connection
                        client.send("a");
                        Thread.onSpinWait();
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void laterHeadHasItsTimeFromItsFirstByte() throws IOException {
        releases.with("file", randomBytes(10));
        RawClient client = connect(start(ServerLimits.defaults().withHeadTimeout(SHORT)));

        client.send(request("file")).readAnswer();
        client.send(HALF_A_REQUEST);

        assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
    }

    @Test
    void idleConnectionIsClosedInGoodOrder() throws IOException {
        releases.with("file", randomBytes(10));
        RawClient client = connect(start(ServerLimits.defaults().withIdleTimeout(SHORT)));

        client.send(request("file")).readAnswer();

        assertThat(client.readToEnd()).isEmpty();
    }

    @Test
    void clientThatStopsReadingIsReset() throws Exception {
        releases.with("file", randomBytes(30_000_000));
        OtaServer server = start(ServerLimits.defaults().withStallTimeout(SHORT));
        RawClient client = keep(new RawClient(server.address().getPort(), 4096)).send(oldRequest("file"));

        client.read();
        releases.awaitAllClosed();

        assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
    }

    @Test
    void clientThatReadsSlowlyGetsEverything() throws Exception {
        byte[] body = randomBytes(20_000_000);
        releases.with("file", body);
        OtaServer server = start(ServerLimits.defaults().withStallTimeout(Duration.ofSeconds(5)));
        RawClient client = keep(new RawClient(server.address().getPort(), 4096)).send(oldRequest("file"));

        assertThat(client.readOnlyAnswer().body()).isEqualTo(body);
    }

    @Test
    void connectionsBeyondTheLimitOfAPeerAreClosedAtOnce() throws IOException {
        releases.with("file", randomBytes(10));
        OtaServer server = start(ServerLimits.defaults().withConnectionsPerPeer(2));
        RawClient first = connect(server);
        RawClient second = connect(server);
        assertThat(first.send(request("file")).readAnswer().status()).isEqualTo(200);
        assertThat(second.send(request("file")).readAnswer().status()).isEqualTo(200);

        assertThatThrownBy(() -> connect(server).readToEnd()).isInstanceOf(SocketException.class);
        assertThat(first.send(request("file")).readAnswer().status()).isEqualTo(200);
    }

    @Test
    void placeOfAClosedConnectionIsFree() throws IOException {
        releases.with("file", randomBytes(10));
        OtaServer server = start(ServerLimits.defaults().withConnectionsPerPeer(1));
        connect(server).send(oldRequest("file")).readOnlyAnswer();

        assertThat(answerOnceThereIsRoom(server).body()).hasSize(10);
    }

    @Test
    void connectionsBeyondTheLimitOfTheServerAreClosedAtOnce() throws IOException {
        releases.with("file", randomBytes(10));
        OtaServer server =
                start(ServerLimits.defaults().withoutConnectionsPerPeer().withConnections(1));
        RawClient first = connect(server);
        first.send(request("file")).readAnswer();

        assertThatThrownBy(() -> connect(server).readToEnd()).isInstanceOf(SocketException.class);
    }

    /** The Pycom client would flash the empty answer. */
    @Test
    void oldClientsThatAskForFirmwareBeyondTheQueueAreReset() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore arrivals = new Semaphore(0);
        releases.withGate("slow", randomBytes(10), arrivals, gate).with("firmware_1.bin", randomBytes(10));
        OtaServer server = start(ServerLimits.defaults().withWaitingRequests(1));
        for (int i = 0; i < Workers.THREADS; i++) {
            connect(server).send(request("slow"));
            arrivals.acquire();
        }
        List<CompletableFuture<Answer>> waiting = List.of(
                answerTo(connect(server).send(oldRequest("firmware_1.bin"))),
                answerTo(connect(server).send(oldRequest("firmware_1.bin"))));

        Throwable refused = CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new))
                .handle((answer, problem) -> problem)
                .get(10, TimeUnit.SECONDS);
        gate.countDown();

        assertThat(refused).hasRootCauseInstanceOf(SocketException.class);
        assertThat(waiting.stream()
                        .filter(client -> client.handle((answer, problem) -> answer != null)
                                .join()))
                .hasSize(1);
    }

    @Test
    void requestsBeyondTheQueueAreAskedToComeAgain() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore arrivals = new Semaphore(0);
        releases.withGate("slow", randomBytes(10), arrivals, gate);
        OtaServer server = start(ServerLimits.defaults().withWaitingRequests(1));
        List<RawClient> working = new ArrayList<>();
        for (int i = 0; i < Workers.THREADS; i++) {
            working.add(connect(server).send(request("slow")));
            arrivals.acquire();
        }

        CompletableFuture<Answer> one = answerTo(connect(server).send(oldRequest("slow")));
        CompletableFuture<Answer> other = answerTo(connect(server).send(oldRequest("slow")));
        Answer first = (Answer) CompletableFuture.anyOf(one, other).get(10, TimeUnit.SECONDS);
        gate.countDown();

        assertThat(first.status()).isEqualTo(503);
        assertThat(first.has("Retry-After: 1")).isTrue();
        assertThat(first.head().length() % 100).isZero();
        assertThat(List.of(one.join().status(), other.join().status())).containsExactlyInAnyOrder(503, 200);
        for (RawClient client : working) {
            assertThat(client.readAnswer().status()).isEqualTo(200);
        }
        releases.awaitAllClosed();
    }

    @Test
    void manifestsThatWaitTakeNoPlaceFromFiles() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore arrivals = new Semaphore(0);
        releases.withGate("x/manifest.json", randomBytes(10), arrivals, gate).with("file", randomBytes(10));
        OtaServer server = start(ServerLimits.defaults().withWaitingRequests(1));
        for (int i = 0; i < Workers.SLOW_THREADS; i++) {
            connect(server).send(request("x/manifest.json"));
            arrivals.acquire();
        }
        CompletableFuture<Answer> one = answerTo(connect(server).send(oldRequest("x/manifest.json")));
        CompletableFuture<Answer> other = answerTo(connect(server).send(oldRequest("x/manifest.json")));
        Answer refused = (Answer) CompletableFuture.anyOf(one, other).get(10, TimeUnit.SECONDS);

        Answer file = connect(server).send(oldRequest("file")).readOnlyAnswer();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(file.status()).isEqualTo(200);
        gate.countDown();
    }

    private static CompletableFuture<Answer> answerTo(RawClient client) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return client.readOnlyAnswer();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    /** The server counts a connection until a moment after its client has seen the end. */
    private Answer answerOnceThereIsRoom(OtaServer server) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try (RawClient client = new RawClient(server.address().getPort())) {
                return client.send(oldRequest("file")).readOnlyAnswer();
            } catch (SocketException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private List<RawClient> halfSent(OtaServer server, int count) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(connect(server).send(HALF_A_REQUEST));
        }
        return clients;
    }
}
