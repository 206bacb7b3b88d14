package io.overair.examples.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server in a process of its own, on a port of 127.0.0.1. It answers once it is made; closing ends it. */
final class ServerProcess implements Closeable {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final String name;
    private final Process process;
    private final int port;

    private ServerProcess(String name, Process process, int port) {
        this.name = name;
        this.process = process;
        this.port = port;
    }

    /** This library's, in a JVM with {@code flags}. */
    static ServerProcess overair(Path root, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>(java());
        command.addAll(flags);
        command.addAll(List.of(BenchServer.class.getName(), root.toString()));
        Process process = Children.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
        String firstLine = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
        if (firstLine == null) {
            throw new IOException("the server ended at once");
        }
        return new ServerProcess("Overair", process, Integer.parseInt(firstLine)).ready();
    }

    /** The command that starts a Java program of this benchmark, up to the name of its main class. */
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"));
    }

    /** nginx as it serves static files best; {@code manifest} is a file it gives for {@code /manifest.json}. */
    static ServerProcess nginx(String program, Path root, Path manifest, Path work) throws IOException {
        int port = freePort();
        Files.createDirectories(work);
        Path configuration = Files.writeString(work.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                events { worker_connections 4096; }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    open_file_cache max=1000 inactive=1h;
                    keepalive_requests 1000000000;
                    default_type application/octet-stream;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    server {
                        listen 127.0.0.1:%d;
                        root "%s";
                        location = /manifest.json { alias "%s"; default_type application/json; }
                    }
                }
                """.formatted(port, root, manifest));
        ProcessBuilder command =
                new ProcessBuilder(program, "-p", work.toString(), "-c", configuration.toString(), "-e", "error.log");
        return new ServerProcess("nginx", Children.start(quiet(command, work)), port).ready();
    }

    /** The Pycom server: a copy of its script on a free port instead of 8000, started in {@code root}. */
    static ServerProcess pycom(Path script, Path root, Path work) throws IOException {
        int port = freePort();
        Files.createDirectories(work);
        String moved = Files.readString(script)
                .replace("PORT = 8000", "PORT = " + port)
                .replace("('', PORT)", "('127.0.0.1', PORT)");
        Path copy = Files.writeString(work.resolve("OTA_server.py"), moved);
        ProcessBuilder command =
                new ProcessBuilder("python3", "-W", "ignore", copy.toString()).directory(root.toFile());
        return new ServerProcess("Pycom server", Children.start(quiet(command, work)), port).ready();
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    BareClient client() {
        return new BareClient(port);
    }

    /** CPU time it has used so far. */
    Duration cpu() throws IOException {
        return ProcFs.cpu(process.pid());
    }

    /** The most memory it ever had in RAM, in MiB. */
    double peakMemory() throws IOException {
        return ProcFs.peakMemory(process.pid());
    }

    @Override
    public void close() {
        Children.end(process);
    }

    private ServerProcess ready() throws IOException {
        awaitConnection();
        return this;
    }

    /** Waits until it accepts a connection: the Pycom server's queue is full for a while after many clients. */
    void awaitConnection() throws IOException {
        long start = System.nanoTime();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(BareClient.loopback(port));
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() - start > LONGEST_WAIT.toNanos()) {
                    close();
                    throw new IOException(name + " accepts no connection", notYet);
                }
                Pause.of(Duration.ofMillis(20));
            }
        }
    }

    private static ProcessBuilder quiet(ProcessBuilder command, Path work) {
        File log = work.resolve("output.log").toFile();
        return command.redirectErrorStream(true).redirectOutput(log);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
