package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** A device of the tests: its root on a {@link CrashDisk}, how it is opened, and what is done with it. */
record Device(Function<FilePort, InstallationOptions> options) {
    static final Path ROOT = Path.of("/device");
    static final Path FIRMWARE = Path.of("/firmware");

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    static Device plain() {
        return new Device(port -> InstallationOptions.defaults());
    }

    static Device withTwoSlots() {
        return new Device(
                port -> InstallationOptions.defaults().withFirmware(TwoSlotFiles.inDirectory(FIRMWARE, port)));
    }

    /** {@code run} names what it makes; each run of one disk needs another name. */
    Installation open(FilePort port, String run) throws IOException {
        int[] count = {0};
        Environment environment = new Environment(port, CLOCK, () -> run + count[0]++, millis -> {});
        return Installation.open(ROOT, options.apply(port), environment);
    }

    /** What happens when the device starts. */
    void recover(FilePort port) throws IOException {
        open(port, "r").close();
    }

    /** Opens, updates, closes. */
    Scenario.Run update(String run, Manifest manifest) {
        return port -> {
            try (Installation installation = open(port, run)) {
                install(installation, manifest);
            }
        };
    }

    /** Opens, rolls back, closes. */
    Scenario.Run rollBack(String run) {
        return port -> {
            try (Installation installation = open(port, run)) {
                installation.rollBack();
            }
        };
    }

    /** The disk after {@code run}, all of it durable. */
    static CrashDisk after(CrashDisk disk, Scenario.Run run) {
        CrashDisk copy = disk.copy();
        try {
            run.on(copy);
        } catch (IOException e) {
            throw new IllegalStateException("it failed without a cut: " + e.getMessage(), e);
        }
        return copy.settle();
    }

    /** Stages and commits; the content of each target is its reference. */
    static void install(Installation installation, Manifest manifest) throws IOException {
        try (UpdateTransaction transaction = installation.begin(manifest)) {
            for (Target target : transaction.missing()) {
                transaction.stage(target, 0, stream(target.reference()));
            }
            transaction.commit();
        }
    }

    static ByteArrayInputStream stream(String content) {
        return new ByteArrayInputStream(content.getBytes(UTF_8));
    }

    static Offer offer(String version) {
        return new Offer(version, List.of(), List.of(), Optional.empty());
    }

    /** A manifest in the making. */
    record Offer(String version, List<TargetFile> files, List<DevicePath> removed, Optional<FirmwareImage> image) {
        Offer file(String path, String content) {
            List<TargetFile> more = new ArrayList<>(files);
            more.add(new TargetFile(new DevicePath(path), content, sha1(content), OptionalLong.empty()));
            return new Offer(version, more, removed, image);
        }

        Offer without(String path) {
            List<DevicePath> more = new ArrayList<>(removed);
            more.add(new DevicePath(path));
            return new Offer(version, files, more, image);
        }

        Offer firmware(String content) {
            return new Offer(
                    version,
                    files,
                    removed,
                    Optional.of(new FirmwareImage(content, sha1(content), OptionalLong.empty())));
        }

        Manifest manifest() {
            return new Manifest(LooseVersion.parse(version), Optional.empty(), files, List.of(), removed, image);
        }

        private static List<Digest> sha1(String content) {
            return List.of(Digest.ofContent(Digest.Algorithm.SHA1, content.getBytes(UTF_8)));
        }
    }
}
