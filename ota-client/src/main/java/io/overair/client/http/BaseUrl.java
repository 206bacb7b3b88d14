package io.overair.client.http;

import io.overair.client.NoSuchResourceException;
import io.overair.client.Transport;
import okhttp3.HttpUrl;

/**
 * The address of a server, and where on it a thing is to be had.
 *
 * @param url of {@code http} or {@code https}, its path with a slash at the end, without user, query and fragment
 */
record BaseUrl(HttpUrl url) {

    /** @throws IllegalArgumentException if {@code baseUrl} is no such address; the message does not repeat it */
    static BaseUrl parse(String baseUrl) {
        HttpUrl url = baseUrl.matches("(?i)https?://[^/?#\\\\].*") ? HttpUrl.parse(baseUrl) : null;
        if (url == null) {
            throw new IllegalArgumentException("the server's address is no http or https URL");
        }
        if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
            throw new IllegalArgumentException("the server's address holds a user: send a header instead");
        }
        if (url.encodedQuery() != null || url.encodedFragment() != null) {
            throw new IllegalArgumentException("the server's address holds a query or a fragment");
        }
        String path = url.encodedPath();
        HttpUrl folder = path.endsWith("/")
                ? url
                : url.newBuilder().encodedPath(path + "/").build();
        return new BaseUrl(folder);
    }

    /**
     * Where {@code reference} is to be had, its path letter for letter. OkHttp would encode characters, drop a fragment and
     * resolve dots without a word; what was asked for then is not what the manifest names.
     */
    HttpUrl resolve(String reference) throws NoSuchResourceException {
        String path = Transport.pathOf(reference);
        boolean isWholeUrl = path.length() < reference.length();
        String prefix = isWholeUrl ? "/" : url.encodedPath();
        String wanted = prefix + path;
        String shown = withoutQuery(wanted);
        for (String segment : shown.split("/", -1)) {
            String plain = segment.replaceAll("(?i)%2e", ".");
            if (plain.equals(".") || plain.equals("..")) {
                throw new NoSuchResourceException(shown, "a path with the segment \"" + segment + "\"");
            }
        }
        HttpUrl found = HttpUrl.parse(url.scheme() + "://" + hostOf(url) + ":" + url.port() + wanted);
        if (found == null || !found.host().equals(url.host())) {
            throw new NoSuchResourceException(shown, "not the path of a URL");
        }
        String sent = found.encodedPath() + (found.encodedQuery() == null ? "" : "?" + found.encodedQuery());
        if (!sent.equals(wanted)) {
            int same = 0;
            while (same < Math.min(sent.length(), wanted.length()) && sent.charAt(same) == wanted.charAt(same)) {
                same++;
            }
            String character =
                    same < wanted.length() ? "the character U+%04X".formatted(wanted.codePointAt(same)) : "its end";
            throw new NoSuchResourceException(
                    shown, "%s at index %d would not be sent as it is".formatted(character, same));
        }
        return found;
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** As it stands in a URL. */
    static String hostOf(HttpUrl url) {
        return url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]";
    }
}
