package io.overair.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.client.NoSuchResourceException;
import io.overair.client.RetryPolicy;
import io.overair.client.ServerRoot;
import io.overair.client.UpdateOutcome;
import io.overair.install.Installation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WiFiOtaTest {
    private static final WifiNetwork VEHICLE = WifiNetwork.withPassword("vehicle", "correct horse");

    @TempDir
    Path root;

    private final FakeLink link = new FakeLink();
    private Installation installation;
    private ScriptedServer server;

    @BeforeEach
    void open() throws IOException {
        installation = Installation.open(root);
        server = new ScriptedServer((head, connection) -> {
            assertThat(link.network).as("the network when a request comes").contains("vehicle");
            new PycomServer(new ServerRoot().with("1.0.1/flash/main.py", "new")).answer(head, connection);
        });
    }

    @AfterEach
    void close() throws IOException {
        installation.close();
        server.close();
    }

    @Test
    void joinsUpdatesAndGivesBack() throws IOException {
        assertThat(ota(server.url()).update()).isInstanceOf(UpdateOutcome.Updated.class);

        assertThat(link.history).containsExactly("join vehicle within PT1M", "back to home");
        assertThat(root.resolve("flash/main.py")).hasContent("new");
    }

    @Test
    void aDeviceThatIsThereAlreadyStays() throws IOException {
        link.network = Optional.of("vehicle");

        assertThat(ota(server.url()).update()).isInstanceOf(UpdateOutcome.Updated.class);

        assertThat(link.history).isEmpty();
        assertThat(link.network).contains("vehicle");
    }

    @Test
    void aNetworkOutOfSightIsAClearError() {
        link.inSight = Set.of("other");

        assertThatThrownBy(() -> ota(server.url()).update())
                .isInstanceOf(NetworkNotFoundException.class)
                .hasMessage("the network vehicle is not in sight; nothing was changed");
        assertThat(link.history).isEmpty();
    }

    @Test
    void theLinkIsGivenBackAfterAFailure() throws IOException {
        try (ScriptedServer empty = ScriptedServer.saying("HTTP/1.0 404 No\r\n\r\n")) {
            assertThatThrownBy(() -> ota(empty.url()).update()).isInstanceOf(NoSuchResourceException.class);
        }

        assertThat(link.network).contains("home");
    }

    @Test
    void theLinkIsGivenBackAfterAnErrorOfTheHost() {
        WiFiOta ota = WiFiOta.builder(link, VEHICLE, server.url(), installation)
                .ota(options -> options.listener(event -> {
                    throw new IllegalStateException("host");
                }))
                .build();

        assertThatThrownBy(ota::update).isInstanceOf(IllegalStateException.class);
        assertThat(link.network).contains("home");
    }

    private WiFiOta ota(String url) {
        return WiFiOta.builder(link, VEHICLE, url, installation)
                .ota(options -> options.retry(RetryPolicy.never()))
                .http(options -> options.readTimeout(Duration.ofSeconds(10)))
                .build();
    }

    private static final class FakeLink implements NetworkLink {
        private final List<String> history = new ArrayList<>();
        private Set<String> inSight = Set.of("vehicle", "home");
        private volatile Optional<String> network = Optional.of("home");

        @Override
        public boolean inSight(String ssid) {
            return inSight.contains(ssid);
        }

        @Override
        public Optional<String> current() {
            return network;
        }

        @Override
        public Closeable join(WifiNetwork joined, Duration deadline) {
            Optional<String> before = network;
            history.add("join " + joined.ssid() + " within " + deadline);
            network = Optional.of(joined.ssid());
            return () -> {
                history.add("back to " + before.orElse("none"));
                network = before;
            };
        }
    }
}
