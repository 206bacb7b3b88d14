package io.overair.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** What the demo plays with: two releases of a smart meter's programs, and a firmware image. */
final class DemoFiles {
    static final String FROM = "1.0.0";
    static final String TO = "1.0.1";
    /** Lacks a file that its main program needs. */
    static final String BROKEN = "1.0.2";

    static final String IMAGE = "firmware_1.0.1.bin";

    private static final List<String> OLD_FILES =
            List.of("flash/boot.py", "flash/main.py", "flash/lib/display.py", "flash/lib/meter.py");
    private static final List<String> NEW_FILES =
            List.of("flash/boot.py", "flash/main.py", "flash/lib/meter.py", "flash/lib/tariff.py");

    private static final List<String> BROKEN_FILES = List.of("flash/boot.py", "flash/main.py", "flash/lib/meter.py");

    /** An odd size, since whole kilobytes hide mistakes. */
    private static final int IMAGE_BYTES = 256 * 1024 + 7;

    private DemoFiles() {}

    /** Makes the directory that a server has as its root. */
    static void makeServerDirectory(Path root) throws IOException {
        copy(FROM, OLD_FILES, root.resolve(FROM));
        copy(TO, NEW_FILES, root.resolve(TO));
        Files.write(root.resolve(IMAGE), image(TO));
    }

    /** Adds a release to it that does not start. */
    static void addBrokenRelease(Path root) throws IOException {
        copy(TO, BROKEN_FILES, root.resolve(BROKEN));
    }

    /** Makes the directory of a device that runs the older release. */
    static void makeDevice(Path root) throws IOException {
        copy(FROM, OLD_FILES, root);
        Files.writeString(root.resolve("flash/OTA_VERSION.py"), "VERSION = '" + FROM + "'");
    }

    /** Makes the directory of a device's firmware, with an older image in the slot that runs. */
    static void makeFirmware(Path slots) throws IOException {
        Files.createDirectory(slots);
        Files.write(slots.resolve("slot-a.img"), image(FROM));
    }

    /** Random, as compiled code looks to a network, but the same in every run. */
    private static byte[] image(String version) {
        byte[] image = new byte[IMAGE_BYTES];
        new Random(version.hashCode()).nextBytes(image);
        return image;
    }

    private static void copy(String version, List<String> files, Path target) throws IOException {
        for (String file : files) {
            Path copy = target.resolve(file);
            Files.createDirectories(Objects.requireNonNull(copy.getParent()));
            String resource = "demo/" + version + "/" + file;
            try (InputStream content = DemoFiles.class.getResourceAsStream(resource)) {
                Files.copy(Objects.requireNonNull(content, resource), copy);
            }
        }
    }
}
