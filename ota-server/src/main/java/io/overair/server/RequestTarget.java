package io.overair.server;

import io.overair.manifest.PercentCoding;
import io.overair.tree.ReleaseLayout;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the target of a request line asks for, read as the Pycom server reads it. */
final class RequestTarget {
    private static final String MANIFEST = "/manifest.json";
    private static final String VERSION_PARAMETER = "current_ver";

    /** The target without scheme and authority, slashes at its start collapsed into one. */
    private final String raw;

    /** {@link #raw} up to the query or fragment. */
    private final String path;

    /** What stands between {@code ?} and {@code #}. */
    private final String query;

    RequestTarget(String target) {
        raw = withOneSlash(withoutAuthority(target));
        String upToFragment = upTo('#', raw);
        path = upTo('?', upToFragment);
        query = path.length() < upToFragment.length() ? upToFragment.substring(path.length() + 1) : "";
    }

    /** Whether it is the manifest, that is {@code /manifest.json}, perhaps with path parameters: {@code ;x}. */
    boolean isManifest() {
        return upTo(';', path).equals(MANIFEST);
    }

    /**
     * The version that a device says it is on; empty if it says none. The first {@code current_ver} that is not blank
     * counts, only {@code &} separates, a plus is a space and {@code %XX} is decoded: Python's {@code parse_qs}.
     */
    String currentVersion() {
        return Stream.of(query.split("&", -1))
                .map(parameter -> parameter.split("=", 2))
                .filter(parameter ->
                        parameter.length == 2 && decodeQuery(parameter[0]).equals(VERSION_PARAMETER))
                .map(parameter -> decodeQuery(parameter[1]))
                .filter(version -> !version.isEmpty())
                .findFirst()
                .orElse("");
    }

    /**
     * The names under which a file may be meant, the likeliest first: decoded and without the query; and raw, since
     * manifests of the Pycom server hold names as they are and its client passes them on unchanged. A name that could
     * lead anywhere but down from the root is left out.
     */
    List<String> fileNames() {
        return Stream.of(PercentCoding.decode(path), path, raw)
                .flatMap(name -> relative(name).stream())
                .distinct()
                .toList();
    }

    /** Whether a Pycom client would write the answer to its firmware slot. */
    boolean looksLikeFirmware() {
        String decoded = PercentCoding.decode(path);
        return decoded.startsWith(ReleaseLayout.FIRMWARE_PREFIX, decoded.lastIndexOf('/') + 1);
    }

    /** {@code name} without its leading slash and without doubled ones; empty if it climbs, or names a folder. */
    private static Optional<String> relative(String name) {
        if (!name.startsWith("/") || name.endsWith("/") || name.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        StringBuilder relative = new StringBuilder(name.length());
        for (String segment : name.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return Optional.empty();
            }
            if (!segment.isEmpty()) {
                relative.append(relative.isEmpty() ? "" : "/").append(segment);
            }
        }
        return Optional.of(relative.toString());
    }

    /** A whole URL is what a proxy is asked for; its address says nothing that matters here. */
    private static String withoutAuthority(String target) {
        if (target.startsWith("/")) {
            return target;
        }
        String start = target.substring(0, Math.min(target.length(), "https://".length()))
                .toLowerCase(Locale.ROOT);
        if (!start.startsWith("http://") && !start.equals("https://")) {
            return target;
        }
        int path = target.indexOf('/', start.indexOf("//") + 2);
        return path < 0 ? "/" : target.substring(path);
    }

    private static String withOneSlash(String target) {
        int slashes = 0;
        while (slashes < target.length() && target.charAt(slashes) == '/') {
            slashes++;
        }
        return slashes < 2 ? target : target.substring(slashes - 1);
    }

    private static String upTo(char end, String text) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String decodeQuery(String text) {
        return PercentCoding.decode(text.replace('+', ' '));
    }
}
