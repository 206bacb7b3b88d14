package io.overair.install;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of exploring a scenario.
 *
 * @param places where the action was cut, or met a fault
 * @param states of the disk from which recovery was run; each distinct one once
 * @param old in how many of these recovery ended in the old tree
 * @param renewed in how many it ended in the new one
 * @param failures how many cuts came out wrong
 * @param stories the first of these, to read
 */
record CrashReport(String scenario, int places, int states, int old, int renewed, int failures, List<String> stories) {
    CrashReport {
        stories = List.copyOf(stories);
    }

    boolean foundFailures() {
        return failures > 0;
    }

    @Override
    public String toString() {
        return "%s: %,d places, %,d states, %,d old, %,d new, %,d failures%n"
                        .formatted(scenario, places, states, old, renewed, failures)
                + stories.stream().collect(Collectors.joining("\n"));
    }
}
