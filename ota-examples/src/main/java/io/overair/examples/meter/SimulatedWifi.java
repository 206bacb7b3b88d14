package io.overair.examples.meter;

import io.overair.client.http.NetworkLink;
import io.overair.client.http.WifiNetwork;
import java.io.Closeable;
import java.time.Duration;
import java.util.Optional;

/** A Wi-Fi card without a radio, which receives one network: that of the vehicle. */
final class SimulatedWifi implements NetworkLink {
    private final WifiNetwork vehicle;
    private final Story story;
    private Optional<String> current = Optional.empty();

    SimulatedWifi(WifiNetwork vehicle, Story story) {
        this.vehicle = vehicle;
        this.story = story;
    }

    @Override
    public boolean inSight(String ssid) {
        return ssid.equals(vehicle.ssid());
    }

    @Override
    public Optional<String> current() {
        return current;
    }

    @Override
    public Closeable join(WifiNetwork network, Duration deadline) {
        current = Optional.of(network.ssid());
        story.tell("Wi-Fi", "joined " + network.ssid());
        return () -> {
            current = Optional.empty();
            story.tell("Wi-Fi", "left " + network.ssid());
        };
    }
}
