package io.overair.server.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.overair.server.OtaRequest.Protocol;
import java.util.List;

/** What a request may not say in its header fields. */
final class HeaderFieldRules {
    private HeaderFieldRules() {}

    /**
     * Refuses requests that have a body, that want to be asked for one, or that name no host.
     *
     * @throws RefusedRequestException if {@code fields} break a rule
     */
    static void check(Protocol protocol, HttpHeaders fields) throws RefusedRequestException {
        checkBody(protocol, fields);
        if (fields.contains(HttpHeaderNames.EXPECT)) {
            throw new RefusedRequestException(417, "an expectation");
        }
        if (protocol == Protocol.HTTP_1_1) {
            checkHost(fields.getAll(HttpHeaderNames.HOST));
        }
    }

    private static void checkBody(Protocol protocol, HttpHeaders fields) throws RefusedRequestException {
        List<String> codings = fields.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        String length = fields.get(HttpHeaderNames.CONTENT_LENGTH);
        if (!codings.isEmpty()) {
            boolean understood = protocol == Protocol.HTTP_1_1
                    && length == null
                    && codings.size() == 1
                    && codings.get(0).equalsIgnoreCase("chunked");
            throw new RefusedRequestException(understood ? 413 : 400, "a body in a transfer coding");
        }
        if (length != null && !length.equals("0")) {
            throw new RefusedRequestException(413, "a body");
        }
    }

    private static void checkHost(List<String> hosts) throws RefusedRequestException {
        if (hosts.size() != 1 || !isHost(hosts.get(0))) {
            throw new RefusedRequestException(400, "not exactly one Host");
        }
    }

    /** Whether {@code value} has only characters of a host and a port, RFC 3986 §3.2.2. */
    private static boolean isHost(String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            boolean letterOrDigit = (character >= 'a' && character <= 'z')
                    || (character >= '0' && character <= '9')
                    || (character >= 'A' && character <= 'Z');
            if (!letterOrDigit && ".:-_~%!$&'()*+,;=[]".indexOf(character) < 0) {
                return false;
            }
        }
        return !value.isEmpty();
    }
}
