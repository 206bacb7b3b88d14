package consumer;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.client.http.HttpTransport;
import io.overair.install.Installation;
import io.overair.manifest.Manifest;
import io.overair.server.ManifestGenerator;
import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Uses the public API from inside a module. */
final class Consumer {
    private Consumer() {}

    static Optional<Manifest> manifestFor(String version, ReleaseRepository releases) throws IOException {
        return ManifestGenerator.over(releases).manifestFor(version);
    }

    /** What a server gives out under {@code path}. */
    static byte[] serve(String path, ReleaseRepository releases) throws IOException {
        OtaHandler handler = OtaHandler.of(releases);
        try (OtaServer server =
                        OtaServer.builder(handler).bind("127.0.0.1").port(0).start();
                InputStream file = server.uri().resolve(path).toURL().openStream()) {
            return file.readAllBytes();
        }
    }

    /** Updates the files below {@code device} from {@code releases}, over HTTP. */
    static UpdateOutcome update(Path device, ReleaseRepository releases) throws IOException {
        try (OtaServer server = OtaServer.builder(OtaHandler.of(releases))
                        .bind("127.0.0.1")
                        .port(0)
                        .start();
                Installation installation = Installation.open(device);
                Transport transport = HttpTransport.to(server.uri().toString())) {
            Ota ota = Ota.builder(transport, installation).build();
            ota.connect();
            return ota.update();
        }
    }
}
