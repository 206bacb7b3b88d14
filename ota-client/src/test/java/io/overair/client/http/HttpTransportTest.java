package io.overair.client.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.client.Download;
import io.overair.client.NoSuchResourceException;
import io.overair.client.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract does not cover: the ways of HTTP, and servers that lie. */
@Timeout(60)
class HttpTransportTest {
    private final List<Closeable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (Closeable closeable : opened) {
            closeable.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 451})
    void asksNoMoreWhereTheServerSaysNo(int status) throws IOException {
        Transport transport = to(saying("HTTP/1.1 " + status + " No\r\nContent-Length: 4\r\n\r\npage"));

        assertThatThrownBy(() -> transport.fetch("1.0.1/a", 0))
                .isInstanceOf(NoSuchResourceException.class)
                .hasMessage("/1.0.1/a: status " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504, 204, 206, 203})
    void whatMayPassIsNoReasonToGiveUp(int status) throws IOException {
        Transport transport = to(saying("HTTP/1.1 " + status + " Later\r\nContent-Length: 0\r\n\r\n"));

        assertThatThrownBy(() -> transport.fetch("1.0.1/a", 0))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchResourceException.class)
                .hasMessage("/1.0.1/a: status " + status);
    }

    /** Threats row 47. */
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreRefusedWhereverTheyLead(int status) throws IOException {
        ScriptedServer elsewhere = saying("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        Transport transport = to(saying(
                "HTTP/1.1 %d Moved\r\nLocation: %s/x\r\nContent-Length: 0\r\n\r\n".formatted(status, elsewhere.url())));

        assertThatThrownBy(() -> transport.fetch("x", 0))
                .isInstanceOf(NoSuchResourceException.class)
                .hasMessageContaining("redirect");
        assertThat(elsewhere.requests()).isEmpty();
    }

    /** Threats rows 45 and 46: whatever a manifest names, the host that is asked is the one configured. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/a",
                "https://localhost:1/a",
                "file:///a",
                "ftp://h/a",
                "http://good@evil/a",
                "//evil/a",
                "http:a",
                "@evil/a",
                ":99/a"
            })
    void noManifestLeadsToAnotherHost(String reference) throws IOException {
        ScriptedServer server = saying("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");

        try (Download download = to(server).fetch(reference, 0)) {
            assertThat(download.content().readAllBytes()).hasSize(1);
        }
        assertThat(server.requests()).hasSize(1);
        assertThat(server.requests().get(0)).contains("\r\nHost: 127.0.0.1:" + server.port() + "\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http://h/a b|U+0020",
                "http://h/a\"b|U+0022",
                "http://h/a<b|U+003C",
                "http://h/a>b|U+003E",
                "http://h/a{b|U+007B",
                "http://h/a}b|U+007D",
                "http://h/a^b|U+005E",
                "http://h/a\\b|U+005C",
                "http://h/a#b|U+0023",
                "http://h/é|U+00E9",
                "http://h/😀|U+1F600",
                "http://h/x?a b|U+0020"
            })
    void aPathThatWouldChangeOnItsWayIsRefusedAndTheCharacterNamed(String reference, String character)
            throws IOException {
        ScriptedServer server = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        assertThatThrownBy(() -> to(server).fetch(reference, 0))
                .isInstanceOf(NoSuchResourceException.class)
                .hasMessageContaining("the character " + character);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void soAreTheDelimitersOfTheTableAbove() throws IOException {
        Transport transport = to(saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));

        assertThatThrownBy(() -> transport.fetch("http://h/a|b", 0)).hasMessageContaining("the character U+007C");
        assertThatThrownBy(() -> transport.fetch("http://h/a`b", 0)).hasMessageContaining("the character U+0060");
    }

    /** Threats row 49. */
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\tb", "a\0b", "a ", " a", "a HTTP/1.1\r\n\r\nGET /b"})
    void nothingInAPathBecomesAnotherField(String path) throws IOException {
        ScriptedServer server = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        assertThatThrownBy(() -> to(server).fetch("http://h/" + path, 0)).isInstanceOf(NoSuchResourceException.class);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a%20b",
                "100%25",
                "p+q~-._!$&'()*,;=:@",
                "%E2%82%AC",
                "a?b=c&d",
                "a//b",
                "/a",
                "a[1]",
                "%zz",
                "x%00y",
                "..."
            })
    void otherPathsAreSentLetterForLetter(String path) throws IOException {
        ScriptedServer server = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        to(server).fetch("http://h/" + path, 0).close();

        assertThat(server.requests().get(0)).startsWith("GET /" + path + " HTTP/1.1\r\n");
    }

    @Test
    void theManifestIsAskedForBelowThePathOfTheServer() throws IOException {
        ScriptedServer server = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        HttpTransport transport = keep(HttpTransport.to(server.url() + "/ota"));

        transport.fetch("manifest.json?current_ver=1.0", 0).close();
        transport.fetch("http://h/ota/1.0/a", 0).close();

        assertThat(server.requests())
                .extracting(head -> head.lines().findFirst().orElseThrow())
                .containsExactly("GET /ota/manifest.json?current_ver=1.0 HTTP/1.1", "GET /ota/1.0/a HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://h/",
                "file:///x",
                "h:8000",
                "http:///x",
                "http://",
                "http://user:secret@h/",
                "http://user@h/",
                "http://h/?token=secret",
                "http://h/#secret",
                "http:\\\\h\\",
                ""
            })
    void anAddressThatIsNoPlainHttpUrlIsRefusedWithoutBeingRepeated(String address) {
        assertThatThrownBy(() -> HttpTransport.to(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aFieldOfTheHostGoesWithEveryRequest() throws IOException {
        ScriptedServer server = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Transport transport = keep(HttpTransport.builder(server.url())
                .header("Authorization", "Bearer t")
                .build());

        transport.fetch("a", 0).close();

        assertThat(server.requests().get(0)).contains("\r\nAuthorization: Bearer t\r\n");
        assertThatThrownBy(() -> HttpTransport.builder(server.url()).header("X", "a\r\nY: b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Threats row 64. */
    @Test
    void messagesLeaveQueriesOut() throws IOException {
        Transport transport = to(saying("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"));

        assertThatThrownBy(() -> transport.fetch("http://user:secret@h/a?token=secret", 0))
                .hasMessage("/a: status 404");
        assertThatThrownBy(() -> transport.fetch("http://user:secret@h/a b?token=secret", 0))
                .hasMessageNotContaining("secret");
    }

    /** Threats row 23. */
    @Test
    void compressedContentWasNotAskedForAndIsNotUnfolded() throws IOException {
        ScriptedServer server =
                saying("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\b\0");

        assertThatThrownBy(() -> to(server).fetch("a", 0)).isInstanceOf(ProtocolException.class);
        assertThat(server.requests().get(0)).contains("\r\nAccept-Encoding: identity\r\n");
    }

    /** Threats row 28. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"
            })
    void aBodyThatBreaksOffIsNoEnd(String answer) throws IOException {
        try (Download download = to(saying(answer)).fetch("a", 0)) {
            assertThatThrownBy(() -> download.content().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "HTTP/1.1", "HTTP/1.1 abc\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n"})
    void whatIsNoAnswerIsAnErrorThatMayPass(String answer) throws IOException {
        assertThatThrownBy(() -> to(saying(answer)).fetch("a", 0))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoSuchResourceException.class);
    }

    /** Threats row 29: the answer to a question for the rest is only taken if it says that it is the rest. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Range: bytes 0-9/10\r\nContent-Length: 10",
                "Content-Range: bytes 4-9/10\r\nContent-Length: 6",
                "Content-Range: bytes 5-8/10\r\nContent-Length: 4",
                "Content-Range: bytes 5-9/*\r\nContent-Length: 5",
                "Content-Range: bytes 5-9/10\r\nContent-Length: 6",
                "Content-Range: bytes 5-99999999999999999999/10\r\nContent-Length: 5",
                "Content-Range: bytes */10\r\nContent-Length: 5",
                "Content-Range: lines 5-9/10\r\nContent-Length: 5",
                "Content-Type: multipart/byteranges; boundary=x\r\nContent-Length: 5",
                "Content-Length: 5"
            })
    void aPartThatIsNotTheOneAskedForIsThrownAway(String fields) throws IOException {
        ScriptedServer server = new ScriptedServer((head, connection) -> connection.write((head.contains("\r\nRange:")
                        ? "HTTP/1.1 206 Partial\r\n" + fields + "\r\n\r\nworse and more"
                        : "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789")
                .getBytes(ISO_8859_1)));
        opened.add(server);

        try (Download download = to(server).fetch("a", 5)) {
            assertThat(download.offset()).isZero();
            assertThat(download.content().readAllBytes()).asString(UTF_8).isEqualTo("0123456789");
        }
    }

    @Test
    void thePartAskedForIsTaken() throws IOException {
        ScriptedServer server =
                saying("HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n56789");

        try (Download download = to(server).fetch("a", 5)) {
            assertThat(download.offset()).isEqualTo(5);
            assertThat(download.totalLength()).isEqualTo(OptionalLong.of(10));
            assertThat(download.content().readAllBytes()).asString(UTF_8).isEqualTo("56789");
        }
        assertThat(server.requests().get(0)).contains("\r\nRange: bytes=5-\r\n").doesNotContain("If-Range");
    }

    /** Threats row 29. */
    @ParameterizedTest
    @CsvSource({"\"v1\", true", "W/\"v1\", false", "v1, false", "\"a\"b\", false"})
    void theRestIsAskedForOnlyOfWhatTheFirstPartWasOf(String tag, boolean strong) throws IOException {
        ScriptedServer server = saying("HTTP/1.1 200 OK\r\nETag: " + tag + "\r\nContent-Length: 1\r\n\r\na");
        Transport transport = to(server);

        transport.fetch("a", 0).close();
        transport.fetch("b", 1).close();
        transport.fetch("a", 1).close();

        assertThat(server.requests().get(1)).doesNotContain("If-Range");
        assertThat(server.requests().get(2).contains("\r\nIf-Range: " + tag + "\r\n"))
                .isEqualTo(strong);
    }

    @Test
    void aServerThatClosesWithoutSayingSoCostsNoRequest() throws IOException {
        ScriptedServer server = saying("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        Transport transport = to(server);

        for (int i = 0; i < 6; i++) {
            try (Download download = transport.fetch("a", 0)) {
                assertThat(download.content().readAllBytes()).hasSize(1);
            }
        }
        assertThat(server.requests()).hasSize(6);
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        ScriptedServer server = hanging("", end);
        Transport transport = keep(HttpTransport.builder(server.url())
                .readTimeout(Duration.ofMillis(50))
                .build());

        assertThatThrownBy(() -> transport.fetch("a", 0)).isInstanceOf(SocketTimeoutException.class);
        end.countDown();
    }

    /** Each byte comes in time for the time-out of reading. */
    @Test
    void aHeadThatNeverEndsIsGivenUp() throws IOException {
        Transport transport =
                keep(HttpTransport.builder(dripping("HTTP/1.1 200 OK\r\nX: ").url())
                        .headTimeout(Duration.ofMillis(300))
                        .build());

        assertThatThrownBy(() -> transport.fetch("a", 0))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no answer within PT0.3S");
    }

    @Test
    void linesBetweenChunksAreNoContent() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n4;";
        Transport transport = keep(HttpTransport.builder(dripping(head).url())
                .readTimeout(Duration.ofMillis(300))
                .build());

        try (Download download = transport.fetch("a", 0)) {
            assertThat(download.content().readNBytes(new byte[4], 0, 4)).isEqualTo(4);
            assertThatThrownBy(() -> download.content().read())
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no content within PT0.3S");
        }
    }

    @Test
    void aBodyMayTakeLongerThanItsHead() throws IOException {
        Transport transport =
                keep(HttpTransport.builder(dripping("HTTP/1.1 200 OK\r\n\r\n").url())
                        .headTimeout(Duration.ofMillis(300))
                        .build());

        try (Download download = transport.fetch("a", 0)) {
            // A byte every ten milliseconds.
            assertThat(download.content().readNBytes(50)).hasSize(50);
        }
    }

    @Test
    void aTransferMayNotTakeForEver() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        ScriptedServer server = hanging("HTTP/1.1 200 OK\r\n\r\nsome", end);
        Transport transport = keep(HttpTransport.builder(server.url())
                .callTimeout(Duration.ofMillis(300))
                .build());

        try (Download download = transport.fetch("a", 0)) {
            assertThatThrownBy(() -> download.content().readAllBytes()).isInstanceOf(IOException.class);
        }
        end.countDown();
    }

    @Test
    void anInterruptWhileConnectingIsAnErrorLikeAnyOther() throws IOException {
        Transport transport = to(hanging("", new CountDownLatch(0)));

        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> transport.fetch("a", 0)).isInstanceOf(IOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void anInterruptEndsATransferThatHangs() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(1);
        Transport transport = to(hanging("HTTP/1.1 200 OK\r\n\r\nsome", end));
        FutureTask<Boolean> stillInterrupted = new FutureTask<>(() -> {
            try (Download download = transport.fetch("a", 0)) {
                download.content().readNBytes(new byte[4], 0, 4);
                reading.countDown();
                assertThatThrownBy(() -> download.content().read()).isInstanceOf(IOException.class);
                return Thread.currentThread().isInterrupted();
            }
        });
        Thread thread = new Thread(stillInterrupted);
        thread.start();
        reading.await();

        thread.interrupt();

        // Far below the time-out of half a minute.
        assertThat(stillInterrupted.get(10, TimeUnit.SECONDS)).isTrue();
        end.countDown();
    }

    @Test
    void closingFromAnotherThreadEndsATransferThatHangs() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(1);
        Transport transport = to(hanging("HTTP/1.1 200 OK\r\n\r\nsome", end));
        FutureTask<IOException> failure = new FutureTask<>(() -> {
            try (Download download = transport.fetch("a", 0)) {
                download.content().readNBytes(new byte[4], 0, 4);
                reading.countDown();
                download.content().read();
                return null;
            } catch (IOException e) {
                return e;
            }
        });
        new Thread(failure).start();
        reading.await();

        transport.close();

        assertThat(failure.get(10, TimeUnit.SECONDS)).isNotNull();
        end.countDown();
    }

    private ScriptedServer saying(String answer) throws IOException {
        return keep(ScriptedServer.saying(answer));
    }

    /** Says {@code beginning} and then another byte every ten milliseconds, until the client goes. */
    private ScriptedServer dripping(String beginning) throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        return keep(new ScriptedServer((head, connection) -> {
            connection.write(beginning.getBytes(ISO_8859_1));
            try {
                while (!never.await(10, TimeUnit.MILLISECONDS)) {
                    connection.write('x');
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /** Says {@code beginning} and then nothing. */
    private ScriptedServer hanging(String beginning, CountDownLatch end) throws IOException {
        return keep(new ScriptedServer((head, connection) -> {
            connection.write(beginning.getBytes(ISO_8859_1));
            connection.flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private HttpTransport to(ScriptedServer server) {
        return keep(HttpTransport.to(server.url()));
    }

    private <T extends Closeable> T keep(T closeable) {
        opened.add(closeable);
        return closeable;
    }
}
