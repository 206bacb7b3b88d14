package io.overair.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.examples.pycom.PycomClient;
import io.overair.examples.pycom.PycomDevice;
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
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import io.overair.tree.FileEntry;
import io.overair.tree.FileTree;
import io.overair.tree.ScanOptions;
import io.overair.tree.TreeDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ota demo}: an update from end to end, in front of your eyes. */
@Command(
        name = "demo",
        description = {
            "Shows an update from end to end.",
            "Makes two releases, a firmware image and a device in a temporary directory, serves the releases and",
            "updates the device."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.INTERRUPTED
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class DemoCommand implements Callable<Integer> {
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
                console.result("Kept in " + directory);
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
        makeDirectories(served, deviceRoot);
        ReleaseRepository repository = ReleaseRepository.inDirectory(served);
        FileTree before = FileTree.scan(deviceRoot, ScanOptions.defaults());

        title(console, "1  A server's directory: two releases and a firmware image");
        showFiles(console, FileTree.scan(served, ScanOptions.defaults()).files());

        title(console, "2  A device on " + DemoFiles.FROM);
        showFiles(console, before.files());

        String updated = showUpdate(deviceRoot, repository, console);

        title(console, "5  The device on " + updated);
        FileTree after = FileTree.scan(deviceRoot, ScanOptions.defaults());
        showChanges(console, before.diffTo(after), after);

        check(repository, after, updated);
        console.detail("");
        console.result(console.paint(Console.Paint.GREEN, "Updated " + DemoFiles.FROM + " -> " + DemoFiles.TO)
                + ": every file and the firmware are as released.");
        console.json("demo", line -> {
            line.put("from", DemoFiles.FROM).put("to", DemoFiles.TO).put("asReleased", true);
            ObjectNode sizes = line.putObject("device");
            after.files().forEach((path, entry) -> sizes.put(path.value(), entry.size()));
        });
    }

    /** The version that the device is on afterwards. */
    private static String showUpdate(Path deviceRoot, ReleaseRepository repository, Console console)
            throws IOException {
        OtaHandler handler =
                OtaHandler.builder(repository).listener(new Downloads(console)).build();
        try (OtaServer server =
                OtaServer.builder(handler).bind("127.0.0.1").port(0).start()) {
            Listening listening = Listening.of(server);

            title(console, "3  What the device will be told");
            showManifest(console, ManifestGenerator.over(repository), listening.url());

            title(console, "4  It updates itself, as the client of the Pycom OTA example does");
            console.detail("    server    " + listening.url());
            console.jsonDetail("listening", listening::putInto);
            PycomDevice device = new PycomDevice(deviceRoot, new PycomClient("127.0.0.1", listening.port()));
            device.update();
            return device.version();
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
        String sha1 = target.digest(Digest.Algorithm.SHA1).map(Digest::hex).orElse("?");
        console.detail("    %-9s %-32s %s"
                .formatted(what, name, console.paint(Console.Paint.FAINT, "sha1 " + sha1.substring(0, 8) + "…")));
    }

    private static void title(Console console, String text) {
        console.detail("");
        console.detail(console.paint(Console.Paint.BOLD, text));
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
        files.keySet().removeIf(DemoCommand::isBackup);
        files.forEach((path, entry) -> {
            if (diff.added().containsKey(path)) {
                showFile(console, console.paint(Console.Paint.GREEN, "+"), path, entry);
            } else if (diff.changed().containsKey(path)) {
                showFile(console, console.paint(Console.Paint.YELLOW, "~"), path, entry);
            } else if (diff.removed().containsKey(path)) {
                showFile(console, console.paint(Console.Paint.RED, "-"), path, entry);
            } else {
                showFile(console, " ", path, entry);
            }
        });
        long backups =
                after.files().keySet().stream().filter(DemoCommand::isBackup).count();
        console.detail("    and %d backups, which that client leaves behind".formatted(backups));
    }

    private static boolean isBackup(DevicePath path) {
        return path.value().endsWith(".bak") || path.value().endsWith(".bak_del");
    }

    /** A demonstration that did not work must not look like one that did. */
    private static void check(ReleaseRepository repository, FileTree device, String version)
            throws CommandFailure, IOException {
        SortedMap<DevicePath, FileEntry> files = new TreeMap<>(device.files());
        files.keySet().removeIf(DemoCommand::isBackup);
        FileEntry image = files.remove(new DevicePath(PycomDevice.RUNNING_SLOT));
        files.remove(new DevicePath("flash/OTA_VERSION.py"));

        FileTree released = repository.releases().get(1).tree();
        FileEntry releasedImage = repository.firmware().get(0).entry();
        if (!version.equals(DemoFiles.TO)
                || !FileTree.of(files).diffTo(released).equals(released.diffTo(released))
                || image == null
                || !sha256(image).equals(sha256(releasedImage))) {
            throw new CommandFailure(
                    ErrorCode.DEMO_FAILED,
                    "the device is not what the release says",
                    "This is a bug: run it again with --keep and report what is in the directory.");
        }
    }

    private static Digest sha256(FileEntry entry) {
        return entry.digest(Digest.Algorithm.SHA256).orElseThrow();
    }

    private static Path temporaryDirectory() throws CommandFailure {
        try {
            return Files.createTempDirectory("ota-demo");
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    private static void makeDirectories(Path served, Path device) throws CommandFailure {
        try {
            DemoFiles.makeServerDirectory(served);
            DemoFiles.makeDevice(device);
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
