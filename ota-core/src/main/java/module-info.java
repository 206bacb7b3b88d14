/** Versions, manifests and file trees: what the two ends of an update share. */
module io.overair.core {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires java.net.http;

    exports io.overair.guard;
    exports io.overair.health;
    exports io.overair.install;
    exports io.overair.manifest;
    exports io.overair.tree;
    exports io.overair.version;
}
