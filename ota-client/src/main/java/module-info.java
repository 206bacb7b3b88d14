/** Updates a device over any transport. */
module io.overair.client {
    requires static transitive org.jspecify;
    requires transitive io.overair.core;
    requires okhttp3;

    exports io.overair.client;
    exports io.overair.client.http;
}
