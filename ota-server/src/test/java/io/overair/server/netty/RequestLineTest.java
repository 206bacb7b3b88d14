package io.overair.server.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.server.OtaRequest.Protocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestLineTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET /a HTTP/1.0                   | HTTP_1_0 | GET  | /a
            GET /a HTTP/0.9                   | HTTP_1_0 | GET  | /a
            GET /a                            | HTTP_1_0 | GET  | /a
            GET /a HTTP/1.1                   | HTTP_1_1 | GET  | /a
            GET /a HTTP/1.9                   | HTTP_1_1 | GET  | /a
            HEAD /a HTTP/1.1                  | HTTP_1_1 | HEAD | /a
            get /a HTTP/1.1                   | HTTP_1_1 | get  | /a
            GET /a  b c.py HTTP/1.0           | HTTP_1_0 | GET  | /a  b c.py
            GET /a HTTP/1.1 HTTP/1.0          | HTTP_1_0 | GET  | /a HTTP/1.1
            GET /é☃ HTTP/1.0                  | HTTP_1_0 | GET  | /é☃
            GET http://h/m?x=1 HTTP/1.1       | HTTP_1_1 | GET  | http://h/m?x=1
            GET /%2e%2E/../x;y#z HTTP/1.0     | HTTP_1_0 | GET  | /%2e%2E/../x;y#z
            """)
    void targetIsEverythingBetweenTheFirstBlankAndTheLast(String line, Protocol protocol, String method, String target)
            throws RefusedRequestException {
        assertThat(RequestLine.parse(line)).isEqualTo(new RequestLine(protocol, method, target));
    }
}
