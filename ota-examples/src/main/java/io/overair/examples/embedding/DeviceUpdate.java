package io.overair.examples.embedding;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.client.http.HttpTransport;
import io.overair.install.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A device that keeps its files up to date. */
public final class DeviceUpdate {
    private DeviceUpdate() {}

    /** Updates the files below {@code root} from {@code server}; {@code restart} is told the version to start. */
    public static void update(Path root, String server, Consumer<String> restart) throws IOException {
        // README: begin device
        try (Installation installation = Installation.open(root);
                Transport transport = HttpTransport.to(server)) {
            Ota ota = Ota.builder(transport, installation).build();
            ota.connect();
            if (ota.update() instanceof UpdateOutcome.Updated updated) {
                restart.accept(updated.to().toString());
            }
        }
        // README: end device
    }
}
