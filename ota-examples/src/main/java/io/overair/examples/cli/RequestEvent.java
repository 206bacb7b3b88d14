package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.server.OtaRequest;
import io.overair.server.OtaResponse;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What there is to say about a request that was answered.
 *
 * @param target empty if what came in could not be read as a request
 */
record RequestEvent(
        Instant time, String method, String target, String protocol, int status, boolean reset, OptionalLong bytes) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy HH:mm:ss", Locale.ROOT);

    static RequestEvent of(OtaRequest request, OtaResponse response, Instant time) {
        return new RequestEvent(
                time,
                request.method(),
                request.target(),
                request.protocol() == OtaRequest.Protocol.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1",
                response.status(),
                response.delivery() == OtaResponse.Delivery.RESET,
                response.contentLength());
    }

    /** A line of the log of the Pycom OTA server. */
    String toText(ZoneId zone) {
        return "[%s] \"%s\" %s %s"
                .formatted(
                        TIME.format(time.atZone(zone)),
                        target.isEmpty() ? "-" : method + " " + target + " " + protocol,
                        reset ? "reset" : status,
                        bytes.isPresent() ? bytes.getAsLong() : "-");
    }

    void putInto(ObjectNode line) {
        line.put("time", time.toString());
        if (!target.isEmpty()) {
            line.put("method", method).put("target", target).put("protocol", protocol);
        }
        line.put("status", status).put("reset", reset);
        bytes.ifPresent(length -> line.put("bytes", length));
    }
}
