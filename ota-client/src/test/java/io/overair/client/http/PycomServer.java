package io.overair.client.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.overair.client.ServerRoot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * What the Pycom server writes: HTTP/1.0 whatever the request says, no length, the connection closed after one answer, no
 * ranges; 404 with a page.
 */
final class PycomServer implements ScriptedServer.Script {
    private static final String FIELDS =
            "Server: BaseHTTP/0.6 Python/3.11.7\r\nDate: Mon, 02 Nov 2026 12:00:00 GMT\r\n";
    private static final String PAGE =
            "<!DOCTYPE HTML>\n<html lang=\"en\"><body><h1>Error response</h1></body></html>\n";

    private final ServerRoot root;

    PycomServer(ServerRoot root) {
        this.root = root;
    }

    @Override
    public void answer(String head, OutputStream connection) throws IOException {
        String path = head.split(" ", 3)[1].replaceFirst("/+", "");
        Optional<byte[]> content = root.answer(path);
        if (content.isEmpty()) {
            String page =
                    "HTTP/1.0 404 File not found: /%s\r\n%sConnection: close\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(path, FIELDS, PAGE.length(), PAGE);
            connection.write(page.getBytes(ISO_8859_1));
            return;
        }
        String type = path.startsWith("manifest.json") ? "application/json" : "application/octet-stream";
        connection.write(("HTTP/1.0 200 OK\r\n" + FIELDS + "Content-type: " + type + "\r\n\r\n").getBytes(ISO_8859_1));
        connection.write(content.get());
    }
}
