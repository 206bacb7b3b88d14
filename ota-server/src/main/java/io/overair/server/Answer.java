package io.overair.server;

import io.overair.server.OtaRequest.Protocol;
import io.overair.server.OtaResponse.Body;
import io.overair.server.OtaResponse.Delivery;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Answers about a resource: what RFC 9110 makes of preconditions (§13) and ranges (§14). */
final class Answer {
    private Answer() {}

    /**
     * The answer to {@code request}, which found {@code resource}. A client that speaks HTTP/1.0 gets all of it whatever
     * else it asks for: the Pycom client would take a part for the whole.
     */
    static OtaResponse about(Resource resource, OtaRequest request) {
        if (request.protocol() == Protocol.HTTP_1_0) {
            return whole(resource, request);
        }
        Optional<String> tag = resource.entityTag();
        if (request.ifMatch().isPresent() && !isListed(tag, request.ifMatch().get())) {
            return refusal(412, Map.of());
        }
        if (request.ifNoneMatch().isPresent()
                && isListed(tag, request.ifNoneMatch().get().replace("W/", ""))) {
            return new OtaResponse(304, resource.headers(), OptionalLong.empty(), new Body.None(), Delivery.ANSWER);
        }
        boolean sameAsBefore = request.ifRange().isEmpty() || request.ifRange().equals(tag);
        if (request.range().isPresent() && sameAsBefore && !isHead(request)) {
            return ByteRange.parse(request.range().get(), resource.size())
                    .map(range -> part(resource, range))
                    .orElseGet(() -> whole(resource, request));
        }
        return whole(resource, request);
    }

    /** An answer without a body, whose status says why there is none. */
    static OtaResponse refusal(int status, Map<String, String> headers) {
        return new OtaResponse(status, headers, OptionalLong.of(0), new Body.None(), Delivery.ANSWER);
    }

    private static OtaResponse whole(Resource resource, OtaRequest request) {
        Body body = isHead(request) ? new Body.None() : resource.part(0, resource.size());
        return new OtaResponse(200, resource.headers(), OptionalLong.of(resource.size()), body, Delivery.ANSWER);
    }

    private static OtaResponse part(Resource resource, ByteRange range) {
        if (!range.isSatisfiable()) {
            return refusal(416, Map.of("Content-Range", range.of(resource.size())));
        }
        Map<String, String> headers = new LinkedHashMap<>(resource.headers());
        headers.put("Content-Range", range.of(resource.size()));
        Body body = resource.part(range.first(), range.length());
        return new OtaResponse(206, headers, OptionalLong.of(range.length()), body, Delivery.ANSWER);
    }

    private static boolean isListed(Optional<String> tag, String list) {
        return list.strip().equals("*")
                || Stream.of(list.split(",", -1))
                        .map(String::strip)
                        .anyMatch(tag.stream().toList()::contains);
    }

    private static boolean isHead(OtaRequest request) {
        return request.method().equals("HEAD");
    }
}
