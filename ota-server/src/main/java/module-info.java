/** Serves releases to devices. */
module io.overair.server {
    requires static transitive org.jspecify;
    requires transitive io.overair.core;
    requires transitive jdk.httpserver;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;

    exports io.overair.server;
    exports io.overair.server.jdk;
    exports io.overair.server.netty;
}
