package io.overair.server;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a web server hands to {@link OtaHandler}: the parts of a request that an answer depends on.
 *
 * @param protocol what the request line says
 * @param method as it stands in the request line: methods are case-sensitive
 * @param target as it stands in the request line, not decoded; bytes above 0x7F read as UTF-8
 * @param serverAddress host and port of the server as the request came in, such as {@code 192.168.1.144:8000}: what
 *     URLs are made of for a client that sent no usable {@code Host}
 * @param host the first {@code Host} header
 * @param range the {@code Range} header
 * @param ifRange the {@code If-Range} header
 * @param ifMatch the {@code If-Match} header; several are joined by commas
 * @param ifNoneMatch the {@code If-None-Match} header; several are joined by commas
 */
public record OtaRequest(
        Protocol protocol,
        String method,
        String target,
        String serverAddress,
        Optional<String> host,
        Optional<String> range,
        Optional<String> ifRange,
        Optional<String> ifMatch,
        Optional<String> ifNoneMatch) {

    /** What a client said it speaks. */
    public enum Protocol {
        /** HTTP/1.0, or no version at all: what the Pycom client sends. */
        HTTP_1_0,
        /** HTTP/1.1 or later. */
        HTTP_1_1
    }

    /**
     * A request whose headers {@code header} looks up by name, {@code null} for one that was not sent.
     *
     * @param header asked once for each of the headers that matter
     */
    public static OtaRequest of(
            Protocol protocol,
            String method,
            String target,
            String serverAddress,
            Function<String, @Nullable String> header) {
        return new OtaRequest(
                protocol,
                method,
                target,
                serverAddress,
                Optional.ofNullable(header.apply("Host")),
                Optional.ofNullable(header.apply("Range")),
                Optional.ofNullable(header.apply("If-Range")),
                Optional.ofNullable(header.apply("If-Match")),
                Optional.ofNullable(header.apply("If-None-Match")));
    }
}
