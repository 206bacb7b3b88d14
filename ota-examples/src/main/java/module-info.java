/** The {@code ota} command line and samples that embed the library. */
module io.overair.examples {
    requires static org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires io.overair.client;
    requires io.overair.server;
    requires jdk.httpserver;
    requires me.tongfei.progressbar;

    opens io.overair.examples.cli to
            info.picocli;
    opens io.overair.examples.meter to
            info.picocli;
}
