package io.overair.client;

import java.io.IOException;

/**
 * The peer has not got what was asked for, or it must not be asked for: a status of 4xx, a redirect, a name that would
 * change on its way. Asking again does not help until something is changed at the peer. Nothing was changed on the device.
 */
public final class NoSuchResourceException extends IOException {
    private static final long serialVersionUID = 1;

    private final String resource;

    /**
     * Says why {@code resource} cannot be had.
     *
     * @param resource what was asked for, as people should see it: without query and user information
     */
    public NoSuchResourceException(String resource, String problem) {
        super(resource + ": " + problem);
        this.resource = resource;
    }

    /** As above, with what revealed the problem. */
    public NoSuchResourceException(String resource, String problem, Throwable cause) {
        super(resource + ": " + problem, cause);
        this.resource = resource;
    }

    /** What was asked for. */
    public String resource() {
        return resource;
    }
}
