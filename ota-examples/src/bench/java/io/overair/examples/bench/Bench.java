package io.overair.examples.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures the server beside nginx and the Pycom server and prints a report.
 *
 * <p>Arguments: the folder to work in and to leave {@code report.md} in; how many rounds, how many seconds to measure
 * each server in each case of a round, how many seconds to warm it up, twice.
 */
public final class Bench {
    /** What the launcher runs the server with. */
    private static final List<String> THROUGHPUT_JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-Dio.netty.leakDetection.level=disabled");

    private static final List<String> MEMORY_JVM = List.of("-Xmx48m", "-XX:+UseSerialGC");

    /** What a small machine would use: the optimizing compiler needs some 30 MiB itself. */
    private static final List<String> SMALL_JVM = List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final Duration LONGEST_CUT = Duration.ofSeconds(30);

    /** Requests of which the latencies are told. */
    private static final int TIMED_REQUESTS = 200;

    /**
     * Requests that a server has answered before its latencies are judged. With fewer, the first request beside many
     * slow clients waits until all of these are accepted, by code that is still being compiled on the same processors:
     * that would be the latency of a JVM that starts.
     */
    private static final int WARM_UP_REQUESTS = 5000;

    private final Tools tools;
    private final Corpus corpus;
    private final Path work;
    private final int rounds;
    private final Duration duration;
    private final Duration warmUp;
    private final Report report = new Report();

    private Bench(Tools tools, Corpus corpus, Path work, int rounds, Duration duration, Duration warmUp) {
        this.tools = tools;
        this.corpus = corpus;
        this.work = work;
        this.rounds = rounds;
        this.duration = duration;
        this.warmUp = warmUp;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (!Tools.hasWrk()) {
            System.err.println("The benchmark needs wrk, and compares with nginx: apt-get install wrk nginx-light");
            System.exit(2);
        }
        Path work = Path.of(args[0]).toAbsolutePath();
        Corpus corpus = Corpus.in(work.resolve("corpus"));
        Bench bench = new Bench(
                Tools.find(),
                corpus,
                work,
                Integer.parseInt(args[1]),
                Duration.ofSeconds(Long.parseLong(args[2])),
                Duration.ofSeconds(Long.parseLong(args[3])));
        long errors;
        try {
            errors = bench.run();
        } finally {
            corpus.delete();
        }
        new PrintStream(System.out, true, "UTF-8").println(bench.report);
        Files.writeString(work.resolve("report.md"), bench.report.toString());
        if (errors > 0) {
            System.err.println(errors + " requests to Overair failed");
            System.exit(1);
        }
    }

    private long run() throws IOException, InterruptedException {
        describeMachine();
        long errors = throughput();
        report.table("what", "measured", "target");
        errors += memoryWithManyClients(MEMORY_JVM);
        errors += memoryWithManyClients(SMALL_JVM);
        memoryByImageSize();
        slowClients(80);
        slowClients(1000);
        slowClientsOfNewServer(1000);
        pycomWithOneSilentClient();
        if (tools.openssl().isPresent()) {
            Indexing.report(report, corpus.large().resolve("1.0.1"), rounds);
        }
        return errors;
    }

    private void describeMachine() {
        report.paragraph(
                "%d rounds of %d s; %d processors (%s), Linux %s, Java %s. Median (smallest–largest). Client and servers share the"
                                .formatted(
                                        rounds,
                                        duration.toSeconds(),
                                        Runtime.getRuntime().availableProcessors(),
                                        System.getProperty("os.arch"),
                                        System.getProperty("os.version"),
                                        System.getProperty("java.version"))
                        + " processors.");
    }

    private long throughput() throws IOException, InterruptedException {
        List<ServerProcess> small = new ArrayList<>();
        List<ServerProcess> large = new ArrayList<>();
        try {
            start(small, corpus.small(), work.resolve("small"));
            start(large, corpus.large(), work.resolve("large"));
            Throughput throughput = new Throughput(List.of(
                    new Throughput.Case("manifest", Corpus.MANIFEST, 64, small),
                    new Throughput.Case("1 KB file", Corpus.FILE_1_KB, 64, small),
                    new Throughput.Case("64 KB file", Corpus.FILE_64_KB, 64, small),
                    new Throughput.Case("10 MB file", Corpus.FILE_10_MB, 4, small),
                    new Throughput.Case("manifest, 10,000 files", Corpus.MANIFEST, 4, large)));
            throughput.run(rounds, warmUp, duration);
            throughput.report(report);
            long errors = throughput.errorsOf("Overair");
            report.paragraph(
                    "Failed requests: Overair %d, nginx %d. Of the Pycom server wrk cannot tell: its answers have no length."
                            .formatted(errors, throughput.errorsOf("nginx")));
            return errors;
        } finally {
            small.forEach(ServerProcess::close);
            large.forEach(ServerProcess::close);
        }
    }

    /** All servers over the files in {@code root}; nginx gives the manifest that ours made. */
    private void start(List<ServerProcess> started, Path root, Path work) throws IOException {
        ServerProcess overair = ServerProcess.overair(root, THROUGHPUT_JVM);
        started.add(overair);
        Files.createDirectories(work);
        Path manifest = work.resolve("manifest.json");
        Files.write(manifest, overair.client().fetch("HTTP/1.0", Corpus.MANIFEST));
        Optional<String> nginx = tools.nginx();
        if (nginx.isPresent()) {
            started.add(ServerProcess.nginx(nginx.get(), root, manifest, work.resolve("nginx")));
        }
        Optional<Path> pycom = tools.pycomServer();
        if (pycom.isPresent()) {
            started.add(ServerProcess.pycom(pycom.get(), root, work.resolve("pycom")));
        }
    }

