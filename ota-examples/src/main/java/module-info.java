/** The {@code ota} command line and samples that embed the library. */
module io.overair.examples {
    requires static org.jspecify;
    requires info.picocli;
    requires io.overair.client;
    requires io.overair.server;
    requires me.tongfei.progressbar;

    opens io.overair.examples.cli to
            info.picocli;
}
