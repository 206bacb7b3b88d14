package io.overair.client.http;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.install.Installation;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Brings a device up to date from a server on a Wi-Fi network that it joins for that and leaves afterwards: a meter that a
 * vehicle with an update server drives past.
 *
 * <pre>{@code
 * WiFiOta ota = WiFiOta.builder(
 *                 NmcliLink.onAnyDevice(),
 *                 WifiNetwork.withPassword("pycom-ota", password),
 *                 "http://192.168.1.1:8000",
 *                 installation)
 *         .build();
 * UpdateOutcome outcome = ota.update();
 * }</pre>
 *
 * <p>A device that is on that network already stays on it. For one thread at a time; closes the installation never.
 */
public final class WiFiOta {
    private final NetworkLink link;
    private final WifiNetwork network;
    private final Installation installation;
    private final Duration joinWithin;
    private final HttpTransport.Builder http;
    private final UnaryOperator<Ota.Builder> options;

    private WiFiOta(Builder builder) {
        link = builder.link;
        network = builder.network;
        installation = builder.installation;
        joinWithin = builder.joinWithin;
        http = builder.http;
        options = builder.options;
    }

    /**
     * Updates {@code installation} from the server at {@code baseUrl} on {@code network}.
     *
     * @throws IllegalArgumentException if {@code baseUrl} is none that {@link HttpTransport#builder} takes
     */
    public static Builder builder(NetworkLink link, WifiNetwork network, String baseUrl, Installation installation) {
        return new Builder(link, network, baseUrl, installation);
    }

    /**
     * Joins the network, installs what the server offers, and gives back the network the device was on, also after a
     * failure.
     *
     * @throws NetworkNotFoundException if the network is out of sight
     * @throws IOException if it cannot be joined, or for whatever {@link Ota#update} throws; or, after an update that
     *     succeeded, if the link could not be given back
     */
    @SuppressWarnings("try") // being joined is all that is wanted of it
    public UpdateOutcome update() throws IOException {
        try (Closeable joined = join();
                Transport transport = http.build()) {
            Ota ota = options.apply(Ota.builder(transport, installation)).build();
            ota.connect();
            return ota.update();
        }
    }

    private Closeable join() throws IOException {
        if (link.current().filter(network.ssid()::equals).isPresent()) {
            return () -> {};
        }
        if (!link.inSight(network.ssid())) {
            throw new NetworkNotFoundException(network.ssid());
        }
        return link.join(network, joinWithin);
    }

    /** Options, each with a default that suits most devices. */
    public static final class Builder {
        private final NetworkLink link;
        private final WifiNetwork network;
        private final Installation installation;
        private HttpTransport.Builder http;
        private UnaryOperator<Ota.Builder> options = UnaryOperator.identity();
        private Duration joinWithin = Duration.ofMinutes(1);

        private Builder(NetworkLink link, WifiNetwork network, String baseUrl, Installation installation) {
            this.link = link;
            this.network = network;
            this.http = HttpTransport.builder(baseUrl);
            this.installation = installation;
        }

        /** Longest time to join the network; a minute unless told otherwise. */
        public Builder joinWithin(Duration time) {
            this.joinWithin = time;
            return this;
        }

        /** Changes how the server is asked: time-outs, headers, certificates. */
        public Builder http(UnaryOperator<HttpTransport.Builder> change) {
            this.http = change.apply(http);
            return this;
        }

        /** Changes how the update is done: tries, limits, who is told. */
        public Builder ota(UnaryOperator<Ota.Builder> change) {
            this.options = change;
            return this;
        }

        /** What was described. */
        public WiFiOta build() {
            return new WiFiOta(this);
        }
    }
}
