package io.overair.examples.pycom;

import static io.overair.examples.pycom.Answers.ascii;
import static io.overair.examples.pycom.Answers.concat;
import static io.overair.examples.pycom.Answers.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.examples.pycom.DamagedImages.Damage;
import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server sends reaches devices with the Pycom client whole, or not at all. */
@Timeout(300)
class OldDevicesTest {
    private static final int CLIENTS = 8;
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    @TempDir
    private Path directory;

    @Test
    void filesAndImagesOfEverySizeArriveWholeAtEightClientsAtOnce() throws Exception {
        Map<String, byte[]> served = new HashMap<>();
        for (int size = 0; size <= 1000; size++) {
            served.put("1.0.0/flash/" + size, random(size));
            served.put("firmware_1." + size + ".bin", random(size + 2000));
        }

        try (OtaServer server = serve(ReleaseRepository.inMemory(served))) {
            atOnce(() -> {
                for (Map.Entry<String, byte[]> file : served.entrySet()) {
                    assertThat(get(server, file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {64 * KIB - 1, 64 * KIB, 64 * KIB + 1, MIB - 1, MIB, MIB + 1, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1})
    void largeFilesAndImagesFromDiskArriveWhole(int size) throws IOException {
        write("1.0.0/flash/large", random(size));
        write("firmware_1.0.0.bin", random(size));

        try (OtaServer server = serve(ReleaseRepository.inDirectory(directory))) {
            assertThat(get(server, "1.0.0/flash/large")).isEqualTo(random(size));
            assertThat(get(server, "firmware_1.0.0.bin")).isEqualTo(random(size));
        }
    }

    @Test
    void contentThatLooksLikeTheEndOfAHeadArrivesWhole() throws IOException {
        byte[] blankLines = ascii("\r\n\r\n".repeat(100));
        byte[] blankLineInTheMiddle = concat(ascii("a\r\n\r\nb"), random(300));
        Map<String, byte[]> served = Map.of("1.0.0/a", blankLines, "1.0.0/b", blankLineInTheMiddle);

        try (OtaServer server = serve(ReleaseRepository.inMemory(served))) {
            assertThat(get(server, "1.0.0/a")).isEqualTo(blankLines);
            assertThat(get(server, "1.0.0/b")).isEqualTo(blankLineInTheMiddle);
        }
    }

    @Test
    void eightDevicesUpdateAtOnce() throws Exception {
        Map<String, byte[]> served = new HashMap<>();
        served.put("1.0.0/flash/main.py", ascii("old"));
        for (int size = 0; size <= 200; size++) {
            served.put("1.0.1/flash/" + size + ".bin", random(size));
        }
        served.put("firmware_1.0.1.bin", random(300 * KIB + 1));

        try (OtaServer server = serve(ReleaseRepository.inMemory(served))) {
            atOnce(() -> {
                Path root = Files.createTempDirectory(directory, "device");
                Files.createDirectory(root.resolve("flash"));
                Files.writeString(root.resolve("flash/main.py"), "old");

                assertThat(device(root, server).update()).contains("1.0.1");

                for (int size = 0; size <= 200; size++) {
                    assertThat(root.resolve("flash/" + size + ".bin")).hasBinaryContent(random(size));
                }
                assertThat(root.resolve("flash/main.py.bak_del")).hasContent("old");
                assertThat(root.resolve(PycomDevice.RUNNING_SLOT)).hasBinaryContent(random(300 * KIB + 1));
                assertThat(device(root, server).update()).isEmpty();
            });
        }
    }

    @Test
    void imageThatCannotBeServedLeavesTheDeviceOnItsOldOne() throws IOException {
        Path root = deviceWithFirmware("old image");
        Map<String, byte[]> served = Map.of("1.0.1/flash/main.py", ascii("new"), "firmware_1.0.1.bin", random(500));

        try (OtaServer server = serve(new DamagedImages(ReleaseRepository.inMemory(served), Damage.MISSING))) {
            assertThatThrownBy(() -> device(root, server).update()).isInstanceOf(SocketException.class);
        }

        assertThat(root.resolve(PycomDevice.RUNNING_SLOT)).hasContent("old image");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 200 * KIB})
    void imageCutShortLeavesTheDeviceOnItsOldOne(int size) throws IOException {
        Path root = deviceWithFirmware("old image");
        write("releases/1.0.1/flash/main.py", ascii("new"));
        write("releases/firmware_1.0.1.bin", random(size));
        ReleaseRepository releases = ReleaseRepository.inDirectory(directory.resolve("releases"));

        try (OtaServer server = serve(new DamagedImages(releases, Damage.CUT_SHORT))) {
            assertThatThrownBy(() -> device(root, server).update()).isInstanceOf(SocketException.class);
        }

        assertThat(root.resolve(PycomDevice.RUNNING_SLOT)).hasContent("old image");
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void atOnce(Work work) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> all = new ArrayList<>();
            IntStream.range(0, CLIENTS)
                    .forEach(i -> all.add(clients.submit(() -> {
                        work.run();
                        return i;
                    })));
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private static OtaServer serve(ReleaseRepository repository) throws IOException {
        return OtaServer.builder(OtaHandler.of(repository))
                .bind("127.0.0.1")
                .port(0)
                .start();
    }

    private static byte[] get(OtaServer server, String path) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        new PycomClient("127.0.0.1", server.address().getPort()).get(path, body);
        return body.toByteArray();
    }

    private static PycomDevice device(Path root, OtaServer server) {
        return new PycomDevice(
                root, new PycomClient("127.0.0.1", server.address().getPort()));
    }

    private Path deviceWithFirmware(String image) throws IOException {
        Path root = Files.createTempDirectory(directory, "device");
        Files.createDirectory(root.resolve("flash"));
        Files.writeString(root.resolve(PycomDevice.RUNNING_SLOT), image);
        return root;
    }

    private void write(String path, byte[] content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }
}
