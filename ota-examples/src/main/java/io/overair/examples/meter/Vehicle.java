package io.overair.examples.meter;

import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A vehicle with a Wi-Fi network and an update server on it. */
final class Vehicle implements Closeable {
    private final OtaServer server;

    private Vehicle(OtaServer server) {
        this.server = server;
    }

    /** Starts the server, for two releases that are made below {@code root}. */
    static Vehicle withReleasesIn(Path root) throws IOException {
        write(root.resolve("1.0.0"), MeterProgram.SETTINGS, "send=energy\n");
        write(root.resolve("1.0.0"), "flash/boot.txt", "the first release\n");
        writeSecondRelease(root);
        return serving(root);
    }

    /** The same, for a release without the file that says what is sent. */
    static Vehicle withABrokenReleaseIn(Path root) throws IOException {
        writeSecondRelease(root);
        write(root.resolve("1.0.2"), "flash/boot.txt", "the third release\n");
        return serving(root);
    }

    private static void writeSecondRelease(Path root) throws IOException {
        write(root.resolve("1.0.1"), MeterProgram.SETTINGS, "send=energy,voltage\n");
        write(root.resolve("1.0.1"), "flash/lib/voltage.txt", "nominal 230 V\n");
    }

    private static Vehicle serving(Path root) throws IOException {
        OtaHandler handler = OtaHandler.of(ReleaseRepository.inDirectory(root));
        return new Vehicle(OtaServer.builder(handler).bind("127.0.0.1").port(0).start());
    }

    /** Where a device on the network finds the server. */
    String url() {
        return server.uri().toString();
    }

    @Override
    public void close() {
        server.close();
    }

    /** Writes a file of a release or of a device. */
    static void write(Path root, String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
