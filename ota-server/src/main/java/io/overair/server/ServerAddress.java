package io.overair.server;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the URLs in a manifest begin with. */
final class ServerAddress {
    /** A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port: nothing that could end a URL early. */
    private static final Pattern WELL_FORMED_HOST =
            Pattern.compile("(?:[0-9A-Za-z._~-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

    private final Optional<String> configured;

    private ServerAddress(Optional<String> configured) {
        this.configured = configured;
    }

    /** Each client is told the address it used itself. */
    static ServerAddress asAskedFor() {
        return new ServerAddress(Optional.empty());
    }

    /** Every client is told {@code baseUrl}. */
    static ServerAddress of(URI baseUrl) {
        String text = baseUrl.toString();
        boolean usable = ("http".equals(baseUrl.getScheme()) || "https".equals(baseUrl.getScheme()))
                && baseUrl.getHost() != null
                && baseUrl.getRawUserInfo() == null
                && baseUrl.getRawQuery() == null
                && baseUrl.getRawFragment() == null;
        if (!usable) {
            throw new IllegalArgumentException(
                    "a base URL is http://host:port or https://host:port, perhaps with a path, not " + text);
        }
        return new ServerAddress(Optional.of(text.endsWith("/") ? text.substring(0, text.length() - 1) : text));
    }

    boolean dependsOnRequest() {
        return configured.isEmpty();
    }

    /**
     * The base of the URLs for the sender of {@code request}: the configured one, else the {@code Host} header if it is
     * well-formed, else the address the request came in on.
     */
    String baseUrlFor(OtaRequest request) {
        return configured.orElseGet(() -> "http://"
                + request.host()
                        .map(String::strip)
                        .filter(host -> WELL_FORMED_HOST.matcher(host).matches())
                        .orElse(request.serverAddress()));
    }
}
