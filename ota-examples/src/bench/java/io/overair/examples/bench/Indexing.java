package io.overair.examples.bench;

import io.overair.tree.FileTree;
import io.overair.tree.ScanOptions;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What it costs to know the digests of a tree: the first time, beside openssl, and again, beside a look at every file. */
final class Indexing {
    private static final int WARM_UP = 10;
    private static final int TIMES = 10;

    private Indexing() {}

    static void report(Report report, Path tree, int rounds) throws IOException, InterruptedException {
        List<Double> openssl = new ArrayList<>();
        List<Double> cold = new ArrayList<>();
        List<Double> coldRatio = new ArrayList<>();
        List<Double> walk = new ArrayList<>();
        List<Double> warm = new ArrayList<>();
        List<Double> warmRatio = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            Duration opensslCpu = cpuOf(new ProcessBuilder(
                    "sh",
                    "-c",
                    "find \"$0\" -type f -print0 | xargs -0 -n 500 openssl dgst -sha256 >/dev/null",
                    tree.toString()));
            Duration coldCpu = cpuOf(program("cold", tree));
            String[] again = Children.outputOf(program("warm", tree)).strip().split(" ", -1);
            if (round > 0) { // the first one warmed the page cache
                openssl.add(opensslCpu.toMillis() / 1e3);
                cold.add(coldCpu.toMillis() / 1e3);
                coldRatio.add(coldCpu.toMillis() / (double) opensslCpu.toMillis());
                walk.add(Double.parseDouble(again[0]));
                warm.add(Double.parseDouble(again[1]));
                warmRatio.add(warm.get(warm.size() - 1) / walk.get(walk.size() - 1));
            }
        }
        report.table("10,000 files, 250 MB", "CPU s", "ratio", "target");
        report.row("openssl dgst -sha256", range(openssl), "1", "");
        report.row("FileTree.scan, SHA-256, a new JVM", range(cold), median(coldRatio) + " × openssl", "≤ 1.4");
        report.row("walk and stat, warm JVM", range(walk), "1", "");
        report.row("FileTree.scan of a known tree, warm JVM", range(warm), median(warmRatio) + " × walk", "≤ 1.5");
    }

    /** Scans once ({@code cold}), or prints the CPU seconds of a walk and of another scan ({@code warm}). */
    public static void main(String[] args) throws IOException {
        Path tree = Path.of(args[1]);
        FileTree known = FileTree.scan(tree);
        if (args[0].equals("warm")) {
            double walk = 0;
            double scan = 0;
            for (int time = 0; time < WARM_UP + TIMES; time++) {
                double start = cpuSeconds();
                walk(tree);
                double middle = cpuSeconds();
                FileTree.scan(tree, ScanOptions.defaults().reusing(known));
                double end = cpuSeconds();
                if (time >= WARM_UP) {
                    walk += middle - start;
                    scan += end - middle;
                }
            }
            System.out.println(walk / TIMES + " " + scan / TIMES);
        }
    }

    private static long walk(Path tree) throws IOException {
        long[] bytes = new long[1];
        Files.walkFileTree(tree, new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes[0];
    }

    /** Of the thread, not of the process: what the compiler does meanwhile is no part of a warm scan. */
    private static double cpuSeconds() throws IOException {
        return ProcFs.cpuOfThisThread().toNanos() / 1e9;
    }

    private static ProcessBuilder program(String what, Path tree) {
        List<String> command = new ArrayList<>(ServerProcess.java());
        command.addAll(List.of(Indexing.class.getName(), what, tree.toString()));
        return new ProcessBuilder(command);
    }

    private static Duration cpuOf(ProcessBuilder command) throws IOException, InterruptedException {
        Duration before = ProcFs.cpuOfEndedChildren();
        Children.outputOf(command);
        return ProcFs.cpuOfEndedChildren().minus(before);
    }

    private static String range(List<Double> seconds) {
        Statistics all = Statistics.of(seconds.stream());
        return "%.3f (%.3f–%.3f)".formatted(all.median(), all.percentile(0), all.max());
    }

    private static String median(List<Double> ratios) {
        return "%.2f".formatted(Statistics.of(ratios.stream()).median());
    }
}
