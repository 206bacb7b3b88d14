package io.overair.crashkit;

import java.time.Duration;
import java.util.List;

/**
 * What came of cutting something, or of making it fail, wherever that can be done. Print it, or have it {@linkplain
 * #requireSafe checked}.
 *
 * @param scenario what was cut
 * @param places where it was cut, or met a fault
 * @param states of the disk from which recovery was run; each distinct one once
 * @param old in how many of these recovery ended in what was there before
 * @param renewed in how many it ended in what was to be there
 * @param torn after how many cuts there was something else than both
 * @param stuck after how many recovery, or what was cut itself, failed
 * @param lost after how many it was not what had been reported, or what an earlier recovery had left
 * @param cpu what it took of the processor, threads that the code itself starts not counted
 * @param stories the first few failures, to read: each change of the disk, where it was cut, what was lost, what was found
 */
public record CrashReport(
        String scenario,
        int places,
        int states,
        int old,
        int renewed,
        int torn,
        int stuck,
        int lost,
        Duration cpu,
        List<String> stories) {

    /** Copies the stories. */
    public CrashReport {
        stories = List.copyOf(stories);
    }

    /** How many cuts came out wrong. */
    public int failures() {
        return torn + stuck + lost;
    }

    /** Whether any did. */
    public boolean foundFailures() {
        return failures() > 0;
    }

    /**
     * This report, if nothing went wrong.
     *
     * @throws AssertionError that says what did
     */
    public CrashReport requireSafe() {
        if (foundFailures()) {
            throw new AssertionError(toString());
        }
        return this;
    }

    @Override
    public String toString() {
        return "%s: %,d places, %,d states, %,d old, %,d new, %,d torn, %,d stuck, %,d lost, %.1f s%n"
                        .formatted(scenario, places, states, old, renewed, torn, stuck, lost, cpu.toMillis() / 1000.0)
                + String.join("\n", stories);
    }
}
