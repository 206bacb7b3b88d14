package io.overair.examples.pycom;

import static io.overair.examples.pycom.Answers.ascii;
import static io.overair.examples.pycom.Answers.concat;
import static io.overair.examples.pycom.Answers.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The simulated device does what the client of the Pycom OTA example was seen to do, its failures included. */
@Timeout(60)
class PycomDeviceTest {
    @TempDir
    private Path root;

    private final Map<String, ScriptedServer.Answer> answers = new HashMap<>();
    private ScriptedServer server;
    private PycomDevice device;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.answering(
                path -> answers.getOrDefault(path, ScriptedServer.raw(concat(head(100), ascii("nothing here")))));
        device = new PycomDevice(root, server.client());
        write("flash/OTA_VERSION.py", "VERSION = '1.0.0'");
        write("flash/main.py", "old main");
        write("flash/gone.py", "old gone");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void nullMeansUpToDate() throws IOException {
        offer("1.0.0", "null");

        assertThat(device.update()).isEmpty();

        assertThat(tree()).containsOnlyKeys("flash/OTA_VERSION.py", "flash/main.py", "flash/gone.py");
    }

    @Test
    void manifestIsFollowedAndBackupsStay() throws IOException {
        serve("1.0.1/flash/main.py", "new main");
        serve("1.0.1/flash/added.py", "added");
        serve("firmware_1.0.1.bin", "image");
        offer(
                "1.0.0",
                manifest(file("/flash/added.py", "added"), file("/flash/main.py", "new main"), "\"flash/gone.py\"")
                        .replace(
                                "\"version\"",
                                "\"firmware\": " + target("firmware_1.0.1.bin", "image") + ", \"version\""));

        assertThat(device.update()).contains("1.0.1");

        assertThat(tree())
                .containsOnly(
                        Map.entry("flash/OTA_VERSION.py", "VERSION = '1.0.1'"),
                        Map.entry("flash/OTA_VERSION.py.bak", "VERSION = '1.0.0'"),
                        Map.entry("flash/added.py", "added"),
                        Map.entry("flash/main.py", "new main"),
                        Map.entry("flash/main.py.bak", "old main"),
                        Map.entry("flash/gone.py.bak_del", "old gone"),
                        Map.entry(PycomDevice.RUNNING_SLOT, "image"));
        assertThat(device.version()).isEqualTo("1.0.1");
    }

    @Test
    void deviceWithoutAVersionFileIsOn100() throws IOException {
        Files.delete(root.resolve("flash/OTA_VERSION.py"));
        offer("1.0.0", manifest("", "", ""));

        assertThat(device.update()).contains("1.0.1");

        assertThat(tree()).containsEntry("flash/OTA_VERSION.py", "VERSION = '1.0.1'");
    }

    @Test
    void wrongHashIsTriedFiveTimesAndTheDeviceKeepsItsFiles() throws IOException {
        serve("1.0.1/flash/main.py", "damaged");
        offer("1.0.0", manifest("", file("/flash/main.py", "new main"), ""));

        assertThatThrownBy(device::update).isInstanceOf(IOException.class).hasMessageContaining("5 tries");

        assertThat(server.requests())
                .filteredOn(head -> head.contains("main.py"))
                .hasSize(5);
        assertThat(tree()).containsEntry("flash/main.py", "old main").containsEntry("flash/main.py.new", "damaged");
        assertThat(device.version()).isEqualTo("1.0.0");
    }

    @Test
    void newDirectoryNeverArrives() throws IOException {
        serve("1.0.1/flash/lib/a.py", "a");
        offer("1.0.0", manifest(file("/flash/lib/a.py", "a"), "", ""));

        assertThatThrownBy(device::update).hasMessageContaining("5 tries");

        assertThat(device.version()).isEqualTo("1.0.0");
    }

    @Test
    void fileToUpdateThatIsMissingStopsTheUpdateForEver() throws IOException {
        Files.delete(root.resolve("flash/main.py"));
        serve("1.0.1/flash/main.py", "new main");
        offer("1.0.0", manifest("", file("/flash/main.py", "new main"), ""));

        assertThatThrownBy(device::update).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(device::update).isInstanceOf(NoSuchFileException.class);

        assertThat(device.version()).isEqualTo("1.0.0");
    }

