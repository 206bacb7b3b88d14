package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.server.netty.OtaServer;

/**
 * What there is to say about a server that has started.
 *
 * @param url without a slash at the end
 */
record Listening(String url, int port) {
    static Listening of(OtaServer server) {
        String root = server.uri().toString();
        return new Listening(
                root.substring(0, root.length() - 1), server.address().getPort());
    }

    void putInto(ObjectNode line) {
        line.put("url", url).put("port", port);
    }
}
