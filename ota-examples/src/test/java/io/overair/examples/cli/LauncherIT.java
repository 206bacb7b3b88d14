package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.overair.examples.pycom.PycomClient;
import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.jdk.JdkHttpAdapter;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher at the top of the repository and the jar it runs, as real processes. */
@Timeout(120)
class LauncherIT {
    private static final Path LAUNCHER = Path.of("../ota").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    /** The launcher would build the jar again, inside this very build, if a source were newer. */
    @BeforeEach
    void jarIsNewerThanItsSources() throws IOException {
        Files.setLastModifiedTime(Path.of("target/ota.jar"), FileTime.from(Instant.now()));
    }

    @Test
    void helpAndVersionAreResults() throws Exception {
        assertThat(run("--help")).satisfies(help -> {
            assertThat(help.exitStatus()).isZero();
            assertThat(help.out()).startsWith("Usage: ota");
            assertThat(help.err()).isEmpty();
        });
        assertThat(run("--version").out()).startsWith("ota ");
    }

    @Test
    void exitStatusIsTheCommands() throws Exception {
        assertThat(run("--nonsense").exitStatus()).isEqualTo(2);
        assertThat(run("manifest", "--root", "missing").exitStatus()).isEqualTo(3);
    }

    @Test
    void demoWorksFromAnywhere() throws Exception {
        Invocation demo = run("demo", "-q");

        assertThat(demo.exitStatus()).isZero();
        assertThat(demo.out()).startsWith("Updated 1.0.0 -> 1.0.1");
    }

    @Test
    void rootIsTheWorkingDirectoryAndNamesMayHoldBlanksAndAccents() throws Exception {
        Files.createDirectories(directory.resolve("1.0.0/flash"));
        Files.writeString(directory.resolve("1.0.0/flash/é b.py"), "x");

        assertThat(run("manifest").out()).contains("/1.0.0/flash/%C3%A9%20b.py", "/flash/\\u00e9 b.py");
    }

