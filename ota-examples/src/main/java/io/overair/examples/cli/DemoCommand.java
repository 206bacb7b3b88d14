package io.overair.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.client.DirectoryTransport;
import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.client.http.HttpTransport;
import io.overair.examples.cli.Console.Paint;
import io.overair.health.HealthCheck;
import io.overair.health.TrialWatch;
import io.overair.install.FirmwareSlot;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.Outcome;
import io.overair.install.Report;
import io.overair.install.Trial;
import io.overair.install.TwoSlotFiles;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestJson;
import io.overair.manifest.Target;
import io.overair.server.ManifestGenerator;
import io.overair.server.OtaHandler;
import io.overair.server.OtaListener;
import io.overair.server.OtaRequest;
import io.overair.server.OtaResponse;
import io.overair.server.Release;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import io.overair.tree.FileEntry;
import io.overair.tree.FileTree;
import io.overair.tree.ScanOptions;
import io.overair.tree.TreeDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ota demo}: an update, a rollback and a failed trial from end to end, in front of your eyes. */
@Command(
        name = "demo",
        description = {
            "Shows an update, a rollback and a failed trial from end to end.",
            "Makes two releases, a firmware image and a device in a temporary directory, serves the releases, updates",
            "the device and takes it back. Then a third release fails its health check, and is taken back by itself."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.INTERRUPTED,
            ExitStatus.READER_GONE
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class DemoCommand implements Callable<Integer> {
    private static final Trial TRIAL = Trial.of(3, Duration.ofSeconds(1));

    private static final DevicePath VERSION_FILE = new DevicePath("flash/OTA_VERSION.py");

    @ParentCommand
    private OtaCommand ota;

    @Option(names = "--keep", description = "Keep the directory, to look around in it.")
    private boolean keep;

    @Override
    public Integer call() throws CommandFailure, IOException {
        Console console = ota.console();
        Path directory = temporaryDirectory();
        try {
            show(directory, console);
        } finally {
            if (keep) {
                console.result("Kept in " + directory + "; go on with");
                console.result("    %s update --server %2$s/server --device %2$s/device --firmware-dir %2$s/firmware"
                        .formatted(Surroundings.launcher(), directory));
                console.json("kept", line -> line.put("directory", directory.toString()));
            } else {
                delete(directory);
            }
        }
        return 0;
    }

    private static void show(Path directory, Console console) throws CommandFailure, IOException {
        Path served = directory.resolve("server");
        Path deviceRoot = directory.resolve("device");
        Path slots = directory.resolve("firmware");
        TwoSlotFiles firmware = TwoSlotFiles.inDirectory(slots);
        makeDirectories(directory);
        ReleaseRepository repository = ReleaseRepository.inDirectory(served);

        title(console, "1  A server's directory: two releases and a firmware image");
        showFiles(console, scan(served).files());

        title(console, "2  A device on " + DemoFiles.FROM);
        FileTree before = scan(deviceRoot);
        showFiles(console, before.files());
        showFirmware(console, slots, firmware);

        try (Installation installation =
                Installation.open(deviceRoot, InstallationOptions.defaults().withFirmware(firmware))) {
            update(installation, repository, console);

            title(console, "5  The device on " + installation.version().orElseThrow());
            FileTree after = scan(deviceRoot);
            showChanges(console, before.diffTo(after), after);
            showFirmware(console, slots, firmware);
            check(isRelease(after, repository.releases().get(1)) && runs(firmware, repository));
            console.json("updated", line -> putDevice(line, DemoFiles.TO, after));

            title(console, "6  It is taken back, from what it kept: no server is needed");
            installation.rollBack();
            FileTree again = scan(deviceRoot);
            showChanges(console, after.diffTo(again), again);
            showFirmware(console, slots, firmware);
            check(again.diffTo(before).isEmpty() && !runs(firmware, repository));
            console.json("rolled-back", line -> putDevice(line, DemoFiles.FROM, again));
        }
        tryBrokenRelease(directory, before, console);

        console.detail("");
        console.result(console.paint(Paint.GREEN, "Updated " + DemoFiles.FROM + " -> " + DemoFiles.TO + ", and back")
                + ": files and firmware are as released each time.");
        console.result(console.paint(Paint.GREEN, "Tried " + DemoFiles.BROKEN + ", and back by itself")
                + ": it failed its health check, and is blocked.");
        console.json(
                "demo",
                line -> line.put("from", DemoFiles.FROM).put("to", DemoFiles.TO).put("asReleased", true));
    }

    private static void tryBrokenRelease(Path directory, FileTree before, Console console)
            throws CommandFailure, IOException {
        Path served = directory.resolve("server");
        Path deviceRoot = directory.resolve("device");
        InstallationOptions options = InstallationOptions.defaults()
                .withFirmware(TwoSlotFiles.inDirectory(directory.resolve("firmware")))
                .withTrial(TRIAL);
        // Firmware has no part in this.
        Path image = Files.move(served.resolve(DemoFiles.IMAGE), directory.resolve(DemoFiles.IMAGE));
        DemoFiles.addBrokenRelease(served);

        title(console, "7  " + DemoFiles.BROKEN + " is published; it lacks a file, and the device has it on trial");
        tell(console, updateFrom(served, deviceRoot, options));

        title(console, "8  It is started, and asked whether it is healthy");
        TrialWatch.Verdict verdict = await(TrialWatch.of(deviceRoot, options, new Imports(deviceRoot))
                .withInterval(TRIAL.deadline().dividedBy(4))
                .withListener(problem -> console.detail("    not yet   " + problem)));

        title(console, "9  It is started anew, and so taken back");
        try (Installation installation = Installation.open(deviceRoot, options)) {
            Report report = installation.status().lastChange();
            FileTree again = scan(deviceRoot);
            console.detail("    version   " + installation.version().orElseThrow());
            console.detail("    because   " + report.reason().orElseThrow());
            check(verdict == TrialWatch.Verdict.REJECTED
                    && report.outcome() == Outcome.ROLLED_BACK
                    && again.diffTo(before).isEmpty());
            console.json(
                    "taken-back",
                    line -> putDevice(line.put("reason", report.reason().orElseThrow()), DemoFiles.FROM, again));
        }

        title(console, "10 The server still offers it");
        UpdateOutcome outcome = updateFrom(served, deviceRoot, options);
        tell(console, outcome);
        check(outcome instanceof UpdateOutcome.Blocked);
        delete(served.resolve(DemoFiles.BROKEN));
        Files.move(image, served.resolve(DemoFiles.IMAGE));
    }

    private static UpdateOutcome updateFrom(Path served, Path deviceRoot, InstallationOptions options)
            throws IOException {
        try (Installation installation = Installation.open(deviceRoot, options);
                Transport transport = DirectoryTransport.of(served)) {
            return Ota.builder(transport, installation).build().update();
        }
    }

    private static void tell(Console console, UpdateOutcome outcome) {
        if (outcome instanceof UpdateOutcome.Updated updated && updated.trial().isPresent()) {
            OnTrial trial = new OnTrial(updated.trial().get());
            console.detail("    on trial  " + trial.toText());
            console.json("on-trial", trial::putInto);
        } else if (outcome instanceof UpdateOutcome.Blocked blocked) {
            console.detail("    blocked   %s failed here before".formatted(blocked.release()));
            console.json(
                    "blocked", line -> line.put("blocked", blocked.release().toString()));
        }
    }

    private static TrialWatch.Verdict await(TrialWatch watch) throws CommandFailure, IOException {
        try {
            return watch.await();
        } catch (InterruptedException e) {
            throw CommandFailure.of(e);
        }
    }

    /** A stand-in for the device's Python: its program starts only if all that it imports is there. */
    private record Imports(Path deviceRoot) implements HealthCheck {
        private static final Pattern IMPORT = Pattern.compile("(?m)^from lib\\.(\\w+) import");

        @Override
        public Optional<String> problem() {
            try {
                Path program = deviceRoot.resolve("flash/main.py");
                return IMPORT.matcher(Files.readString(program))
                        .results()
                        .map(found -> found.group(1))
                        .filter(name -> !Files.exists(deviceRoot.resolve("flash/lib/" + name + ".py")))
                        .map(name -> "main.py: no module named " + name)
                        .findFirst();
            } catch (IOException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
    }

    private static void update(Installation installation, ReleaseRepository repository, Console console)
            throws IOException {
        OtaHandler handler =
                OtaHandler.builder(repository).listener(new Downloads(console)).build();
        try (OtaServer server =
                OtaServer.builder(handler).bind("127.0.0.1").port(0).start()) {
            Listening listening = Listening.of(server);

            title(console, "3  What the device will be told");
            showManifest(console, ManifestGenerator.over(repository), listening.url());

            title(console, "4  It updates itself");
            console.detail("    server    " + listening.url());
            console.jsonDetail("listening", listening::putInto);
            try (Transport transport = HttpTransport.to(listening.url())) {
                Ota updater = Ota.builder(transport, installation).build();
                updater.connect();
                updater.update();
            }
        }
    }

    private static void showManifest(Console console, ManifestGenerator generator, String baseUrl) throws IOException {
        Manifest manifest = generator.manifestFor(DemoFiles.FROM).orElseThrow();
        console.detail("    version   " + manifest.version());
        manifest.added().forEach(file -> showTarget(console, "new", file.path().value(), file));
        manifest.changed()
                .forEach(file -> showTarget(console, "update", file.path().value(), file));
        manifest.removed().forEach(path -> console.detail("    delete    " + path));
        manifest.firmware().ifPresent(image -> showTarget(console, "firmware", image.reference(), image));

        JsonNode json = new ObjectMapper().readTree(ManifestJson.write(manifest, baseUrl));
        console.jsonDetail("manifest", line -> line.set("manifest", json));
    }

    private static void showTarget(Console console, String what, String name, Target target) {
        showDigest(console, what, name, target.digest(Digest.Algorithm.SHA1));
    }

    private static void showDigest(Console console, String what, String name, Optional<Digest> sha1) {
        String shown =
                sha1.map(digest -> "sha1 " + digest.hex().substring(0, 8) + "…").orElse("");
        console.detail("    %-9s %-32s %s".formatted(what, name, console.paint(Paint.FAINT, shown)));
    }

    private static void title(Console console, String text) {
        console.detail("");
        console.detail(console.paint(Paint.BOLD, text));
    }

    private static void showFiles(Console console, SortedMap<DevicePath, FileEntry> files) {
        files.forEach((path, entry) -> showFile(console, " ", path, entry));
    }

    private static void showFile(Console console, String mark, DevicePath path, FileEntry entry) {
        console.detail("  %s %-42s %10s".formatted(mark, path, Bytes.toText(entry.size())));
    }

    private static void showChanges(Console console, TreeDiff diff, FileTree after) {
        SortedMap<DevicePath, FileEntry> files = new TreeMap<>(after.files());
        files.putAll(diff.removed());
        files.forEach((path, entry) -> {
            if (diff.added().containsKey(path)) {
                showFile(console, console.paint(Paint.GREEN, "+"), path, entry);
            } else if (diff.changed().containsKey(path)) {
                showFile(console, console.paint(Paint.YELLOW, "~"), path, entry);
            } else if (diff.removed().containsKey(path)) {
                showFile(console, console.paint(Paint.RED, "-"), path, entry);
            } else {
                showFile(console, " ", path, entry);
            }
        });
    }

    private static void showFirmware(Console console, Path slots, TwoSlotFiles firmware) throws IOException {
        FileTree images = FileTree.scan(slots, ScanOptions.defaults().digests(Digest.Algorithm.SHA1));
        String active = "slot-" + firmware.active().orElseThrow().name() + ".img";
        FileEntry image = Objects.requireNonNull(images.files().get(new DevicePath(active)));
        showDigest(console, "firmware", active, image.digest(Digest.Algorithm.SHA1));
    }

    private static void putDevice(ObjectNode line, String version, FileTree tree) {
        ObjectNode sizes = line.put("version", version).putObject("device");
        tree.files().forEach((path, entry) -> sizes.put(path.value(), entry.size()));
    }

    private static boolean isRelease(FileTree device, Release release) throws IOException {
        SortedMap<DevicePath, FileEntry> files = new TreeMap<>(device.files());
        files.remove(VERSION_FILE);
        return FileTree.of(files).diffTo(release.tree()).isEmpty();
    }

    private static boolean runs(TwoSlotFiles firmware, ReleaseRepository repository) throws IOException {
        Optional<Digest> released = repository.firmware().get(0).entry().digest(Digest.Algorithm.SHA256);
        return firmware.active().flatMap(FirmwareSlot::sha256).equals(released);
    }

    /** A demonstration that did not work must not look like one that did. */
    private static void check(boolean isAsReleased) throws CommandFailure {
        if (!isAsReleased) {
            throw new CommandFailure(
                    ErrorCode.DEMO_FAILED,
                    "the device is not what the release says",
                    "This is a bug: run it again with --keep and report what is in the directory.");
        }
    }

    private static FileTree scan(Path directory) throws IOException {
        return FileTree.scan(directory, ScanOptions.defaults());
    }

    private static Path temporaryDirectory() throws CommandFailure {
        try {
            return Files.createTempDirectory("ota-demo");
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    private static void makeDirectories(Path directory) throws CommandFailure {
        try {
            DemoFiles.makeServerDirectory(directory.resolve("server"));
            DemoFiles.makeDevice(directory.resolve("device"));
            DemoFiles.makeFirmware(directory.resolve("firmware"));
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    private static CommandFailure notWritable(IOException problem) {
        return new CommandFailure(
                ErrorCode.NOT_WRITABLE,
                "cannot write to the temporary directory: " + problem.getMessage(),
                "Make room there, or name another one: JAVA_OPTS=-Djava.io.tmpdir=DIR.",
                problem);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Shows each download while it happens. */
    private record Downloads(Console console) implements OtaListener {
        @Override
        public void answered(OtaRequest request, OtaResponse response) {
            long bytes = response.contentLength().orElse(0);
            console.detail("    GET %-47s %d %10s".formatted(request.target(), response.status(), Bytes.toText(bytes)));
            console.jsonDetail("request", RequestEvent.of(request, response, Instant.now())::putInto);
        }
    }
}
