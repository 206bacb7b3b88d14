package io.overair.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux knows about a process. */
final class ProcFs {
    /** The unit of CPU time in {@code stat}: a hundredth of a second on every platform a JVM runs on. */
    private static final Duration TICK = Duration.ofMillis(10);

    /** Fields of {@code stat}, counted from the one after the name of the program, which may hold blanks. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;
    private static final int CHILDREN_USER_TICKS = 13;
    private static final int CHILDREN_SYSTEM_TICKS = 14;

    private ProcFs() {}

    /** CPU time of all threads of process {@code pid} so far. */
    static Duration cpu(long pid) throws IOException {
        return ticks(pid, USER_TICKS, SYSTEM_TICKS);
    }

    /** CPU time of all children of this process that have ended and of theirs. */
    static Duration cpuOfEndedChildren() throws IOException {
        return ticks(ProcessHandle.current().pid(), CHILDREN_USER_TICKS, CHILDREN_SYSTEM_TICKS);
    }

    /** CPU time of the calling thread so far. */
    static Duration cpuOfThisThread() throws IOException {
        String schedule = Files.readString(Path.of("/proc/thread-self/schedstat"));
        return Duration.ofNanos(Long.parseLong(schedule.substring(0, schedule.indexOf(' '))));
    }

    /** The most memory process {@code pid} ever had in RAM, in MiB. */
    static double peakMemory(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("process " + pid + " has ended");
    }

    private static Duration ticks(long pid, int user, int system) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return TICK.multipliedBy(Long.parseLong(fields[user]) + Long.parseLong(fields[system]));
    }
}
