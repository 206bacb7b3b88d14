package io.overair.examples.pycom;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.http.HttpTransport;
import io.overair.install.FirmwareSlot;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.TwoSlotFiles;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A recorded request that was answered with a manifest: our client, on a device that would have sent it, makes of that
 * device what the manifest says.
 */
record RecordedUpdate(JsonNode recording, JsonNode request) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VERSION_FILE = "flash/OTA_VERSION.py";
    private static final String OF_THE_DEVICE = "flash/settings of this device";

    /** All whose answer is wanted of our server, too. */
    static List<RecordedUpdate> all() throws IOException {
        List<RecordedUpdate> updates = new ArrayList<>();
        for (Path file : Recordings.files()) {
            JsonNode recording = JSON.readTree(file.toFile());
            for (JsonNode request : recording.get("requests")) {
                if (request.get("same").asBoolean()
                        && request.at("/upstream/manifest").isObject()) {
                    updates.add(new RecordedUpdate(recording, request));
                }
            }
        }
        return updates;
    }

    /** Which of the things a manifest names the real server picks by chance; empty if none. */
    String byChance() {
        return request.path("unordered_upstream").asText();
    }

    /** What a device has after an update. */
    record Result(SortedMap<String, String> files, Optional<String> firmware) {}

    /** What the recorded manifest says that a device has whose server has {@code served} as its root. */
    Result wanted(Path served) throws IOException {
        JsonNode manifest = request.at("/upstream/manifest");
        SortedMap<String, String> files = before(served);
        for (JsonNode path : manifest.get("delete")) {
            files.remove(path.asText());
        }
        for (String list : List.of("new", "update")) {
            for (JsonNode file : manifest.get(list)) {
                files.put(file.get("dst_path").asText().substring(1), content(served, file));
            }
        }
        files.put(VERSION_FILE, "VERSION = '" + manifest.get("version").asText() + "'\n");
        Optional<String> firmware =
                manifest.has("firmware") ? Optional.of(content(served, manifest.get("firmware"))) : Optional.empty();
        return new Result(files, firmware);
    }

    /** Updates a device in {@code directory}, which is empty, from {@code server}. */
    Result update(Path directory, Path served, String server) throws IOException {
        Path root = directory.resolve("device");
        for (Map.Entry<String, String> file : before(served).entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().getBytes(ISO_8859_1));
        }
        TwoSlotFiles slots = TwoSlotFiles.inDirectory(directory.resolve("firmware"));
        try (Installation installation =
                        Installation.open(root, InstallationOptions.defaults().withFirmware(slots));
                Transport transport = HttpTransport.to(server)) {
            Ota.builder(transport, installation).build().update();
        }
        return new Result(files(root), activeImage(directory.resolve("firmware"), slots));
    }

    /** The tree of the version that the device says it is on, as far as the server knows it, and a file of its own. */
    private SortedMap<String, String> before(Path served) throws IOException {
        Optional<String> version = currentVersion();
        SortedMap<String, String> files = new TreeMap<>();
        if (version.isPresent() && isFolderOf(served, version.get())) {
            files.putAll(files(served.resolve(version.get())));
        }
        version.ifPresent(it -> files.put(VERSION_FILE, "VERSION = '" + it + "'"));
        files.put(OF_THE_DEVICE, "kept");
        return files;
    }

    /** As the real server reads a query: the first value that is not empty. */
    private Optional<String> currentVersion() {
        String target = request.get("target").asText().split("#", 2)[0];
        String query = target.contains("?") ? target.substring(target.indexOf('?') + 1) : "";
        return Stream.of(query.split("&"))
                .map(parameter -> parameter.split("=", 2))
                .filter(parameter -> parameter.length == 2 && !parameter[1].isEmpty())
                .filter(parameter -> URLDecoder.decode(parameter[0], UTF_8).equals("current_ver"))
                .map(parameter -> URLDecoder.decode(parameter[1], UTF_8))
                .findFirst();
    }

    private static boolean isFolderOf(Path served, String name) throws IOException {
        try (Stream<Path> entries = Files.list(served)) {
            return entries.anyMatch(entry -> entry.getFileName().toString().equals(name) && Files.isDirectory(entry));
        }
    }

    /** Text of one character for each byte, so that differences can be read. */
    private static SortedMap<String, String> files(Path root) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(path).toString();
                if (!name.startsWith(".ota/")) {
                    files.put(name, bytes(path));
                }
            }
        }
        return files;
    }

    private static String content(Path served, JsonNode target) throws IOException {
        return bytes(served.resolve(Transport.pathOf(target.get("URL").asText())));
    }

    private static Optional<String> activeImage(Path folder, TwoSlotFiles slots) throws IOException {
        FirmwareSlot active = slots.active().orElseThrow();
        return active.sha256().isEmpty()
                ? Optional.empty()
                : Optional.of(bytes(folder.resolve("slot-" + active.name() + ".img")));
    }

    private static String bytes(Path file) throws IOException {
        return new String(Files.readAllBytes(file), ISO_8859_1);
    }

    @Override
    public String toString() {
        return request.get("id").asText() + " " + request.get("target").asText();
    }
}