    private long memoryWithManyClients(List<String> flags) throws IOException, InterruptedException {
        try (ServerProcess server = ServerProcess.overair(corpus.small(), flags)) {
            long errors = 0;
            for (String path : List.of(Corpus.MANIFEST, Corpus.FILE_64_KB, Corpus.MANIFEST, Corpus.FILE_64_KB)) {
                errors += Wrk.run(server.url(path), 512, duration).errors();
            }
            report.row(
                    "peak memory with 512 clients that keep asking for a manifest and a 64 KB file, "
                            + String.join(" ", flags),
                    "%.0f MiB, %d errors".formatted(server.peakMemory(), errors),
                    "≤ 96 MiB");
            return errors;
        }
    }

    private void memoryByImageSize() throws IOException {
        double peak64MiB = memoryWhileServing(corpus.image64MiB(), 64L << 20);
        double peak1GiB = memoryWhileServing(corpus.image1GiB(), 1L << 30);
        report.row(
                "peak memory while an image of 64 MiB / 1 GiB is hashed and sent, by HTTP/1.0 and 1.1, "
                        + String.join(" ", MEMORY_JVM),
                "%.0f / %.0f MiB, %+.1f %%".formatted(peak64MiB, peak1GiB, (peak1GiB / peak64MiB - 1) * 100),
                "< 10 % apart");
    }

    private static double memoryWhileServing(Path root, long size) throws IOException {
        try (ServerProcess server = ServerProcess.overair(root, MEMORY_JVM)) {
            BareClient client = server.client();
            client.fetch("HTTP/1.0", "/manifest.json?current_ver=1.0.0");
            for (String protocol : List.of("HTTP/1.0", "HTTP/1.1")) {
                long got = client.measure(protocol, Corpus.IMAGE);
                if (got != size) {
                    throw new IOException("%s brought %d bytes of an image of %d".formatted(protocol, got, size));
                }
            }
            return server.peakMemory();
        }
    }

    private void slowClients(int count) throws IOException {
        try (ServerProcess server = ServerProcess.overair(corpus.small(), THROUGHPUT_JVM)) {
            latencies(server, WARM_UP_REQUESTS);
            Statistics alone = latencies(server, TIMED_REQUESTS);
            try (SlowClients slow = SlowClients.halfSent(server.port(), count)) {
                Statistics beside = latencies(server, TIMED_REQUESTS);
                int open = slow.stillOpen();
                Duration cut = slow.cutAllWithin(LONGEST_CUT);
                report.row(
                        "manifest for a healthy client beside %,d half-sent requests (%,d open at the end)"
                                .formatted(count, open),
                        compared(beside, alone),
                        "< 50 ms later");
                report.row(
                        "time until all %,d are cut".formatted(count),
                        slow.stillOpen() == 0
                                ? "%.1f s".formatted(cut.toMillis() / 1e3)
                                : slow.stillOpen() + " never are",
                        "≤ 15 s");
            }
        }
    }

    /** What a server that has just been started makes of as many clients at once; nothing is asked of it. */
    private void slowClientsOfNewServer(int count) throws IOException {
        try (ServerProcess server = ServerProcess.overair(corpus.small(), THROUGHPUT_JVM)) {
            Statistics alone = latencies(server, TIMED_REQUESTS);
            try (SlowClients slow = SlowClients.halfSent(server.port(), count)) {
                Statistics beside = latencies(server, TIMED_REQUESTS);
                report.row(
                        "manifest for a healthy client beside %,d half-sent requests (%,d open at the end), %d requests after the server's start"
                                .formatted(count, slow.stillOpen(), TIMED_REQUESTS),
                        compared(beside, alone),
                        "");
            }
        }
    }

    private static Statistics latencies(ServerProcess server, int requests) throws IOException {
        List<Double> seconds = new ArrayList<>();
        for (int request = 0; request < requests; request++) {
            seconds.add(server.client()
                            .time("HTTP/1.0", Corpus.MANIFEST, LONGEST_CUT)
                            .toNanos()
                    / 1e9);
        }
        return Statistics.of(seconds.stream());
    }

    private static String compared(Statistics beside, Statistics alone) {
        return "median %s ms, 99 %% %s ms, max %s ms; without them %s, %s, %s ms"
                .formatted(
                        milliseconds(beside.median()),
                        milliseconds(beside.percentile(99)),
                        milliseconds(beside.max()),
                        milliseconds(alone.median()),
                        milliseconds(alone.percentile(99)),
                        milliseconds(alone.max()));
    }

    private static String milliseconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds * 1e3);
    }

    private void pycomWithOneSilentClient() throws IOException {
        Optional<Path> script = tools.pycomServer();
        if (script.isEmpty()) {
            return;
        }
        try (ServerProcess server = ServerProcess.pycom(script.get(), corpus.small(), work.resolve("pycom-silent"));
                SlowClients silent = SlowClients.halfSent(server.port(), 1)) {
            String answer;
            try {
                Duration time = server.client().time("HTTP/1.0", Corpus.MANIFEST, Duration.ofSeconds(10));
                answer = time.toMillis() + " ms";
            } catch (IOException timedOut) {
                answer = "no answer in 10 s";
            }
            report.row(
                    "manifest for a healthy client of the Pycom server beside %d half-sent request"
                            .formatted(silent.stillOpen()),
                    answer,
                    "");
        }
    }
}
