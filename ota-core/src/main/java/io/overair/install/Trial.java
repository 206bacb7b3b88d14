package io.overair.install;

import java.time.Duration;

/**
 * The chance a new release gets to prove itself, before it is taken back by itself. It is over with the first
 * {@linkplain Installation#confirm confirmation}.
 *
 * @param starts how often the release may be started without being confirmed; at least 1
 * @param deadline how long it may run without being confirmed, all starts together; running time, no wall clock
 * @param healthyStarts in how many of its starts it has to be found healthy before that confirms it; 1 to {@code starts}
 */
public record Trial(int starts, Duration deadline, int healthyStarts) {
    private static final int MOST_STARTS = 1000;

    /**
     * Checks that such a trial can be passed.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public Trial {
        if (starts < 1 || starts > MOST_STARTS) {
            throw new IllegalArgumentException("a trial has 1 to " + MOST_STARTS + " starts, not " + starts);
        }
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("a trial needs time");
        }
        if (healthyStarts < 1 || healthyStarts > starts) {
            throw new IllegalArgumentException("%d healthy starts of %d".formatted(healthyStarts, starts));
        }
    }

    /** A trial that the first healthy start ends. */
    public static Trial of(int starts, Duration deadline) {
        return new Trial(starts, deadline, 1);
    }

    /** The same, but only that many healthy starts end it. */
    public Trial withHealthyStarts(int number) {
        return new Trial(starts, deadline, number);
    }
}
