package io.overair.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.server.netty.RawClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients get that say HTTP/1.1. */
final class OrdinaryAnswerTest extends ServerTest {
    @Test
    void connectionStaysForOneRequestAfterTheOther(@TempDir Path folder) throws IOException {
        releases.with("bytes", randomBytes(100_000));
        releases.withFile("file", Files.write(folder.resolve("file"), randomBytes(200_000)));
        RawClient client = connect(start());

        for (int i = 0; i < 3; i++) {
            Answer bytes = client.send(request("bytes")).readAnswer();
            Answer file = client.send(request("file")).readAnswer();

            assertThat(bytes.statusLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(bytes.head()).contains("\r\nDate: ").contains("\r\nContent-Length: 100000\r\n");
            assertThat(bytes.body()).isEqualTo(randomBytes(100_000));
            assertThat(file.body()).isEqualTo(randomBytes(200_000));
        }
    }

    @Test
    void connectionIsClosedWhenTheClientAsksForIt() throws IOException {
        releases.with("file", randomBytes(10));

        Answer answer = connect(start())
                .send("GET /file HTTP/1.1\r\nHost: a\r\nConnection: TE, close\r\n\r\n")
                .readOnlyAnswer();

        assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(answer.has("Connection: close")).isTrue();
        assertThat(answer.body()).hasSize(10);
    }

    @Test
    void requestsSentTogetherAreAnsweredInTheirOrder() throws IOException {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            releases.with("file" + i, ("content " + i).getBytes(UTF_8));
            requests.append(request("file" + i));
        }

        RawClient client = connect(start()).send(requests.toString());

        for (int i = 0; i < 2_000; i++) {
            assertThat(client.readAnswer().body()).asString(UTF_8).isEqualTo("content " + i);
        }
    }

    @Test
    void requestsAreAnsweredThoughTheClientHasEndedItsOutput() throws IOException {
        releases.with("file", randomBytes(10));

        RawClient client = connect(start())
                .send(request("file") + request("file") + oldRequest("file"))
                .endOutput();

        assertThat(client.readAnswer().body()).hasSize(10);
        assertThat(client.readAnswer().body()).hasSize(10);
        assertThat(client.readOnlyAnswer().body()).hasSize(10);
    }

    @Test
    void requestMayComeByteByByte() throws IOException {
        releases.with("file", randomBytes(10));
        RawClient client = connect(start());

        for (byte next : request("file").getBytes(UTF_8)) {
            client.send(new byte[] {next});
        }

        assertThat(client.readAnswer().body()).hasSize(10);
    }

    @Test
    void headRequestBringsTheLengthAndNoBody() throws IOException {
        releases.with("file", randomBytes(1234));

        RawClient client = connect(start()).send("HEAD /file HTTP/1.1\r\nHost: a\r\n\r\n" + request("file"));

        assertThat(client.readHead().has("Content-Length: 1234")).isTrue();
        assertThat(client.readAnswer().body()).hasSize(1234);
    }

    @Test
    void errorDoesNotEndTheConnection() throws IOException {
        releases.with("file", randomBytes(10));

        RawClient client = connect(start()).send(request("nothing") + request("file"));

        assertThat(client.readAnswer().status()).isEqualTo(404);
        assertThat(client.readAnswer().status()).isEqualTo(200);
    }

    @Test
    void defectOfARepositoryIsAnError() throws IOException {
        releases.withDefect("file").with("other", randomBytes(10));

        RawClient client = connect(start()).send(request("file") + request("other"));

        assertThat(client.readAnswer().status()).isEqualTo(500);
        assertThat(client.readAnswer().status()).isEqualTo(200);
    }

    @Test
    void emptyLinesBeforeARequestDoNotCount() throws IOException {
        releases.with("file", randomBytes(10));

        RawClient client = connect(start()).send("\r\n\r\n" + request("file") + "\r\n" + request("file"));

        assertThat(client.readAnswer().status()).isEqualTo(200);
        assertThat(client.readAnswer().status()).isEqualTo(200);
    }

    @Test
    void otherMethodsAreTheHandlersBusiness() throws IOException {
        RawClient client = connect(start()).send("DELETE /file HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(client.readAnswer().status()).isEqualTo(405);
    }
}
