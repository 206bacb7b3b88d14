package io.overair.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What came back over a wire, or from the bare handler. Header names in any case. */
public record Reply(int status, Map<String, String> headers, byte[] body) {
    public Reply {
        Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = anyCase;
    }

    /** Takes apart all that a connection brought until it ended. */
    public static Reply parse(byte[] answer) {
        String text = new String(answer, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IllegalArgumentException("no head in: " + text);
        }
        String[] lines = text.substring(0, end).split("\r\n");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
        }
        return new Reply(
                Integer.parseInt(lines[0].split(" ")[1]),
                headers,
                text.substring(end + 4).getBytes(ISO_8859_1));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
