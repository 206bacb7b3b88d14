package io.overair.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.client.DirectoryTransport;
import io.overair.client.Ota;
import io.overair.install.Change;
import io.overair.install.FirmwareSlot;
import io.overair.install.FirmwareWriter;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.TwoSlotFiles;
import io.overair.install.UpdateHook;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server's directory, a device on 1.0.0 and its firmware, and the verbs to use on them. */
abstract class DeviceVerbs {
    @TempDir
    Path directory;

    Path server;
    Path device;
    Path firmware;

    @BeforeEach
    void makeDirectories() throws IOException {
        server = directory.resolve("server");
        device = directory.resolve("device");
        firmware = directory.resolve("firmware");
        DemoFiles.makeServerDirectory(server);
        DemoFiles.makeDevice(device);
        DemoFiles.makeFirmware(firmware);
    }

    Invocation check(String... options) {
        List<String> all = new ArrayList<>(List.of("--server", server.toString()));
        all.addAll(List.of(options));
        return onDevice("check", all.toArray(String[]::new));
    }

    Invocation update(String... options) {
        return onServer(server.toString(), "update", options);
    }

    Invocation onServer(String address, String verb, String... options) {
        List<String> all = new ArrayList<>(List.of("--server", address));
        all.addAll(List.of(options));
        return withFirmware(verb, all.toArray(String[]::new));
    }

    /** A verb with {@code --device} and {@code --firmware-dir}. */
    Invocation withFirmware(String verb, String... options) {
        List<String> all = new ArrayList<>(List.of("--firmware-dir", firmware.toString()));
        all.addAll(List.of(options));
        return onDevice(verb, all.toArray(String[]::new));
    }

    /** A verb with {@code --device}. */
    Invocation onDevice(String verb, String... options) {
        List<String> all = new ArrayList<>(List.of(verb, "--device", device.toString()));
        all.addAll(List.of(options));
        return Invocation.of(all.toArray(String[]::new));
    }

    /** As after an update while a card was mounted there. */
    void cardIsMissingAt(String folder) throws IOException {
        Installation.open(device).close();
        write(
                "installed",
                "OTAINSTALLED 1\nstore %1$s 0f63\n%1$s/main.py file:%2$s:1:644\n".formatted(folder, "0".repeat(64)));
    }

    /** As if the last update had changed something on a card that is missing now. */
    void lastUpdateUsedACardAt(String folder) throws IOException {
        cardIsNamedBy("done", folder);
    }

    /** As if the update that was killed had something to change on a card that is missing now. */
    void killedUpdateUsesACardAt(String folder) throws IOException {
        cardIsNamedBy("plan", folder);
    }

    private void cardIsNamedBy(String name, String folder) throws IOException {
        Path plan;
        try (Stream<Path> files = Files.walk(device.resolve(".ota/txn"))) {
            plan = files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
        }
        String[] lines = Files.readString(plan).split("\n");
        StringBuilder text = new StringBuilder();
        for (String line : Arrays.copyOf(lines, lines.length - 1)) {
            text.append(line).append('\n');
            if (line.startsWith("store 0 ")) {
                text.append("store 1 ").append(folder).append(" 0f63\n");
            }
        }
        write(device.resolve(".ota").relativize(plan).toString(), text.toString());
    }

    /** With the line at its end that seals it. */
    private void write(String name, String text) throws IOException {
        String sha256 =
                Digest.ofContent(Digest.Algorithm.SHA256, text.getBytes(UTF_8)).hex();
        Files.writeString(device.resolve(".ota").resolve(name), text + "END " + sha256 + "\n");
    }

    String content(String path) throws IOException {
        return Files.readString(device.resolve(path));
    }

    /** Updates the device with a kill after the commit point: the files are changed, the firmware is not yet active. */
    void updateKilledBeforeActivation() throws IOException {
        TwoSlotFiles slots = TwoSlotFiles.inDirectory(firmware);
        FirmwareWriter killed = new FirmwareWriter() {
            @Override
            public Optional<FirmwareSlot> active() throws IOException {
                return slots.active();
            }

            @Override
            public FirmwareSlot write(Path image, Digest sha256) throws IOException {
                return slots.write(image, sha256);
            }

            @Override
            public void activate(FirmwareSlot slot, Optional<Path> image) {
                throw new Killed();
            }

            @Override
            public boolean holds(FirmwareSlot slot) throws IOException {
                return slots.holds(slot);
            }
        };
        updateKilled(InstallationOptions.defaults().withFirmware(killed));
    }

    /** The same in a program that has a hook which the command line does not know. */
    void updateKilledInAHook() throws IOException {
        UpdateHook killed = new UpdateHook() {
            @Override
            public String name() {
                return "of-another-program";
            }

            @Override
            public void afterApply(Change change) {
                throw new Killed();
            }
        };
        updateKilled(InstallationOptions.defaults()
                .withFirmware(TwoSlotFiles.inDirectory(firmware))
                .withHook(killed));
    }

    private void updateKilled(InstallationOptions options) throws IOException {
        try (Installation installation = Installation.open(device, options)) {
            Ota.builder(DirectoryTransport.of(server), installation).build().update();
        } catch (Killed asIntended) {
            // What is on the disk now is what a kill leaves.
        }
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }
}
