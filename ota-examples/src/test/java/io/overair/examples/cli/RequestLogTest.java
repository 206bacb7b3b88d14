package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.client.RetryPolicy;
import io.overair.server.OtaRequest;
import io.overair.server.OtaResponse;
import io.overair.tree.Omission;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RequestLogTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-09T08:07:06Z"), ZoneOffset.UTC);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final GlobalOptions options = new GlobalOptions();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final RequestLog log = new RequestLog(
            new Console(new Surroundings(Map.of(), stream, stream, Set.of(), RetryPolicy.never()), options),
            CLOCK,
            100,
            Duration.ofMinutes(1));

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

    @Test
    void whatCouldNotBeReadAsARequestIsADash() {
        log.answered(request(""), response(400, 0, OtaResponse.Delivery.ANSWER));

        assertThat(printed()).isEqualTo("[09/Mar/2026 08:07:06] \"-\" 400 0%n".formatted());
    }

    @Test
    void failureIsAWarningWithItsReason() {
        log.failed(request("/manifest.json"), new AccessDeniedException("1.0.1/flash/a"));

        assertThat(printed()).isEqualTo("warning: /manifest.json: not allowed to read 1.0.1/flash/a%n".formatted());
    }

    @Test
    void whatIsLeftOutOfAReleaseIsAWarning() {
        log.leftOut("1.0.1", new Omission("flash/x", Omission.Reason.BROKEN_LINK, "a link to nothing"));

        assertThat(printed()).isEqualTo("warning: left out of 1.0.1: flash/x: a link to nothing%n".formatted());
    }

    @Test
    void releaseThatCannotBeReadAnyMoreIsAWarning() {
        log.outdated("1.0.1", new AccessDeniedException("1.0.1/flash/a"));

        assertThat(printed())
                .isEqualTo("warning: 1.0.1: not allowed to read 1.0.1/flash/a; devices are told what was true before%n"
                        .formatted());
    }

    @Test
    @Timeout(60)
    void requestsAreNotHeldUpByOutputThatNobodyReads() {
        BlockedStream unread = new BlockedStream();
        RequestLog unreadLog = new RequestLog(unread.console(options), CLOCK, 2, Duration.ofMinutes(1));

        for (int i = 0; i < 10; i++) {
            unreadLog.answered(request("/" + i), response(200, 5, OtaResponse.Delivery.ANSWER));
        }
        unread.unblock();
        unreadLog.close();

        assertThat(unread.text().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("GET /0 "),
                        line -> assertThat(line).contains("GET /1 "),
                        line -> assertThat(line).contains("GET /2 "),
                        line -> assertThat(line).isEqualTo("(7 lines are missing here: they were not read in time)"));
    }

    @Test
    @Timeout(60)
    void whatIsMissingIsToldWhereItIsMissing() throws Exception {
        BlockedStream unread = new BlockedStream();
        options.json = true;
        RequestLog unreadLog = new RequestLog(unread.console(options), CLOCK, 1, Duration.ofMinutes(1));
        for (int i = 0; i < 5; i++) {
            unreadLog.answered(request("/" + i), response(200, 5, OtaResponse.Delivery.ANSWER));
        }

        unread.unblock();
        while (!unread.text().contains("\"/1\"")) {
            Thread.onSpinWait();
        }
        unreadLog.answered(request("/last"), response(200, 5, OtaResponse.Delivery.ANSWER));
        unreadLog.close();

        assertThat(unread.text().lines().toList().get(2)).isEqualTo("{\"schema\":1,\"type\":\"dropped\",\"lines\":3}");
        assertThat(unread.text().lines().toList().get(3)).contains("/last");
    }

    @Test
    @Timeout(60)
    void closingGivesUpOnOutputThatNobodyReads() {
        BlockedStream unread = new BlockedStream();
        RequestLog unreadLog = new RequestLog(unread.console(options), CLOCK, 2, Duration.ofMillis(1));
        unreadLog.answered(request("/x"), response(200, 5, OtaResponse.Delivery.ANSWER));

        unreadLog.close();

        assertThat(unread.text()).isEmpty();
        unread.unblock();
    }

    private String printed() {
        log.close();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static OtaRequest request(String target) {
        return OtaRequest.of(OtaRequest.Protocol.HTTP_1_0, "GET", target, "127.0.0.1:8000", name -> null);
    }

    private static OtaResponse response(int status, long length, OtaResponse.Delivery delivery) {
        return new OtaResponse(status, Map.of(), OptionalLong.of(length), new OtaResponse.Body.None(), delivery);
    }

    /** A pipe that is full until somebody reads it. */
    private static final class BlockedStream extends OutputStream {
        private final CountDownLatch read = new CountDownLatch(1);
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            written.write(bytes, offset, length);
        }

        Console console(GlobalOptions options) {
            PrintStream stream = new PrintStream(this, true, StandardCharsets.UTF_8);
            return new Console(new Surroundings(Map.of(), stream, stream, Set.of(), RetryPolicy.never()), options);
        }

        void unblock() {
            read.countDown();
        }

        String text() {
            return written.toString(StandardCharsets.UTF_8);
        }
    }
}