    @Test
    void launcherIsFoundThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("a link"), LAUNCHER);

        assertThat(run(new ProcessBuilder(link.toString(), "--version")).out()).startsWith("ota ");
    }

    @Test
    void serverSaysWhereItListensAndEndsInGoodOrder() throws Exception {
        DemoFiles.makeServerDirectory(directory);
        Process serve = new ProcessBuilder(LAUNCHER.toString(), "serve", "--bind", "127.0.0.1", "--port", "0")
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = serve.inputReader(StandardCharsets.UTF_8)) {
            String listening = out.readLine();
            assertThat(listening).matches("listening on http://127\\.0\\.0\\.1:\\d+");
            int port = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));

            ByteArrayOutputStream body = new ByteArrayOutputStream();
            new PycomClient("127.0.0.1", port).get("firmware_1.0.1.bin", body);
            // Not destroy() of the process itself, which would close its output too.
            serve.toHandle().destroy();

            assertThat(body.toByteArray()).isEqualTo(Files.readAllBytes(directory.resolve("firmware_1.0.1.bin")));
            assertThat(out.readLine()).endsWith("\"GET /firmware_1.0.1.bin HTTP/1.0\" 200 262151");
            assertThat(serve.waitFor()).isZero();
        } finally {
            serve.destroyForcibly();
        }
    }

    @Test
    void serverTellsWhatIsLeftOutOfAnyRelease() throws Exception {
        DemoFiles.makeServerDirectory(directory);
        Files.createSymbolicLink(directory.resolve("1.0.0/flash/stray.py"), Path.of("nowhere"));
        Process serve = new ProcessBuilder(LAUNCHER.toString(), "serve", "--bind", "127.0.0.1", "--port", "0")
                .directory(directory.toFile())
                .start();
        try (BufferedReader err = serve.errorReader(StandardCharsets.UTF_8)) {
            assertThat(err.readLine()).isEqualTo("warning: left out of 1.0.0: flash/stray.py: a link to nothing");
        } finally {
            serve.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "none, true"})
    void connectionsOfAPeerAreLimitedAsTheVariableSays(String most, boolean answersTheSecond) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString(), "serve", "--bind", "127.0.0.1", "--port", "0")
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OTA_CONNECTIONS_PER_PEER", most);
        Process serve = builder.start();
        try (BufferedReader out = serve.inputReader(StandardCharsets.UTF_8)) {
            String listening = out.readLine();
            int port = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));

            // The second is opened when the first is known to have been admitted: two threads accept.
            try (Socket first = new Socket("127.0.0.1", port)) {
                assertThat(isAnswered(first)).isTrue();
                try (Socket second = new Socket("127.0.0.1", port)) {
                    assertThat(isAnswered(second)).isEqualTo(answersTheSecond);
                }
            }
        } finally {
            serve.destroyForcibly();
        }
    }

    @Test
    void serverWhoseOutputNobodyReadsServesAndEnds() throws Exception {
        DemoFiles.makeServerDirectory(directory);
        Process serve = new ProcessBuilder(LAUNCHER.toString(), "serve", "--bind", "127.0.0.1", "--port", "0")
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream out = serve.getInputStream()) {
            String listening = firstLine(out);
            // More than a pipe and the buffers on both of its ends hold.
            String target = "/" + "x".repeat(1000);
            for (int i = 0; i < 300; i++) {
                URI uri = URI.create(listening.substring("listening on ".length()) + target);
                HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
                connection.setReadTimeout(30_000);
                assertThat(connection.getResponseCode()).isEqualTo(404);
            }

            serve.toHandle().destroy();

            assertThat(serve.toHandle().onExit().get(30, TimeUnit.SECONDS)).isNotNull();
        } finally {
            serve.destroyForcibly();
        }
    }

    @Test
    void updateWhoseReaderHasGoneIsMadeToItsEnd() throws Exception {
        DemoFiles.makeServerDirectory(directory.resolve("server"));
        DemoFiles.makeDevice(directory.resolve("device"));
        String update =
                "{ '%s' update --server server --device device --skip-firmware --json; echo $? > status; } | head -n 1"
                        .formatted(LAUNCHER);

        Invocation all = run(new ProcessBuilder("sh", "-c", update));

        assertThat(all.out()).startsWith("{\"schema\":1,\"type\":\"offered\"");
        assertThat(all.err()).doesNotContain("error", "could not");
        assertThat(directory.resolve("status")).hasContent("0");
        assertThat(directory.resolve("device/flash/OTA_VERSION.py")).content().startsWith("VERSION = '1.0.1'");
    }

    /** Opens the installation twice, so that twice somebody wants to see to an orderly end. */
    @Test
    void updateThatTookAReleaseBackEnds() throws Exception {
        DemoFiles.makeServerDirectory(directory.resolve("server"));
        DemoFiles.makeDevice(directory.resolve("device"));

        Invocation update = run(new ProcessBuilder(
                LAUNCHER.toString(),
                "update",
                "--server",
                "server",
                "--device",
                "device",
                "--skip-firmware",
                "--deadline",
                "300ms",
                "--restart",
                "true",
                "--health",
                "false"));

        assertThat(update.exitStatus()).isEqualTo(41);
        assertThat(update.out()).endsWith("rolled back  1.0.1 -> 1.0.0\n");
    }

    @Test
    void demoSaysHowToGoOnWithTheLauncher() throws Exception {
        ProcessBuilder demo = new ProcessBuilder(LAUNCHER.toString(), "demo", "-q", "--keep");
        demo.environment().put("JAVA_OPTS", "-Djava.io.tmpdir=" + Files.createDirectories(directory));

        assertThat(run(demo).out()).contains("    " + LAUNCHER + " update --server " + directory);
    }

    @Test
    void updateThatIsToldToEndStopsAndCanGoOn() throws Exception {
        Path served = directory.resolve("server");
        Path device = directory.resolve("device");
        DemoFiles.makeServerDirectory(served);
        DemoFiles.makeDevice(device);
        CountDownLatch halfOfTheImageIsSent = new CountDownLatch(1);
        CountDownLatch processHasEnded = new CountDownLatch(1);
        HttpHandler releases = JdkHttpAdapter.of(OtaHandler.of(ReleaseRepository.inDirectory(served)));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            if (!exchange.getRequestURI().getPath().endsWith(".bin")) {
                releases.handle(exchange);
                return;
            }
            byte[] image = Files.readAllBytes(served.resolve("firmware_1.0.1.bin"));
            exchange.sendResponseHeaders(200, image.length);
            exchange.getResponseBody().write(image, 0, image.length / 2);
            exchange.getResponseBody().flush();
            halfOfTheImageIsSent.countDown();
            try {
                processHasEnded.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
        Path err = directory.resolve("err");
        String[] update = {
            LAUNCHER.toString(),
            "update",
            "--server",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "--device",
            device.toString(),
            "--firmware-dir",
            directory.resolve("firmware").toString()
        };
        Process process = new ProcessBuilder(update)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(halfOfTheImageIsSent.await(60, TimeUnit.SECONDS)).isTrue();
            String during = run("status", "--device", device.toString()).out();

            process.destroy();

            assertThat(process.waitFor()).isEqualTo(130);
            assertThat(during).contains("another updater is at work: pid " + process.pid() + " (ota update)");
            assertThat(run("status", "--device", device.toString()).out()).doesNotContain("at work");
            assertThat(Files.readString(err))
                    .contains("error: OTA-INT-001 interrupted", "1.0.0 still runs. What has arrived is kept");
            assertThat(device.resolve("flash/lib/display.py")).exists();
        } finally {
            process.destroyForcibly();
            processHasEnded.countDown();
            server.stop(0);
        }
        update[3] = served.toString();
        assertThat(run(new ProcessBuilder(update)).out()).contains("verified     1 file, ", "applied      1.0.1");
    }

    private static boolean isAnswered(Socket client) throws IOException {
        client.setSoTimeout(30_000);
        try {
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return client.getInputStream().read() >= 0;
        } catch (SocketException reset) {
            return false;
        }
    }

    /** Without reading ahead, as a reader would. */
    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private Invocation run(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(args));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("LC_ALL", "C");
        return run(process);
    }

    private Invocation run(ProcessBuilder builder) throws Exception {
        Path out = Files.createTempFile("ota", ".out");
        Path err = Files.createTempFile("ota", ".err");
        try {
            Path working = Files.createDirectories(directory);
            Process process = builder.directory(working.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Invocation(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
