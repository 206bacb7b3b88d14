package io.overair.examples.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Measures the client beside a bare loop over OkHttp, curl and rsync, each of which brings 1,076 changed files to a device
 * of 10,000, and prints a report.
 *
 * <p>Arguments: the folder to work in and to leave {@code client.md} in; how many rounds.
 */
public final class ClientBench {
    private static final int FILES = 10_000;
    private static final int CHANGED = 1_000;
    private static final int ADDED = 76;

    private static final List<String> JVM = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final List<String> SMALL_JVM = List.of("-Xmx24m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final String BARE = "bare OkHttp loop, no safety";
    private static final String SAFE = "Overair";
    private static final String UNFORCED = "Overair, waiting for no disk";
    private static final String CURL = "curl, one connection, + sha256sum, no safety";
    private static final String RSYNC = "rsync -rt from a local folder, no safety";

    /** One update: what it took, in seconds, and the peak memory in MiB where that is known. */
    private record Run(double cpu, double wall, double memory) {}

    private interface Contestant {
        /** Updates the device; what it prints is its peak memory, or nothing. */
        String update() throws IOException, InterruptedException;
    }

    private final Path work;
    private final Path releases;
    private final Path device;
    private final Map<String, List<Run>> runs = new LinkedHashMap<>();
    private final Report report = new Report();

    private ClientBench(Path work) {
        this.work = work;
        this.releases = work.resolve("releases");
        this.device = work.resolve("device");
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        ClientBench bench =
                new ClientBench(Files.createDirectories(Path.of(args[0]).toAbsolutePath()));
        try {
            bench.run(Integer.parseInt(args[1]));
        } finally {
            bench.delete(bench.releases);
            bench.delete(bench.device);
        }
        new PrintStream(System.out, true, "UTF-8").println(bench.report);
        Files.writeString(bench.work.resolve("client.md"), bench.report.toString());
    }

    private void run(int rounds) throws IOException, InterruptedException {
        fillReleases();
        try (ServerProcess server = ServerProcess.overair(releases, List.of("-Xmx256m", "-XX:+UseSerialGC"))) {
            String url = "http://127.0.0.1:" + server.port();
            Path files = listForCurl(server);
            Map<String, Contestant> contestants = new LinkedHashMap<>();
            contestants.put(BARE, () -> client("bare", url));
            contestants.put(SAFE, () -> client("safe", url));
            contestants.put(UNFORCED, () -> client("unforced", url));
            contestants.put(CURL, () -> curl(files));
            contestants.put(RSYNC, this::rsync);
            for (int round = 0; round <= rounds; round++) {
                for (Map.Entry<String, Contestant> contestant : contestants.entrySet()) {
                    resetDevice();
                    Run run = measure(contestant.getValue());
                    checkDevice(contestant.getKey());
                    if (round > 0) { // the first one warmed caches and the server
                        runs.computeIfAbsent(contestant.getKey(), name -> new ArrayList<>())
                                .add(run);
                    }
                }
            }
        }
        reportRuns(rounds);
        reportMemory();
    }

    private Run measure(Contestant contestant) throws IOException, InterruptedException {
        Duration cpuBefore = ProcFs.cpuOfEndedChildren();
        long start = System.nanoTime();
        String printed = contestant.update().strip();
        double wall = (System.nanoTime() - start) / 1e9;
        double cpu = ProcFs.cpuOfEndedChildren().minus(cpuBefore).toMillis() / 1e3;
        return new Run(cpu, wall, printed.isEmpty() ? Double.NaN : Double.parseDouble(printed));
    }

    private String client(String kind, String url) throws IOException, InterruptedException {
        return Children.outputOf(java(JVM, kind, device.toString(), url));
    }

    private static ProcessBuilder java(List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>(ServerProcess.java());
        command.addAll(flags);
        command.add(UpdatingClient.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** Fetches into a folder beside the device, reads everything again to hash it, and puts it in place. */
    private String curl(Path files) throws IOException, InterruptedException {
        return Children.outputOf(new ProcessBuilder("sh", "-ec", """
                rm -rf staged
                curl -sf --create-dirs -K "$0"
                find staged -type f -print0 | xargs -0 -n 500 sha256sum >/dev/null
                cp -al --remove-destination staged/. device/
                rm -rf staged
                """, files.toString()).directory(work.toFile()));
    }

    /** From folder to folder, so without a network; both of its processes count. */
    private String rsync() throws IOException, InterruptedException {
        return Children.outputOf(new ProcessBuilder("rsync", "-rt", releases.resolve("1.0.1") + "/", device + "/"));
    }

    private void reportRuns(int rounds) {
        report.paragraph("%d rounds; 1,076 of 10,000 files, 31 of 256 MB; JVMs with %s. Median (smallest–largest)."
                .formatted(rounds, String.join(" ", JVM)));
        report.table("client", "CPU s", "x bare loop", "wall s", "peak memory MiB");
        runs.forEach((name, all) -> report.row(
                name,
                statistics(all, Run::cpu),
                Report.ratio(ratio(all, runs.getOrDefault(BARE, all), Run::cpu)),
                statistics(all, Run::wall),
                Double.isNaN(all.get(0).memory()) ? "" : statistics(all, Run::memory)));
        List<Run> safe = runs.getOrDefault(SAFE, List.of());
        report.table("what", "measured", "target");
        report.row(
                "CPU, against the bare loop of the same round",
                Report.ratio(ratio(safe, runs.getOrDefault(BARE, safe), Run::cpu)),
                "≤ 2");
        report.row(
                "time, against the same client that waits for no disk",
                Report.ratio(ratio(safe, runs.getOrDefault(UNFORCED, safe), Run::wall)),
                "≤ 1.6");
    }

    /** The median of the ratios of each round. */
    private static double ratio(List<Run> these, List<Run> those, ToDoubleFunction<Run> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < these.size(); round++) {
            ratios.add(figure.applyAsDouble(these.get(round)) / figure.applyAsDouble(those.get(round)));
        }
        return Statistics.of(ratios.stream()).median();
    }

    private static String statistics(List<Run> all, ToDoubleFunction<Run> figure) {
        Statistics figures = Statistics.of(all.stream().map(figure::applyAsDouble));
        return "%.2f (%.2f–%.2f)".formatted(figures.median(), figures.percentile(0), figures.max());
    }

    private void reportMemory() throws IOException, InterruptedException {
        double small = memoryForImage(64L << 20);
        double large = memoryForImage(1L << 30);
        report.row(
                "peak memory for an image of 64 MiB / 1 GiB, " + String.join(" ", SMALL_JVM),
                "%.0f / %.0f MiB, %+.1f %%".formatted(small, large, (large / small - 1) * 100),
                "≤ 96 MiB, < 10 % apart");
    }

    private double memoryForImage(long size) throws IOException, InterruptedException {
        Path root = work.resolve("image-" + size);
        try {
            Corpus.fillImage(root, size);
            delete(device);
            Files.createDirectories(device.resolve("flash"));
            Files.writeString(device.resolve("flash/OTA_VERSION.py"), "VERSION = '1.0.0'\n");
            try (ServerProcess server = ServerProcess.overair(root, List.of("-Xmx256m", "-XX:+UseSerialGC"))) {
                String url = "http://127.0.0.1:" + server.port();
                Path firmware = device.resolveSibling("firmware");
                try {
                    return Double.parseDouble(
                            Children.outputOf(java(SMALL_JVM, "firmware", device.toString(), url, firmware.toString()))
                                    .strip());
                } finally {
                    delete(firmware);
                }
            }
        } finally {
            delete(root);
        }
    }

    private void fillReleases() throws IOException {
        delete(releases);
        Random random = new Random(3);
        for (int file = 0; file < FILES; file++) {
            String name = "flash/d%02d/f%04d.bin".formatted(file / 100, file);
            Path before = releases.resolve("1.0.0").resolve(name);
            Path after = releases.resolve("1.0.1").resolve(name);
            Corpus.write(before, Corpus.bytes(random, random.nextInt(51_000)));
            if (file % (FILES / CHANGED) == 0) {
                Corpus.write(after, Corpus.bytes(random, random.nextInt(58_000)));
            } else {
                Files.createDirectories(after.getParent());
                Files.createLink(after, before);
            }
        }
        for (int file = 0; file < ADDED; file++) {
            Corpus.write(
                    releases.resolve("1.0.1/flash/new/f%02d.bin".formatted(file)),
                    Corpus.bytes(random, random.nextInt(58_000)));
        }
    }

    /** The device on 1.0.0. Its files are second names of the release's: no contestant writes into a file. */
    private void resetDevice() throws IOException, InterruptedException {
        delete(device);
        Children.outputOf(
                new ProcessBuilder("cp", "-al", releases.resolve("1.0.0").toString(), device.toString()));
        Files.writeString(device.resolve("flash/OTA_VERSION.py"), "VERSION = '1.0.0'\n");
        Children.outputOf(new ProcessBuilder("sync"));
    }

    /** A contestant that does not bring everything is not fast. */
    private void checkDevice(String name) throws IOException {
        try (Stream<Path> files = Files.walk(releases.resolve("1.0.1"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path brought = device.resolve(releases.resolve("1.0.1").relativize(file));
                if (Files.mismatch(file, brought) >= 0) {
                    throw new IOException(name + " did not bring " + file);
                }
            }
        }
    }

    /** A configuration for curl with every file that the manifest names. */
    private Path listForCurl(ServerProcess server) throws IOException {
        String manifest = new String(server.client().fetch("HTTP/1.0", Corpus.MANIFEST), UTF_8);
        StringBuilder list = new StringBuilder();
        String marker = "/1.0.1/";
        for (String line :
                manifest.lines().filter(text -> text.contains("\"URL\"")).toList()) {
            String url = line.substring(line.indexOf("http"), line.lastIndexOf('"'));
            String path = url.substring(url.indexOf(marker) + marker.length());
            list.append("url=%s%noutput=staged/%s%n".formatted(url, path));
        }
        return Files.writeString(work.resolve("files.curl"), list.toString());
    }

    private void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
