package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.server.OtaRequest;
import io.overair.server.OtaResponse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestLogTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final GlobalOptions options = new GlobalOptions();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final RequestLog log = new RequestLog(
            new Console(new Surroundings(Map.of(), stream, stream, Set.of()), options),
            Clock.fixed(Instant.parse("2026-03-09T08:07:06Z"), ZoneOffset.UTC));

    @Test
    void requestIsALineAsThePycomServerPrintsIt() {
        log.answered(request("/manifest.json?current_ver=1.0.0"), response(200, 628, OtaResponse.Delivery.ANSWER));

        assertThat(printed())
                .isEqualTo("[09/Mar/2026 08:07:06] \"GET /manifest.json?current_ver=1.0.0 HTTP/1.0\" 200 628%n"
                        .formatted());
    }

    @Test
    void resetIsToldApartFromAnAnswer() {
        log.answered(request("/firmware_9.bin"), response(404, 0, OtaResponse.Delivery.RESET));

        assertThat(printed()).endsWith("HTTP/1.0\" reset 0%n".formatted());
    }

    @Test
    void targetCannotSteerATerminal() {
        log.answered(request("/\u001B[2J\u0007"), response(404, 0, OtaResponse.Delivery.ANSWER));

        assertThat(printed()).contains("GET /?[2J? HTTP");
    }

    @Test
    void jsonLineSaysTheSame() {
        options.json = true;

        log.answered(request("/x"), response(200, 5, OtaResponse.Delivery.ANSWER));

        assertThat(printed())
                .isEqualTo("{\"schema\":1,\"type\":\"request\",\"time\":\"2026-03-09T08:07:06Z\",\"method\":\"GET\","
                        + "\"target\":\"/x\",\"protocol\":\"HTTP/1.0\",\"status\":200,\"reset\":false,\"bytes\":5}\n");
    }

    @Test
    void quietLogSaysNothing() {
        options.quiet = true;

        log.answered(request("/x"), response(200, 5, OtaResponse.Delivery.ANSWER));

        assertThat(printed()).isEmpty();
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static OtaRequest request(String target) {
        return OtaRequest.of(OtaRequest.Protocol.HTTP_1_0, "GET", target, "127.0.0.1:8000", name -> null);
    }

    private static OtaResponse response(int status, long length, OtaResponse.Delivery delivery) {
        return new OtaResponse(status, Map.of(), OptionalLong.of(length), new OtaResponse.Body.None(), delivery);
    }
}
