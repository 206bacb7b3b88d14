package io.overair.examples.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One case after the other, and in each one server after the other, round after round. */
final class Throughput {
    /** CPU time in a tenth of a second by which a server is not idle. */
    private static final Duration BUSY = Duration.ofMillis(20);

    /** What is asked for, and of whom; a ratio is made with the server called nginx. */
    record Case(String name, String path, int connections, List<ServerProcess> servers) {}

    private record Row(Case asked, ServerProcess server) {}

    private record Sample(Wrk.Result result, double cpuMicros) {}

    private final List<Case> cases;
    private final Map<Row, List<Sample>> samples = new LinkedHashMap<>();

    Throughput(List<Case> cases) {
        this.cases = cases;
    }

    void run(int rounds, Duration warmUp, Duration duration) throws IOException, InterruptedException {
        round(warmUp);
        round(warmUp); // what a JIT compiler assumed in the first case was wrong in the last
        samples.clear();
        for (int round = 1; round <= rounds; round++) {
            System.err.printf("round %d of %d%n", round, rounds);
            round(duration);
        }
    }

    /** How many requests to {@code server} failed. */
    long errorsOf(String server) {
        return samples.entrySet().stream()
                .filter(row -> row.getKey().server.name().equals(server))
                .flatMap(row -> row.getValue().stream())
                .mapToLong(sample -> sample.result.errors())
                .sum();
    }

    void report(Report report) {
        report.table("request", "connections", "server", "CPU µs per request", "× nginx", "requests/s", "× nginx");
        samples.forEach((row, seen) -> report.row(
                row.asked.name,
                Integer.toString(row.asked.connections),
                row.server.name(),
                Statistics.of(seen.stream().map(Sample::cpuMicros)).withRange(),
                ratio(row, Sample::cpuMicros),
                Statistics.of(seen.stream().map(sample -> sample.result.requestsPerSecond()))
                        .withRange(),
                ratio(row, sample -> sample.result.requestsPerSecond())));
    }

    private void round(Duration duration) throws IOException, InterruptedException {
        for (Case asked : cases) {
            for (ServerProcess server : asked.servers) {
                samples.computeIfAbsent(new Row(asked, server), row -> new ArrayList<>())
                        .add(sample(asked, server, duration));
            }
        }
    }

    private static Sample sample(Case asked, ServerProcess server, Duration duration)
            throws IOException, InterruptedException {
        server.awaitConnection();
        Duration before = server.cpu();
        Wrk.Result result = Wrk.run(server.url(asked.path), asked.connections, duration);
        Duration used = server.cpu().minus(before);
        awaitIdle(server);
        return new Sample(result, used.toNanos() / 1e3 / Math.max(1, result.requests()));
    }

    /** Work on requests whose clients are gone would be counted against the next server. */
    private static void awaitIdle(ServerProcess server) throws IOException {
        Duration before;
        do {
            before = server.cpu();
            Pause.of(Duration.ofMillis(100));
        } while (server.cpu().minus(before).compareTo(BUSY) > 0);
    }

    /** The median of what each round has beside nginx in the same round; empty where there is no nginx. */
    private String ratio(Row row, ToDouble figure) {
        return samples.entrySet().stream()
                .filter(other -> other.getKey().asked.equals(row.asked))
                .filter(other -> other.getKey().server.name().equals("nginx"))
                .findFirst()
                .map(nginx -> {
                    List<Sample> ours = samples.getOrDefault(row, List.of());
                    List<Double> ratios = new ArrayList<>();
                    for (int round = 0; round < ours.size(); round++) {
                        ratios.add(figure.of(ours.get(round))
                                / figure.of(nginx.getValue().get(round)));
                    }
                    return Report.ratio(Statistics.of(ratios.stream()).median());
                })
                .orElse("");
    }

    private interface ToDouble {
        double of(Sample sample);
    }
}
