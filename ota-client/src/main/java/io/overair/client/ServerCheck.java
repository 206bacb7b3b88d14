package io.overair.client;

import io.overair.health.HealthCheck;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds a release healthy if it can reach the server that its next update comes from: one that cannot update itself must never
 * be confirmed. Asks what an update would ask first, and changes nothing.
 *
 * <p>To be run by the release that is on trial, with the {@link Transport} that it brings: what another program reaches proves
 * nothing. A device that is offline for longer than its trial lasts needs another check.
 */
public final class ServerCheck implements HealthCheck {
    private final Path root;
    private final Transport transport;

    private ServerCheck(Path root, Transport transport) {
        this.root = root;
        this.transport = transport;
    }

    /** Asks for the manifest of the device at {@code root}; the caller closes {@code transport}. */
    public static ServerCheck of(Path root, Transport transport) {
        return new ServerCheck(root, transport);
    }

    @Override
    public Optional<String> problem() throws InterruptedException {
        try (Installation installation = Installation.openToRead(root, InstallationOptions.defaults())) {
            Ota ota = Ota.builder(transport, installation)
                    .retry(RetryPolicy.never())
                    .build();
            ota.connect();
            ota.checkForUpdate();
            return Optional.empty();
        } catch (IOException e) {
            if (e instanceof InterruptedIOException && Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Optional.of("the update server cannot be asked: " + e.getMessage());
        }
    }
}
