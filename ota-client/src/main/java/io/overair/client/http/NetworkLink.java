package io.overair.client.http;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The Wi-Fi of a device, as far as an update needs it. {@link NmcliLink} does it on Linux with NetworkManager; implement it
 * for other systems, or to simulate one.
 *
 * <p>Every method must come to an end by itself, and should end early when the calling thread is interrupted. Used by one
 * thread at a time.
 */
public interface NetworkLink {
    /** Whether a network of this name can be received now, after looking anew. */
    boolean inSight(String ssid) throws IOException;

    /**
     * The name of the network the device is on; empty if it is on none, or on one only because a program that was killed
     * had joined it for an update: the device is not to stay there.
     */
    Optional<String> current() throws IOException;

    /**
     * Joins {@code network}. Closing the result leaves it again and gives the device back the network it was on before,
     * also if the calling thread is interrupted then.
     *
     * @throws IOException if that was not done within {@code deadline}; the device is given back what it was on before
     */
    Closeable join(WifiNetwork network, Duration deadline) throws IOException;
}
