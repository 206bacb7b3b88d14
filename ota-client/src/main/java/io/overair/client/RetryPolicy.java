package io.overair.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often something is tried that failed on its way, and how long to wait in between. Each wait is twice the one before;
 * half of it is left to chance, so that a fleet that failed together does not come back together.
 *
 * @param tries how often one file is tried, the first time included
 * @param firstWait longest wait before the second try
 * @param longestWait longest wait before any try
 */
public record RetryPolicy(int tries, Duration firstWait, Duration longestWait) {
    private static final RetryPolicy DEFAULTS = new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofMinutes(1));

    public RetryPolicy {
        if (tries < 1) {
            throw new IllegalArgumentException(tries + " tries");
        }
        if (firstWait.isNegative() || longestWait.compareTo(firstWait) < 0) {
            throw new IllegalArgumentException("waits from %s to %s".formatted(firstWait, longestWait));
        }
    }

    /** Five tries, as the Pycom client has them, with waits from a second to a minute. */
    public static RetryPolicy defaults() {
        return DEFAULTS;
    }

    /** One try. */
    public static RetryPolicy never() {
        return new RetryPolicy(1, Duration.ZERO, Duration.ZERO);
    }

    /** How long to wait after {@code failures} tries have failed: from half of the wait to all of it. */
    Duration waitAfter(int failures, RandomGenerator random) {
        Duration wait = firstWait;
        for (int i = 1; i < failures && wait.compareTo(longestWait) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        long nanos = (wait.compareTo(longestWait) < 0 ? wait : longestWait).toNanos();
        return Duration.ofNanos((long) (nanos * (0.5 + random.nextDouble() / 2)));
    }
}
