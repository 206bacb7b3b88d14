/** Serves releases to devices. */
module io.overair.server {
    requires static transitive org.jspecify;
    requires transitive io.overair.core;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
}
