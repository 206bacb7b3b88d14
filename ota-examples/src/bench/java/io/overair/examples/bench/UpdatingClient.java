package io.overair.examples.bench;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.client.http.HttpTransport;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.TwoSlotFiles;
import io.overair.install.Unforced;
import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestJson;
import io.overair.manifest.ManifestLimits;
import io.overair.manifest.TargetFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A client that is measured, in a process of its own: it updates a device once and prints its peak memory in MiB. */
final class UpdatingClient {
    private static final int BUFFER_BYTES = 1 << 16;

    private UpdatingClient() {}

    /** Arguments: what kind of client, the device's root, the server's URL, and where firmware goes. */
    public static void main(String[] args) throws IOException {
        Path device = Path.of(args[1]);
        String url = args[2];
        switch (args[0]) {
            case "bare" -> bareLoop(device, url);
            case "safe" -> update(Installation.open(device), url);
            case "unforced" -> update(Unforced.open(device), url);
            case "firmware" ->
                update(
                        Installation.open(
                                device,
                                InstallationOptions.defaults()
                                        .withFirmware(TwoSlotFiles.inDirectory(Path.of(args[3])))),
                        url);
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.printf("%.1f%n", ProcFs.peakMemory(ProcessHandle.current().pid()));
        // OkHttp's threads would keep the process for a minute.
        System.exit(0);
    }

    private static void update(Installation opened, String url) throws IOException {
        try (Installation installation = opened;
                Transport transport = HttpTransport.to(url)) {
            Ota ota = Ota.builder(transport, installation).build();
            ota.connect();
            if (!(ota.update() instanceof UpdateOutcome.Updated)) {
                throw new IOException("there was nothing to update");
            }
        }
    }

    /** The least that an update can be: ask, fetch, hash, write, rename. A cut leaves a mixture. */
    private static void bareLoop(Path device, String url) throws IOException {
        OkHttpClient client = new OkHttpClient();
        Manifest manifest;
        try (Response response = get(client, url + Corpus.MANIFEST)) {
            manifest = ManifestJson.read(response.body().byteStream(), ManifestLimits.defaults())
                    .orElseThrow();
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        for (TargetFile target : (Iterable<TargetFile>) manifest.files()::iterator) {
            Path file = device.resolve(target.path().value());
            Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
            Files.createDirectories(file.getParent());
            MessageDigest digest = Digest.Algorithm.SHA1.newMessageDigest();
            try (Response response = get(client, target.reference());
                    InputStream content = response.body().byteStream();
                    OutputStream output = Files.newOutputStream(temporary)) {
                for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
                    digest.update(buffer, 0, length);
                    output.write(buffer, 0, length);
                }
            }
            if (!target.digests().contains(Digest.of(Digest.Algorithm.SHA1, digest.digest()))) {
                throw new IOException(target.path() + " is damaged");
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Response get(OkHttpClient client, String url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }
}