    @Test
    void onlyCopyOfAFileIsDeletedByTheAttemptAfterACut() throws IOException {
        Files.move(root.resolve("flash/main.py"), root.resolve("flash/main.py.bak"));
        serve("1.0.1/flash/main.py", "new main");
        offer("1.0.0", manifest("", file("/flash/main.py", "new main"), ""));

        assertThatThrownBy(device::update).isInstanceOf(NoSuchFileException.class);

        assertThat(tree()).doesNotContainValue("old main");
    }

    @Test
    void fileToDeleteThatIsMissingStopsTheUpdateBeforeTheVersionIsWritten() throws IOException {
        Files.delete(root.resolve("flash/gone.py"));
        offer("1.0.0", manifest("", "", "\"flash/gone.py\""));

        assertThatThrownBy(device::update).isInstanceOf(NoSuchFileException.class);

        assertThat(device.version()).isEqualTo("1.0.0");
    }

    @Test
    void directoryInTheWayStopsTheUpdateHalfWay() throws IOException {
        Files.createDirectory(root.resolve("flash/added.py"));
        serve("1.0.1/flash/added.py", "added");
        serve("1.0.1/flash/main.py", "new main");
        offer("1.0.0", manifest(file("/flash/added.py", "added"), file("/flash/main.py", "new main"), ""));

        assertThatThrownBy(device::update).isInstanceOf(FileSystemException.class);

        assertThat(tree()).containsKey("flash/main.py.bak").doesNotContainKey("flash/main.py");
    }

    @Test
    void firmwareIsActivatedWhateverItHashesTo() throws IOException {
        serve("firmware_1.0.1.bin", "half an im");
        offer("1.0.0", manifestWithFirmware());

        device.update();

        assertThat(tree()).containsEntry(PycomDevice.RUNNING_SLOT, "half an im");
    }

    @Test
    void resetLeavesTheOldFirmwareRunning() throws IOException {
        write(PycomDevice.RUNNING_SLOT, "old image");
        answers.put("firmware_1.0.1.bin", ScriptedServer.cutBy(concat(head(100), ascii("half an im"))));
        offer("1.0.0", manifestWithFirmware());

        assertThatThrownBy(device::update).isInstanceOf(IOException.class);

        assertThat(tree()).containsEntry(PycomDevice.RUNNING_SLOT, "old image");
        assertThat(device.version()).isEqualTo("1.0.0");
    }

    @Test
    void emptyManifestOrAPageIsAnError() {
        offer("1.0.0", "");
        assertThatThrownBy(device::update).hasMessageContaining("empty");

        offer("1.0.0", "<html>404</html>");
        assertThatThrownBy(device::update).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void nothingAboveTheRootIsTouched() {
        offer("1.0.0", manifest(file("/../outside.py", "x"), "", ""));

        assertThatThrownBy(device::update).hasMessageContaining("not on the device");
    }

    private void offer(String version, String manifest) {
        serve("manifest.json?current_ver=" + version, manifest);
    }

    private void serve(String path, String content) {
        answers.put(path, ScriptedServer.body(ascii(content)));
    }

    private static String manifestWithFirmware() {
        return manifest("", "", "")
                .replace("\"version\"", "\"firmware\": " + target("firmware_1.0.1.bin", "image") + ", \"version\"");
    }

    private static String manifest(String added, String changed, String removed) {
        return "{\"new\": [%s], \"update\": [%s], \"delete\": [%s], \"version\": \"1.0.1\"}"
                .formatted(added, changed, removed);
    }

    private static String file(String path, String content) {
        return target("1.0.1" + path, content).replaceFirst("}", ", \"dst_path\": \"" + path + "\"}");
    }

    private static String target(String path, String content) {
        String hash = Digest.ofContent(Digest.Algorithm.SHA1, ascii(content)).hex();
        return "{\"URL\": \"http://elsewhere:1/%s\", \"hash\": \"%s\"}".formatted(path, hash);
    }

    private void write(String path, String content) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), content);
    }

    private SortedMap<String, String> tree() throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(path).toString(), Files.readString(path));
            }
        }
        return files;
    }
}
