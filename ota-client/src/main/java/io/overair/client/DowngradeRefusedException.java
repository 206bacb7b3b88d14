package io.overair.client;

import io.overair.version.LooseVersion;
import java.io.IOException;

/**
 * The peer offers a version lower than the one the device is on, and {@link Downgrades#REFUSED} was asked for. Nothing
 * was changed.
 */
public final class DowngradeRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient LooseVersion current;
    private final transient LooseVersion offered;

    DowngradeRefusedException(LooseVersion current, LooseVersion offered) {
        super("on %s, offered %s: a downgrade, refused".formatted(current, offered));
        this.current = current;
        this.offered = offered;
    }

    /** What the device is on. */
    public LooseVersion current() {
        return current;
    }

    /** What the peer would have it install. */
    public LooseVersion offered() {
        return offered;
    }
}
