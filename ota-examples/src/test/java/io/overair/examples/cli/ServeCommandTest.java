package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.server.netty.ServerLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps the server from starting; how it runs is seen in {@link LauncherIT}. */
@Timeout(60)
class ServeCommandTest {
    @TempDir
    private Path root;

    @Test
    void portInUseIsToldWithAWayOut() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            Invocation invocation =
                    Invocation.of("serve", "--root", root.toString(), "--bind", "127.0.0.1", "--port", port);

            assertThat(invocation.exitStatus()).isEqualTo(2);
            assertThat(invocation.out()).isEmpty();
            assertThat(invocation.err())
                    .contains("OTA-NET-001 cannot listen on 127.0.0.1:" + port)
                    .contains("--port");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --port     | 65536        | expected a number from 0 to 65535
            --port     | -1           | expected a number from 0 to 65535
            --port     | abc          | expected a number from 0 to 65535
            --connections-per-peer | 0    | expected a number from 1 on, or none
            --connections-per-peer | many | expected a number from 1 on, or none
            --base-url | x            | expected http://host:port or https://host:port, perhaps with a path
            --base-url | ftp:/x       | expected http://host:port or https://host:port, perhaps with a path
            --base-url | http://a b   | expected http://host:port or https://host:port, perhaps with a path
            --base-url | http://a/?b  | expected http://host:port or https://host:port, perhaps with a path
            """)
    void valueThatMakesNoSenseIsNamedWithItsSourceAndWhatIsExpected(String option, String value, String expected) {
        String variable = "OTA_" + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);

        Invocation byOption = Invocation.of("serve", "--root", root.toString(), option + "=" + value);
        Invocation byVariable = Invocation.in(Map.of(variable, value), Set.of(), "serve", "--root", root.toString());

        assertThat(byOption).isEqualTo(refused("%s \"%s\": %s".formatted(option, value, expected)));
        assertThat(byVariable).isEqualTo(refused("%s \"%s\": %s".formatted(variable, value, expected)));
    }

    @Test
    void commandLineWinsAgainstAVariableThatMakesNoSense() {
        Invocation invocation = Invocation.in(
                Map.of("OTA_PORT", "abc"),
                Set.of(),
                "serve",
                "--root",
                root.resolve("missing").toString(),
                "--port",
                "0");

        assertThat(invocation.err()).contains("OTA-REPO-001");
    }

    @Test
    void addressOfAnotherMachineIsRefused() {
        Invocation invocation = Invocation.of("serve", "--root", root.toString(), "--port", "0", "--bind", "192.0.2.1");

        assertThat(invocation.exitStatus()).isEqualTo(2);
        assertThat(invocation.err()).contains("OTA-NET-001");
    }

    @Test
    void helpNamesTheConnectionsPerPeerThatAServerHasByDefault() {
        String help = Invocation.of("serve", "--help").out().replaceAll("\\s+", " ");

        assertThat(help)
                .contains("--connections-per-peer=N|none Most connections from one address; none behind a proxy or a"
                        + " gateway. Default: " + ServerLimits.defaults().connectionsPerPeer() + ".");
    }

    @Test
    void connectionsPerPeerAreANumberOrNone() {
        ServeCommand.ConnectionsPerPeer option = new ServeCommand.ConnectionsPerPeer();

        assertThat(option.convert("7").connectionsPerPeer()).isEqualTo(7);
        assertThat(option.convert("none").connectionsPerPeer()).isEqualTo(Integer.MAX_VALUE);
    }

    private static Invocation refused(String sentence) {
        return new Invocation(
                2, "", "error: OTA-USE-001 %s%nhint: `ota serve --help` shows what there is.%n".formatted(sentence));
    }
}
