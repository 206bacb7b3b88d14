package io.overair.client.http;

import java.io.IOException;

/** The Wi-Fi network to update from is out of sight. Nothing was changed; try again when it is near. */
public final class NetworkNotFoundException extends IOException {
    private static final long serialVersionUID = 1;

    private final String ssid;

    NetworkNotFoundException(String ssid) {
        super("the network " + ssid + " is not in sight; nothing was changed");
        this.ssid = ssid;
    }

    /** The name that was looked for. */
    public String ssid() {
        return ssid;
    }
}
