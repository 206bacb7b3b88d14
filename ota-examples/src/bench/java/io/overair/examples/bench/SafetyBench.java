package io.overair.examples.bench;

import io.overair.install.Installation;
import io.overair.install.Unforced;
import io.overair.install.UpdateTransaction;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Measures what it costs that an update survives a power cut: beside copies of the same files, and beside the same update
 * that waits for no disk. Nothing is fetched: the files lie on the same disk.
 *
 * <p>Arguments: the folder to work in and to leave {@code safety.md} in; how many rounds.
 */
public final class SafetyBench {
    private static final int SMALL_FILES = 1_000;
    private static final int SMALL_BYTES = 26 << 10;
    private static final int LARGE_BYTES = 256 << 20;

    private static final String COPY = "cp -a";
    private static final String SYNCED = "cp -a, then sync";
    private static final String UNFORCED = "Overair, waiting for no disk";
    private static final String SAFE = "Overair";

    private interface Contestant {
        void bring() throws IOException, InterruptedException;
    }

    private interface Opening {
        Installation open(Path root) throws IOException;
    }

    private final Path work;
    private final Path device;
    private final int rounds;
    private final Report report = new Report();

    private SafetyBench(Path work, int rounds) {
        this.work = work;
        this.device = work.resolve("device");
        this.rounds = rounds;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path work = Files.createDirectories(Path.of(args[0]).toAbsolutePath());
        SafetyBench bench = new SafetyBench(work, Integer.parseInt(args[1]));
        bench.run();
        new PrintStream(System.out, true, "UTF-8").println(bench.report);
        Files.writeString(work.resolve("safety.md"), bench.report.toString());
    }

    private void run() throws IOException, InterruptedException {
        report.paragraph(
                "%d interleaved rounds, in one JVM; seconds by the clock, median (smallest–largest). Ratios are of the same round, too."
                        .formatted(rounds));
        report.table(
                "files",
                COPY,
                SYNCED,
                UNFORCED,
                SAFE,
                "Overair : without waiting (target ≤ 1.6)",
                "Overair : " + SYNCED);
        compare("1,000 of 26 KiB", SMALL_FILES, SMALL_BYTES);
        compare("1 of 256 MiB", 1, LARGE_BYTES);
    }

    private void compare(String name, int files, int bytes) throws IOException, InterruptedException {
        Path release = work.resolve("release");
        try {
            Manifest manifest = fill(release, files, bytes);
            Map<String, Contestant> contestants = new LinkedHashMap<>();
            contestants.put(COPY, () -> shell("cp -a \"$0/.\" \"$1\"", release));
            contestants.put(SYNCED, () -> shell("cp -a \"$0/.\" \"$1\" && sync", release));
            contestants.put(UNFORCED, () -> update(Unforced::open, release, manifest));
            contestants.put(SAFE, () -> update(Installation::open, release, manifest));
            Map<String, List<Double>> seconds = new HashMap<>();
            List<Map.Entry<String, Contestant>> order = new ArrayList<>(contestants.entrySet());
            for (int round = 0; round <= rounds; round++) {
                Collections.rotate(
                        order, 1); // what one leaves to the disk, it shall not leave to the same one each time
                for (Map.Entry<String, Contestant> contestant : order) {
                    delete(device);
                    Files.createDirectory(device);
                    Children.outputOf(new ProcessBuilder("sync"));
                    long start = System.nanoTime();
                    contestant.getValue().bring();
                    double wall = (System.nanoTime() - start) / 1e9;
                    check(contestant.getKey(), release);
                    if (round > 0) { // the first one warmed caches and this JVM
                        seconds.computeIfAbsent(contestant.getKey(), key -> new ArrayList<>())
                                .add(wall);
                    }
                }
            }
            report(name, seconds);
        } finally {
            delete(release);
            delete(device);
        }
    }

    private void report(String name, Map<String, List<Double>> seconds) {
        List<String> cells = new ArrayList<>(List.of(name));
        for (String contestant : List.of(COPY, SYNCED, UNFORCED, SAFE)) {
            Statistics statistics = Statistics.of(seconds.getOrDefault(contestant, List.of()).stream());
            cells.add("%.2f (%.2f–%.2f)".formatted(statistics.median(), statistics.percentile(0), statistics.max()));
        }
        cells.add(ratio(seconds, UNFORCED));
        cells.add(ratio(seconds, SYNCED));
        report.row(cells.toArray(String[]::new));
    }

    private static String ratio(Map<String, List<Double>> seconds, String other) {
        List<Double> safe = seconds.getOrDefault(SAFE, List.of());
        List<Double> others = seconds.getOrDefault(other, List.of());
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < safe.size(); round++) {
            ratios.add(safe.get(round) / others.get(round));
        }
        return Report.ratio(Statistics.of(ratios.stream()).median());
    }

    private void shell(String script, Path release) throws IOException, InterruptedException {
        Children.outputOf(new ProcessBuilder("sh", "-ec", script, release.toString(), device.toString()));
    }

    private void update(Opening opening, Path release, Manifest manifest) throws IOException {
        try (Installation installation = opening.open(device);
                UpdateTransaction transaction = installation.begin(manifest)) {
            for (Target target : transaction.missing()) {
                try (InputStream content = Files.newInputStream(release.resolve(target.reference()))) {
                    transaction.stage(target, 0, content);
                }
            }
            transaction.commit();
        }
    }

    private static Manifest fill(Path release, int files, int bytes) throws IOException {
        delete(release);
        Random random = new Random(7);
        List<TargetFile> added = new ArrayList<>();
        for (int file = 0; file < files; file++) {
            String name = "app/d%02d/f%04d.bin".formatted(file / 100, file);
            byte[] content = Corpus.bytes(random, bytes);
            Corpus.write(release.resolve(name), content);
            added.add(new TargetFile(
                    new DevicePath(name),
                    name,
                    List.of(Digest.ofContent(Digest.Algorithm.SHA256, content)),
                    OptionalLong.of(bytes)));
        }
        return new Manifest(LooseVersion.parse("2"), Optional.empty(), added, List.of(), List.of(), Optional.empty());
    }

    /** A contestant that does not bring everything is not fast. */
    private void check(String name, Path release) throws IOException {
        try (Stream<Path> files = Files.walk(release)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.mismatch(file, device.resolve(release.relativize(file))) >= 0) {
                    throw new IOException(name + " did not bring " + file);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
