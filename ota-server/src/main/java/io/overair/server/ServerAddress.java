package io.overair.server;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the URLs in a manifest begin with: for programs that have no handler but make manifests themselves. */
public final class ServerAddress {
    /** A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port: nothing that could end a URL early. */
    private static final Pattern WELL_FORMED_HOST =
            Pattern.compile("(?:[0-9A-Za-z._~-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

    private final Optional<String> configured;

    private ServerAddress(Optional<String> configured) {
        this.configured = configured;
    }

    /**
     * The base of the URLs for a client that says it uses {@code host}, as {@code http://192.168.1.144:8000}; empty if that
     * is no name, no IPv4 address and no IPv6 address in brackets, with or without a port.
     *
     * @param host the {@code Host} header of a request; it may come from anyone and hold anything
     */
    public static Optional<String> baseUrlFor(String host) {
        return WELL_FORMED_HOST.matcher(host).matches() ? Optional.of("http://" + host) : Optional.empty();
    }

    /** Each client is told the address it used itself. */
    static ServerAddress asAskedFor() {
        return new ServerAddress(Optional.empty());
    }

    /** Every client is told {@code baseUrl}. */
    static ServerAddress of(URI baseUrl) {
        // As manifests are: old clients know nothing but ASCII.
        String text = baseUrl.toASCIIString();
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
        return configured.orElseGet(() -> request.host()
                .map(String::strip)
                .flatMap(ServerAddress::baseUrlFor)
                .orElseGet(() -> "http://" + request.serverAddress()));
    }
}
