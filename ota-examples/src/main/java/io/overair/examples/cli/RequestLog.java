package io.overair.examples.cli;

import io.overair.server.OtaListener;
import io.overair.server.OtaRequest;
import io.overair.server.OtaResponse;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Prints a line for each request, in the manner of the Pycom OTA server. */
final class RequestLog implements OtaListener {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy HH:mm:ss", Locale.ROOT);

    private final Console console;
    private final Clock clock;

    RequestLog(Console console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public void answered(OtaRequest request, OtaResponse response) {
        String bytes = response.contentLength().isPresent()
                ? Long.toString(response.contentLength().getAsLong())
                : "-";
        console.detail("[%s] \"%s %s %s\" %s %s"
                .formatted(
                        TIME.format(ZonedDateTime.now(clock)),
                        request.method(),
                        request.target(),
                        protocol(request),
                        isReset(response) ? "reset" : response.status(),
                        bytes));
        console.jsonDetail("request", line -> {
            line.put("time", clock.instant().toString())
                    .put("method", request.method())
                    .put("target", request.target())
                    .put("protocol", protocol(request))
                    .put("status", response.status())
                    .put("reset", isReset(response));
            response.contentLength().ifPresent(length -> line.put("bytes", length));
        });
    }

    @Override
    public void failed(OtaRequest request, Exception problem) {
        console.warning(request.target() + ": " + problem.getMessage());
    }

    private static String protocol(OtaRequest request) {
        return request.protocol() == OtaRequest.Protocol.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1";
    }

    private static boolean isReset(OtaResponse response) {
        return response.delivery() == OtaResponse.Delivery.RESET;
    }
}
