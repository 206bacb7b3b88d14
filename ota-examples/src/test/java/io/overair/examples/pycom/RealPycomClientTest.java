package io.overair.examples.pycom;

import static io.overair.examples.pycom.Answers.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.examples.pycom.DamagedImages.Damage;
import io.overair.examples.pycom.RealPycomDevice.Outcome;
import io.overair.manifest.Digest;
import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real Pycom client, run by MicroPython, updates devices from our server without loss: see CONTRIBUTING.md. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealPycomClientTest {
    private static final int[] SIZES = {0, 1, 99, 100, 101, 1000, 70_000};
    private static final int IMAGE_BYTES = 200_001;
    private static final int RUNS = 20;
    private static final int DEVICES = 8;
    private static final int ROUNDS = 5;

    @TempDir
    private Path directory;

    private Path releases;

    /** The two releases of the example itself, with the real client in both, and files of every kind and size. */
    @BeforeEach
    void layOutReleases() throws IOException, InterruptedException {
        Path example = RealPycom.folder();
        RealPycom.microPython();
        releases = directory.resolve("releases");
        copyTree(example.resolve("1.0.0"), releases.resolve("1.0.0"));
        copyTree(example.resolve("1.0.1"), releases.resolve("1.0.1"));
        write("1.0.0/flash/kept.bin", random(500));
        write("1.0.1/flash/kept.bin", random(500));
        write("1.0.0/flash/changed.py", "# é\n".repeat(300).getBytes(UTF_8));
        write("1.0.1/flash/changed.py", "# ü\n".repeat(301).getBytes(UTF_8));
        write("1.0.1/flash/new.py", "# ö\n".repeat(302).getBytes(UTF_8));
        write("1.0.0/flash/gone.py", "# gone\n".getBytes(UTF_8));
        for (int size : SIZES) {
            write("1.0.0/flash/gone-" + size + ".bin", random(size));
            write("1.0.0/flash/changed-" + size + ".bin", random(size + 7));
            write("1.0.1/flash/changed-" + size + ".bin", random(size));
            write("1.0.1/flash/new-" + size + ".bin", random(size));
        }
        write("firmware_1.0.1.bin", random(IMAGE_BYTES));
    }

    @Test
    void updatesOneAfterAnotherLoseNothing() throws Exception {
        try (OtaServer server = serve(ReleaseRepository.inDirectory(releases))) {
            for (int run = 0; run < RUNS; run++) {
                updateWithoutLoss(server);
            }
        }
    }

    @Test
    void devicesThatUpdateAtOnceLoseNothing() throws Exception {
        ExecutorService devices = Executors.newFixedThreadPool(DEVICES);
        try (OtaServer server = serve(ReleaseRepository.inDirectory(releases))) {
            Callable<Void> rounds = () -> {
                for (int round = 0; round < ROUNDS; round++) {
                    updateWithoutLoss(server);
                }
                return null;
            };

            for (Future<Void> done : devices.invokeAll(Collections.nCopies(DEVICES, rounds))) {
                done.get();
            }
        } finally {
            devices.shutdownNow();
        }
    }

    private void updateWithoutLoss(OtaServer server) throws IOException, InterruptedException {
        RealPycomDevice device = device();

        assertThat(device.update(server.address().getPort()))
                .as(device.messages())
                .isEqualTo(Outcome.RESTARTED);

        assertThat(tree(device.root())).isEqualTo(updatedTree());
        assertThat(device.update(server.address().getPort()))
                .as(device.messages())
                .isEqualTo(Outcome.UP_TO_DATE);
    }

    @Test
    void simulatedDeviceEndsWithTheSameTree() throws Exception {
        RealPycomDevice real = device();
        Path simulated = device().root();

        try (OtaServer server = serve(ReleaseRepository.inDirectory(releases))) {
            real.update(server.address().getPort());
            simulatedDevice(simulated, server).update();
        }

        assertThat(tree(simulated)).isEqualTo(tree(real.root()));
    }

    @Test
    void imageThatCannotBeServedIsNeverActivated() throws Exception {
        imageIsNeverActivated(Damage.MISSING);
    }

    @Test
    void imageCutShortIsNeverActivated() throws Exception {
        imageIsNeverActivated(Damage.CUT_SHORT);
    }

    private void imageIsNeverActivated(Damage damage) throws IOException, InterruptedException {
        RealPycomDevice real = device();
        Path simulated = device().root();

        try (OtaServer server = serve(new DamagedImages(ReleaseRepository.inDirectory(releases), damage))) {
            assertThat(real.update(server.address().getPort()))
                    .as(real.messages())
                    .isEqualTo(Outcome.FAILED);
            assertThatThrownBy(() -> simulatedDevice(simulated, server).update())
                    .isInstanceOf(SocketException.class);
        }

        for (Path device : List.of(real.root(), simulated)) {
            assertThat(device.resolve(PycomDevice.RUNNING_SLOT)).hasContent("old image");
            assertThat(device.resolve("flash/OTA_VERSION.py")).doesNotExist();
        }
        assertThat(real.messages()).contains("Requesting: firmware_1.0.1.bin").contains("ECONNRESET");
    }

    /** The control: what must arrive from the real server too does, through the same interpreter and modules. */
    @Test
    void realServerDeliversPlainText() throws Exception {
        Path plain = exampleAlone();
        RealPycomDevice device = device();

        try (RealPycomServer server = RealPycomServer.start(plain)) {
            assertThat(device.update(server.port())).as(device.messages()).isEqualTo(Outcome.RESTARTED);
        }

        assertThat(tree(device.root())).containsAllEntriesOf(tree(plain.resolve("1.0.1")));
    }

    /** A control as well. Whether binary files arrive is a matter of time, so this counts and demands little. */
    @Test
    void whatTheRealServerDeliversOfBinaryFilesIsWholeIfTheClientSaysSo() throws Exception {
        Path mixed = exampleAlone();
        for (int size : new int[] {99, 1000, 70_000}) {
            Files.write(mixed.resolve("1.0.1/flash/new-" + size + ".bin"), random(size));
        }
        int failed = 0;

        try (RealPycomServer server = RealPycomServer.start(mixed)) {
            for (int run = 0; run < RUNS; run++) {
                RealPycomDevice device = device();
                if (device.update(server.port()) == Outcome.RESTARTED) {
                    assertThat(tree(device.root())).containsAllEntriesOf(tree(mixed.resolve("1.0.1")));
                } else {
                    failed++;
                }
            }
        }

        System.out.println(failed + " of " + RUNS + " updates with binary files from the real Pycom server failed");
    }

    /** The releases of the example as they are, which hold nothing but ASCII. */
    private Path exampleAlone() throws IOException {
        Path alone = Files.createDirectories(directory.resolve("alone/releases"));
        copyTree(RealPycom.folder().resolve("1.0.0"), alone.resolve("1.0.0"));
        copyTree(RealPycom.folder().resolve("1.0.1"), alone.resolve("1.0.1"));
        return alone;
    }

    /** What a device on 1.0.0 must look like after its update. */
    private SortedMap<String, String> updatedTree() throws IOException {
        SortedMap<String, String> before = tree(releases.resolve("1.0.0"));
        SortedMap<String, String> after = tree(releases.resolve("1.0.1"));
        SortedMap<String, String> updated = new TreeMap<>(after);
        for (Map.Entry<String, String> file : before.entrySet()) {
            if (!after.containsKey(file.getKey())) {
                updated.put(file.getKey() + ".bak_del", file.getValue());
            } else if (!after.get(file.getKey()).equals(file.getValue())) {
                updated.put(file.getKey() + ".bak", file.getValue());
            }
        }
        updated.put("flash/OTA_VERSION.py", fingerprint("VERSION = '1.0.1'".getBytes(UTF_8)));
        updated.put(PycomDevice.RUNNING_SLOT, fingerprint(random(IMAGE_BYTES)));
        return updated;
    }

    private static SortedMap<String, String> tree(Path root) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(path).toString(), fingerprint(Files.readAllBytes(path)));
            }
        }
        return files;
    }

    private static String fingerprint(byte[] content) {
        byte[] digest = Digest.Algorithm.SHA256.newMessageDigest().digest(content);
        return content.length + " bytes, "
                + Digest.of(Digest.Algorithm.SHA256, digest).hex();
    }

    private RealPycomDevice device() throws IOException {
        Path root = Files.createTempDirectory(directory, "device");
        copyTree(releases.resolve("1.0.0"), root);
        Files.writeString(root.resolve(PycomDevice.RUNNING_SLOT), "old image");
        return new RealPycomDevice(root);
    }

    private static PycomDevice simulatedDevice(Path root, OtaServer server) {
        return new PycomDevice(
                root, new PycomClient("127.0.0.1", server.address().getPort()));
    }

    private static OtaServer serve(ReleaseRepository repository) throws IOException {
        return OtaServer.builder(OtaHandler.of(repository))
                .bind("127.0.0.1")
                .port(0)
                .start();
    }

    private void write(String path, byte[] content) throws IOException {
        Files.write(releases.resolve(path), content);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            }
        }
    }
}
