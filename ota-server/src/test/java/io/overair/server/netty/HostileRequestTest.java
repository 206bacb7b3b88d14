package io.overair.server.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.server.OtaHandler;
import io.overair.server.OtaListener;
import io.overair.server.OtaRequest;
import io.overair.server.OtaResponse;
import io.overair.server.netty.RawClient.Answer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are made to confuse: refused with a status, and the connection is closed. */
final class HostileRequestTest extends ServerTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # name                             | status | request; \\r and \\n are line ends, \\0 a NUL, \\t a tab
            length and coding                  | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 4\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n
            coding and length                  | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 4\\r\\n\\r\\n
            two lengths                        | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 4\\r\\nContent-Length: 5\\r\\n\\r\\n
            the same length twice              | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 4\\r\\nContent-Length: 4\\r\\n\\r\\n
            a list of lengths                  | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 4, 4\\r\\n\\r\\n
            a negative length                  | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: -1\\r\\n\\r\\n
            a length with a sign               | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: +4\\r\\n\\r\\n
            a length in hexadecimal            | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 0x4\\r\\n\\r\\n
            an endless length                  | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 99999999999999999999\\r\\n\\r\\n
            an empty length                    | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length:\\r\\n\\r\\n
            another coding                     | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: xchunked\\r\\n\\r\\n
            a coding before chunked            | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: identity, chunked\\r\\n\\r\\n
            two codings                        | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: identity\\r\\n\\r\\n
            a coding behind a vertical tab     | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: \\vchunked\\r\\n\\r\\n
            a coding in HTTP/1.0               | 400 | POST / HTTP/1.0\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n
            a blank before the colon           | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding : chunked\\r\\n\\r\\n
            a tab before the colon             | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length\\t: 4\\r\\n\\r\\n
            a field over two lines             | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: b\\r\\n c\\r\\n\\r\\n
            a field over two lines, tab        | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: b\\r\\n\\tTransfer-Encoding: chunked\\r\\n\\r\\n
            a first field that begins blank    | 400 | GET / HTTP/1.1\\r\\n Host: a\\r\\n\\r\\n
            a bare CR in a value               | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: b\\rContent-Length: 4\\r\\n\\r\\n
            a bare CR in a name                | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX\\rY: b\\r\\n\\r\\n
            a bare CR in the request line      | 400 | GET /\\r HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n
            a line that ends with CR CR LF     | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: b\\r\\r\\n\\r\\n
            line ends without CR               | 400 | GET / HTTP/1.0\\nHost: a\\n\\n
            one line end without CR            | 400 | GET / HTTP/1.1\\r\\nHost: a\\nX: b\\r\\n\\r\\n
            a NUL in the target                | 400 | GET /a\\0b HTTP/1.0\\r\\n\\r\\n
            a NUL in a name                    | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX\\0: b\\r\\n\\r\\n
            a NUL in a value                   | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: b\\0\\r\\n\\r\\n
            a NUL alone                        | 400 | \\0\\r\\n\\r\\n
            a tab in the target                | 400 | GET /a\\tb HTTP/1.0\\r\\n\\r\\n
            a field without a colon            | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX\\r\\n\\r\\n
            a field without a name             | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\n: b\\r\\n\\r\\n
            no host                            | 400 | GET / HTTP/1.1\\r\\n\\r\\n
            two hosts                          | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: a\\r\\n\\r\\n
            an empty host                      | 400 | GET / HTTP/1.1\\r\\nHost:\\r\\n\\r\\n
            a host with a path                 | 400 | GET / HTTP/1.1\\r\\nHost: a/b\\r\\n\\r\\n
            a host with a user                 | 400 | GET / HTTP/1.1\\r\\nHost: b@a\\r\\n\\r\\n
            a host with a blank                | 400 | GET / HTTP/1.1\\r\\nHost: a b\\r\\n\\r\\n
            a host that injects a field        | 400 | GET / HTTP/1.1\\r\\nHost: a\\rX: b\\r\\n\\r\\n
            no method                          | 400 | `` / HTTP/1.1\\r\\n\\r\\n
            a method that is no token          | 400 | G(T / HTTP/1.1\\r\\n\\r\\n
            no target                          | 400 | GET HTTP/1.1\\r\\n\\r\\n
            a target of blanks                 | 400 | GET    HTTP/1.1\\r\\n\\r\\n
            one word                           | 400 | GET\\r\\n\\r\\n
            another protocol                   | 400 | GET / HTCPCP/1.0\\r\\n\\r\\n
            a version without a minor          | 400 | GET / HTTP/1\\r\\n\\r\\n
            a version of letters               | 400 | GET / HTTP/x.y\\r\\n\\r\\n
            a blank after the version          | 400 | GET / HTTP/1.1 \\r\\n\\r\\n
            the preface of HTTP/2              | 505 | PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n
            a body                             | 413 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 4\\r\\n\\r\\n
            a body of GET                      | 413 | GET / HTTP/1.0\\r\\nContent-Length: 4\\r\\n\\r\\n
            a body in chunks                   | 413 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n
            a body that wants to be asked for  | 413 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 4\\r\\nExpect: 100-continue\\r\\n\\r\\n
            an expectation                     | 417 | GET / HTTP/1.1\\r\\nHost: a\\r\\nExpect: 100-continue\\r\\n\\r\\n
            """)
    void isRefusedAndNothingBehindItIsTakenForARequest(String name, int status, String request) throws IOException {
        releases.with("smuggled", randomBytes(10));

        Answer answer = connect(start()).send(unescape(request) + SMUGGLED).readOnlyAnswer();

        assertThat(answer.status()).as(name).isEqualTo(status);
        assertThat(answer.has("Content-Length: 0")).isTrue();
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void harmlessTwinOfThemAllIsAnswered() throws IOException {
        releases.with("file", randomBytes(10));

        Answer answer = connect(start())
                .send("GET /file HTTP/1.1\r\nHost: a:8000\r\nX:\tb c\r\nContent-Length: 0\r\n\r\n")
                .readAnswer();

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void endlessRequestLineIsRefused() throws IOException {
        Answer answer = connect(start()).send("GET /" + "a".repeat(8 * 1024)).readOnlyAnswer();

        assertThat(answer.status()).isEqualTo(414);
    }

    @Test
    void longestRequestLineIsAnswered() throws IOException {
        String line = "GET /" + "a".repeat(8 * 1024 - "GET / HTTP/1.0\r".length()) + " HTTP/1.0";

        Answer answer = connect(start()).send(line + "\r\n\r\n").readOnlyAnswer();

        assertThat(answer.status()).isEqualTo(404);
    }

    @Test
    void endlessEmptyLinesAreRefused() throws IOException {
        Answer answer = connect(start()).send("\r\n".repeat(5_000)).readOnlyAnswer();

        assertThat(answer.status()).isEqualTo(414);
    }

    @Test
    void endlessFieldIsRefused() throws IOException {
        Answer answer = connect(start())
                .send("GET / HTTP/1.0\r\nX: " + "a".repeat(16 * 1024))
                .readOnlyAnswer();

        assertThat(answer.status()).isEqualTo(431);
    }

    @Test
    void floodOfFieldsIsRefused() throws IOException {
        Answer answer = connect(start())
                .send("GET / HTTP/1.0\r\n" + "X: a\r\n".repeat(101))
                .readOnlyAnswer();

        assertThat(answer.status()).isEqualTo(431);
    }

    @Test
    void hundredFieldsAreTaken() throws IOException {
        Answer answer = connect(start())
                .send("GET / HTTP/1.0\r\n" + "X: a\r\n".repeat(100) + "\r\n")
                .readOnlyAnswer();

        assertThat(answer.status()).isEqualTo(404);
    }

    @Test
    void garbageIsRefused() throws IOException {
        String tlsHello = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\n";

        Answer answer = connect(start()).send(tlsHello.getBytes(ISO_8859_1)).readOnlyAnswer();

        assertThat(answer.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST /a 413   | POST /a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 4\\r\\n\\r\\n
            DELETE /a 400 | DELETE /a HTTP/1.1\\r\\n\\r\\n
            PUT /a 400    | PUT /a HTTP/1.1\\r\\n Host: a\\r\\n\\r\\n
            -  400        | G(T /a HTTP/1.1\\r\\n\\r\\n
            """)
    void refusedRequestIsToldWithTheMethodThatWasRead(String told, String request) throws IOException {
        List<String> answered = new CopyOnWriteArrayList<>();
        OtaListener listener = new OtaListener() {
            @Override
            public void answered(OtaRequest refused, OtaResponse response) {
                answered.add(refused.method() + " " + refused.target() + " " + response.status());
            }
        };
        OtaHandler handler = OtaHandler.builder(releases).listener(listener).build();
        OtaServer server =
                keep(OtaServer.builder(handler).bind("127.0.0.1").port(0).start());

        connect(server).send(unescape(request)).readOnlyAnswer();

        assertThat(answered).containsExactly(told);
    }

    private static String unescape(String text) {
        return text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\v", "\u000b")
                .replace("\\0", "\0");
    }
}
