package io.overair.examples.pycom;

import static io.overair.examples.pycom.Answers.ascii;
import static io.overair.examples.pycom.Answers.concat;
import static io.overair.examples.pycom.Answers.head;
import static io.overair.examples.pycom.Answers.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator is true to the client of the Pycom OTA example: it wins and loses where that was measured to. */
@Timeout(60)
class PycomClientTest {
    /** Two bytes a character, so that a piece that ends on an odd byte of it cuts a character. */
    private static final byte[] ACCENTS = "é".repeat(150).getBytes(StandardCharsets.UTF_8);

    private static final byte[] TEXT = ascii("import meter\n".repeat(30));

    static IntStream headLengths() {
        return IntStream.rangeClosed(60, 320);
    }

    static IntStream headLengthsThatTearTheTerminator() {
        return headLengths().filter(length -> length % 100 >= 1 && length % 100 <= 3);
    }

    static IntStream headLengthsOffTheEdge() {
        return headLengths().filter(length -> length % 100 > 3);
    }

    @Test
    void requestIsHttp10WithAHostAndNothingElse() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(path -> ScriptedServer.body(TEXT))) {
            server.client().get("1.0.1/flash/a b é%20.py?x", new ByteArrayOutputStream());

            assertThat(server.requests())
                    .containsExactly(
                            "GET /1.0.1/flash/a b é%20.py?x HTTP/1.0\r\nHost: 127.0.0.1:" + server.port() + "\r\n\r\n");
        }
    }

    @ParameterizedTest
    @MethodSource("headLengthsThatTearTheTerminator")
    void tornTerminatorLosesEverythingWithoutAnError(int length) throws IOException {
        assertThat(bodyOfOneSegment(head(length), TEXT)).isEmpty();
        assertThat(bodyOfSegments(head(length), TEXT)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200, 300})
    void headThatEndsOnTheEdgeAlwaysWorks(int length) throws IOException {
        for (int size = 0; size < 250; size++) {
            byte[] body = random(size);
            assertThat(bodyOfOneSegment(head(length), body)).isEqualTo(body);
            assertThat(bodyOfSegments(head(length), body)).isEqualTo(body);
            assertThat(bodyOfSegments(concat(head(length), Arrays.copyOf(body, size / 2)), rest(body, size / 2)))
                    .isEqualTo(body);
        }
    }

    @ParameterizedTest
    @MethodSource("headLengthsOffTheEdge")
    void bodyThatArrivesLaterThanTheHeadIsWhole(int length) throws IOException {
        assertThat(bodyOfSegments(head(length), random(500))).isEqualTo(random(500));
    }

    @ParameterizedTest
    @MethodSource("headLengthsOffTheEdge")
    void asciiInTheReadThatEndsTheHeadIsWhole(int length) throws IOException {
        assertThat(bodyOfOneSegment(head(length), TEXT)).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @MethodSource("headLengthsOffTheEdge")
    void textFailsWhereTheEdgeCutsACharacter(int length) throws IOException {
        if (length % 2 == 1) {
            assertThatThrownBy(() -> bodyOfOneSegment(head(length), ACCENTS))
                    .isInstanceOf(CharacterCodingException.class);
        } else {
            assertThat(bodyOfOneSegment(head(length), ACCENTS)).isEqualTo(ACCENTS);
        }
    }

    @ParameterizedTest
    @MethodSource("headLengthsOffTheEdge")
    void binaryBeforeTheEdgeFails(int length) {
        byte[] binary = new byte[200];
        Arrays.fill(binary, (byte) 0xE9);

        assertThatThrownBy(() -> bodyOfOneSegment(head(length), binary)).isInstanceOf(CharacterCodingException.class);
    }

    @Test
    void binaryAfterTheEdgeIsWhole() throws IOException {
        byte[] body = concat(TEXT, random(300));

        assertThat(bodyOfOneSegment(head(160), body)).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(ints = {150, 160, 190})
    void blankLineBeforeTheEdgeLosesWhatFollowsUpToTheEdge(int length) throws IOException {
        byte[] body = ascii("ab\r\n\r\n" + "c".repeat(200));

        byte[] received = bodyOfOneSegment(head(length), body);

        int seenInThePiece = 200 - length;
        assertThat(received).isEqualTo(concat(ascii("ab"), rest(body, seenInThePiece)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50, 95, 96})
    void headTornByTheNetworkBringsTheBodyIntoItsLastPiece(int tear) {
        byte[] answer = concat(head(100), new byte[] {(byte) 0xFF, 'a', 'b', 'c'});

        assertThatThrownBy(() -> bodyOfSegments(Arrays.copyOf(answer, tear), rest(answer, tear)))
                .isInstanceOf(CharacterCodingException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {97, 98, 99})
    void headTornByTheNetworkInItsTerminatorLosesEverything(int tear) throws IOException {
        byte[] answer = concat(head(100), TEXT);

        assertThat(bodyOfSegments(Arrays.copyOf(answer, tear), rest(answer, tear)))
                .isEmpty();
    }

    @Test
    void statusAndLengthMeanNothing() throws IOException {
        String lines = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n";

        assertThat(bodyOfOneSegment(head(lines, 100), TEXT)).isEqualTo(TEXT);
    }

    @Test
    void chunkSizesEndUpInTheBody() throws IOException {
        byte[] chunked = ascii("4\r\nabcd\r\n0\r\n\r\n");

        assertThat(bodyOfOneSegment(head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", 100), chunked))
                .isEqualTo(chunked);
    }

    @Test
    void bodyCutShortAndClosedIsTakenForTheWhole() throws IOException {
        assertThat(bodyOfOneSegment(head("HTTP/1.0 200 OK\r\nContent-Length: 1000\r\n", 100), random(7)))
                .isEqualTo(random(7));
    }

    @Test
    void resetIsAnError() throws IOException {
        byte[] start = concat(head(100), random(1000));

        try (ScriptedServer server = ScriptedServer.answering(path -> ScriptedServer.cutBy(start))) {
            assertThatThrownBy(() -> server.client().get("x", new ByteArrayOutputStream()))
                    .isInstanceOf(SocketException.class);
        }
    }

    private static byte[] bodyOfOneSegment(byte[] head, byte[] body) throws IOException {
        byte[] answer = concat(head, body);
        try (ScriptedServer server = ScriptedServer.answering(path -> ScriptedServer.raw(answer))) {
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            server.client().get("x", received);
            return received.toByteArray();
        }
    }

    /** Sockets cannot be told to deliver in segments, so this reads from a stream that does. */
    private static byte[] bodyOfSegments(byte[]... segments) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        PycomClient.copyBody(new SegmentedStream(List.of(segments)), received);
        return received.toByteArray();
    }

    private static byte[] rest(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    /** A stream whose reads never go beyond a segment, as if the next had not arrived yet. */
    private static final class SegmentedStream extends InputStream {
        private final Deque<InputStream> segments = new ArrayDeque<>();

        SegmentedStream(List<byte[]> segments) {
            segments.forEach(segment -> this.segments.add(new ByteArrayInputStream(segment)));
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("the client reads pieces");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (!segments.isEmpty()) {
                int read = segments.getFirst().read(target, offset, length);
                if (read >= 0) {
                    return read;
                }
                segments.removeFirst();
            }
            return -1;
        }
    }
}
