package io.overair.install;

import io.overair.crashkit.CrashReport;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Many scenarios cut, on all processors, and what came of it in one table.
 *
 * @param reports one a task, in the order of their names
 * @param states how many different disks recovery was run from, in all scenarios together
 * @param cpuSeconds what that took of the processors
 */
record CrashProof(List<CrashReport> reports, int states, double cpuSeconds) {

    /** What to do with a scenario; the states it meets go to {@code states}. */
    interface Task {
        CrashReport run(Set<Long> states);
    }

    static CrashProof of(List<Task> tasks) {
        Set<Long> states = ConcurrentHashMap.newKeySet();
        long began = cpuNanos();
        List<CrashReport> reports = tasks.parallelStream()
                .map(task -> task.run(states))
                .sorted(Comparator.comparing(CrashReport::scenario))
                .toList();
        return new CrashProof(reports, states.size(), (cpuNanos() - began) / 1e9);
    }

    /** Of this thread and of all others, those of hooks too. */
    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    int torn() {
        return sum(CrashReport::torn);
    }

    int stuck() {
        return sum(CrashReport::stuck);
    }

    int lost() {
        return sum(CrashReport::lost);
    }

    private int sum(ToIntFunction<CrashReport> number) {
        return reports.stream().mapToInt(number).sum();
    }

    /** What went wrong, to read. */
    String stories() {
        return reports.stream().flatMap(report -> report.stories().stream()).collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        String rows = reports.stream()
                .map(report -> row(
                        report.scenario(),
                        report.places(),
                        report.states(),
                        report.old(),
                        report.renewed(),
                        report.torn(),
                        report.stuck(),
                        report.lost(),
                        report.cpu().toMillis() / 1000.0))
                .collect(Collectors.joining());
        return "%-62s %6s %9s %9s %9s %5s %5s %5s %8s%n"
                        .formatted("scenario", "places", "states", "old", "new", "torn", "stuck", "lost", "CPU s")
                + rows
                + row(
                        reports.size() + " scenarios",
                        sum(CrashReport::places),
                        sum(CrashReport::states),
                        sum(CrashReport::old),
                        sum(CrashReport::renewed),
                        torn(),
                        stuck(),
                        lost(),
                        cpuSeconds)
                + "%,d distinct states: %,d torn, %,d stuck without cause, %,d lost after success%n"
                        .formatted(states, torn(), stuck(), lost());
    }

    private static String row(Object... cells) {
        return "%-62s %,6d %,9d %,9d %,9d %,5d %,5d %,5d %,8.1f%n".formatted(cells);
    }
}
