package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.overair.manifest.Manifest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files of a device whose names are no text in the encoding of the JVM, so that it cannot say them. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "a file system that takes any bytes for a name")
class UnspeakableNamesTest {
    private static final Manifest RELEASE = Device.offer("2").file("main", "2").manifest();

    @TempDir
    Path folder;

    @Test
    void fileThatASlotCannotTakeOverIsRefusedBeforeAnythingIsFetched() throws Exception {
        Path root = deviceWith("data/caf\\351.csv");

        isRefused(root, "data/caf\uFFFD.csv");
    }

    @Test
    void soIsOneWhoseNameReadsLikeThatOfAnother() throws Exception {
        Path root = deviceWith("data/caf\\351.csv");
        Files.writeString(root.resolve("data/caf\uFFFD.csv"), "a real name, odd as it is");

        isRefused(root, "data/caf\uFFFD.csv");
    }

    private static void isRefused(Path root, String path) throws IOException {
        try (Installation installation =
                Installation.open(root, InstallationOptions.defaults().withLayout(Layout.SLOTS))) {
            assertThatThrownBy(() -> installation.begin(RELEASE))
                    .isInstanceOfSatisfying(
                            ConflictException.class,
                            conflict -> assertThat(conflict.path()).isEqualTo(path))
                    .hasMessageContaining("no text in the encoding of this JVM");
        }
        try (Stream<Path> names = Files.list(root)) {
            assertThat(names.map(root::relativize)).map(Path::toString).containsExactlyInAnyOrder(".ota", "data");
        }
    }

    @Test
    void inPlaceItIsLeftAlone() throws Exception {
        Path root = deviceWith("data/caf\\351.csv");

        try (Installation installation = Installation.open(root)) {
            Device.install(installation, RELEASE);
        }

        assertThat(root.resolve("main")).hasContent("2");
        try (Stream<Path> names = Files.list(root.resolve("data"))) {
            assertThat(names).hasSize(1);
        }
    }

    @Test
    void fileThatGoesWhileItIsLookedAtIsNoneOfThem() throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of("main", "1", "passing", "x"));
        Path passing = Device.ROOT.resolve("passing");
        FilePort port = new InterceptingPort(disk) {
            private boolean isGone;

            @Override
            void around(Operation operation, Call call) throws IOException {
                if (operation.kind() == Operation.Kind.STATUS
                        && operation.path().equals(passing)
                        && !isGone) {
                    isGone = true;
                    disk.unlink(passing);
                }
                call.run();
            }
        };
        Device device = new Device(any -> InstallationOptions.defaults().withLayout(Layout.SLOTS));

        device.update("u", RELEASE).on(port);

        Path slot =
                Device.ROOT.resolve(disk.status(Device.ROOT.resolve("current")).target());
        assertThat(disk.list(slot)).containsExactly("main");
    }

    @Test
    void updateInTheCLocaleLeavesThemAlone() throws Exception {
        Path root = UpdatingProgram.makeDevice(folder.resolve("device"));
        Files.createDirectories(root.resolve("été"));
        Files.writeString(root.resolve("été/é.py.bak"), "x");
        ProcessBuilder program = UpdatingProgram.prepared();
        program.environment().put("LC_ALL", "C");
        Process process = program.start();
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            process.getOutputStream().write(("update " + root + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();

            assertThat(answers.readLine()).isEqualTo(UpdatingProgram.APPLIED);
        } finally {
            process.destroyForcibly();
        }
        assertThat(root.resolve("flash/main.py")).hasContent("new main!");
        assertThat(root.resolve("été/é.py.bak")).hasContent("x");
    }

    private Path deviceWith(String path) throws Exception {
        assumeTrue(StandardCharsets.UTF_8.name().equals(System.getProperty("sun.jnu.encoding")), "names are UTF-8");
        Path root = Files.createDirectories(folder.resolve("device"));
        Files.createDirectory(root.resolve("data"));
        Process touch =
                new ProcessBuilder("sh", "-c", "touch \"$1/$(printf '" + path + "')\"", "sh", root.toString()).start();
        assertThat(touch.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(touch.exitValue()).isZero();
        return root;
    }
}
