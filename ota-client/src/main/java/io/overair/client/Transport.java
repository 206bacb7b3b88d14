package io.overair.client;

import java.io.Closeable;
import java.io.IOException;

/**
 * How bytes get to a device: HTTP, a USB stick, a radio link. One method is to be written, so a lambda will do; everything
 * else an update needs (retries, hashing, limits, files) is done above it by {@link Ota}.
 *
 * <p>An implementation
 *
 * <ul>
 *   <li>must give every wait an end: no connecting, reading or writing without a time-out;
 *   <li>must throw {@link NoSuchResourceException} where asking again cannot help, and any other {@link IOException}
 *       where it may;
 *   <li>must never take a transfer that broke off for the end of the content, where it can tell;
 *   <li>should answer an interrupt of the calling thread by throwing;
 *   <li>must not check hashes or sizes, store anything on the device or try again by itself.
 * </ul>
 *
 * <p>It is used by one thread at a time, but {@link #close} may come from another thread to end a transfer. To add
 * something to every transport (fail-over, a rate limit) put a transport around a transport. The abstract test
 * {@code TransportContract} in this module's test archive holds an implementation against all this.
 */
@FunctionalInterface
public interface Transport extends Closeable {
    /**
     * Makes the peer reachable, where that takes more than asking it. Called once before an update; calling it again does
     * no harm.
     *
     * @throws IOException if the peer cannot be reached
     */
    default void connect() throws IOException {}

    /**
     * Opens what {@code reference} names, from byte {@code offset} on if the peer can do that, else from the beginning:
     * the result tells. The caller closes it before it asks for something else.
     *
     * @param reference {@code manifest.json?current_ver=1.0.0} for the manifest, with the version percent-encoded, or
     *     with nothing after the {@code =} where it is not known; or else a target's
     *     {@link io.overair.manifest.Target#reference reference}, unchanged
     * @param offset how many bytes the caller has already, 0 or more
     * @throws NoSuchResourceException if there is no such thing or it must not be asked for
     * @throws IOException if it cannot be had now; the caller may try again
     */
    Download fetch(String reference, long offset) throws IOException;

    /** Ends a transfer that is running and lets go of connections. Calling it again does nothing. */
    @Override
    default void close() throws IOException {}

    /**
     * What a reference names on whichever peer it is sent to: all that follows the third slash of a URL, unchanged, and of
     * anything else the text itself. Scheme and host are not looked at, as with the Pycom client, so no manifest can lead
     * a device to another host.
     */
    static String pathOf(String reference) {
        int authority = reference.indexOf("://");
        if (authority < 0 || !isScheme(reference.substring(0, authority))) {
            return reference;
        }
        int slash = reference.indexOf('/', authority + "://".length());
        return slash < 0 ? "" : reference.substring(slash + 1);
    }

    private static boolean isScheme(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(character -> Character.isLetterOrDigit(character) || "+.-".indexOf(character) >= 0);
    }
}
