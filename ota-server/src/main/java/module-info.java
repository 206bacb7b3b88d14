/** Serves releases to devices. */
module io.overair.server {
    requires static transitive org.jspecify;
    requires transitive io.overair.core;

    exports io.overair.server;
}
