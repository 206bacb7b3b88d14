package io.overair.server.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.overair.server.OtaResponse;
import io.overair.server.netty.OtaServer.Engine;
import io.overair.server.netty.RawClient.Answer;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get that say HTTP/1.0, as the Pycom client does. */
final class OldClientAnswerTest extends ServerTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10, 99, 100, 1000, 65_536, 65_537, 1_000_000, 10_000_000})
    void headOfAnyBodyHas100Bytes(int size) throws IOException {
        byte[] body = randomBytes(size);
        releases.with("file", body);

        Answer answer = connect(start()).send(oldRequest("file")).readOnlyAnswer();

        assertThat(answer.head()).hasSize(100).startsWith("HTTP/1.0 200 OK\r\n").doesNotContain("Date:");
        assertThat(answer.has("Content-Length: " + size)).isTrue();
        assertThat(answer.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void filesArriveWhole(Engine engine, @TempDir Path folder) throws IOException {
        byte[] body = randomBytes(5_000_000);
        releases.withFile("file", Files.write(folder.resolve("file"), body));

        Answer answer = connect(start(engine)).send(oldRequest("file")).readOnlyAnswer();

        assertThat(answer.head()).hasSize(100);
        assertThat(answer.body()).isEqualTo(body);
    }

    static IntStream textLengths() {
        return IntStream.rangeClosed(0, 230);
    }

    @ParameterizedTest
    @MethodSource("textLengths")
    void headIsFilledUpToTheNextHundred(int typeLength) {
        ByteBuf out = Unpooled.buffer();
        OtaResponse response = new OtaResponse(
                200,
                Map.of("Content-Type", "t".repeat(typeLength)),
                OptionalLong.of(1),
                new OtaResponse.Body.None(),
                OtaResponse.Delivery.ANSWER);

        OldClientHead.write(response, OptionalLong.of(1), out);

        String head = out.toString(US_ASCII);
        assertThat(head.length() % 100).isZero();
        assertThat(head.length()).isLessThan(typeLength + 65 + 104);
        assertThat(head.indexOf("\r\n\r\n")).isEqualTo(head.length() - 4);
        assertThat(head.lines().skip(1)).allMatch(line -> line.isEmpty() || line.contains(": "));
    }

    @Test
    void errorHasItsStatusAndNoBody() throws IOException {
        Answer answer = connect(start()).send(oldRequest("nothing")).readOnlyAnswer();

        assertThat(answer.statusLine()).isEqualTo("HTTP/1.0 404 Not Found");
        assertThat(answer.head().length() % 100).isZero();
        assertThat(answer.has("Content-Length: 0")).isTrue();
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void requestWithoutVersionIsAnsweredInTheSameShape() throws IOException {
        releases.with("file", randomBytes(10));

        Answer answer = connect(start()).send("GET /file\r\n\r\n").readOnlyAnswer();

        assertThat(answer.head()).hasSize(100).startsWith("HTTP/1.0 200 OK\r\n");
        assertThat(answer.body()).isEqualTo(randomBytes(10));
    }

    @Test
    void connectionIsClosedEvenIfTheClientAsksToKeepIt() throws IOException {
        releases.with("file", randomBytes(10));

        Answer answer = connect(start())
                .send("GET /file HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                .readOnlyAnswer();

        assertThat(answer.body()).hasSize(10);
    }

    @Test
    void headRequestBringsTheLengthAndNoBody() throws IOException {
        releases.with("file", randomBytes(1234));

        Answer answer = connect(start()).send("HEAD /file HTTP/1.0\r\n\r\n").readOnlyAnswer();

        assertThat(answer.head()).hasSize(100);
        assertThat(answer.has("Content-Length: 1234")).isTrue();
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void blanksAndUtf8InTheTargetAreUnderstood() throws IOException {
        releases.with("1.0/a  é ☃.py", randomBytes(10));

        Answer answer = connect(start()).send(oldRequest("1.0/a  é ☃.py")).readOnlyAnswer();

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void firstOfSeveralHostsCounts() throws IOException {
        releases.with("file", randomBytes(10));

        Answer answer = connect(start())
                .send("GET /file HTTP/1.0\r\nHost: a:1\r\nHost: b:2\r\n\r\n")
                .readOnlyAnswer();

        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void imageThatCannotBeServedIsAReset(Engine engine) throws IOException {
        RawClient client = connect(start(engine)).send(oldRequest("firmware_1.0.1.bin"));

        assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
    }

    @Test
    void requestForAnImageThatIsRefusedIsAReset() throws IOException {
        for (String field : List.of("Content-Length: 5", "a b", "X: " + "x".repeat(20_000))) {
            RawClient client = connect(start()).send("GET /firmware_1.0.1.bin HTTP/1.0\r\n" + field + "\r\n\r\n");

            assertThatThrownBy(client::readToEnd).as(field).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void newClientLearnsThatAnImageCannotBeServed() throws IOException {
        Answer answer = connect(start()).send(request("firmware_1.0.1.bin")).readAnswer();

        assertThat(answer.status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/0.9"})
    void otherOldVersionsAreAnsweredInTheSameShape(String version) throws IOException {
        releases.with("file", randomBytes(10));

        Answer answer =
                connect(start()).send("GET /file " + version + "\r\n\r\n").readOnlyAnswer();

        assertThat(answer.head()).hasSize(100);
    }
}
