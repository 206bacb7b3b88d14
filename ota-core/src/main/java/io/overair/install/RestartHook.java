package io.overair.install;

import java.io.IOException;

/** Restarts the device, or the application that was updated. */
@FunctionalInterface
public interface RestartHook {
    /**
     * Called by the thread that calls {@link Installation#restart}; need not return. The installation is still open: other
     * programs cannot open it before it is closed or this process has ended.
     */
    void restart(Change change) throws IOException;
}
