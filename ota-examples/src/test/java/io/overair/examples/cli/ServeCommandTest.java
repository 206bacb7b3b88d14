package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void portThatCannotBeIsRefused() {
        Invocation invocation = Invocation.of("serve", "--root", root.toString(), "--port", "65536");

        assertThat(invocation.exitStatus()).isEqualTo(2);
        assertThat(invocation.err()).contains("OTA-USE-001 there is no port 65536");
    }

    @Test
    void addressOfAnotherMachineIsRefused() {
        Invocation invocation = Invocation.of("serve", "--root", root.toString(), "--port", "0", "--bind", "192.0.2.1");

        assertThat(invocation.exitStatus()).isEqualTo(2);
        assertThat(invocation.err()).contains("OTA-NET-001");
    }

    @Test
    void baseUrlThatIsNoneIsRefused() {
        Invocation invocation =
                Invocation.of("serve", "--root", root.toString(), "--port", "0", "--base-url", "ftp:/x");

        assertThat(invocation.exitStatus()).isEqualTo(2);
        assertThat(invocation.err()).contains("OTA-USE-001", "--base-url");
    }
}
