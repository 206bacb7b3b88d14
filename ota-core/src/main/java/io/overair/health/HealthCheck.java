package io.overair.health;

import java.util.List;
import java.util.Optional;

/**
 * Tells whether the application does its work. Asked again and again while a release is on trial, each time by another
 * thread, but by one at a time. An answer should not take longer than some seconds; a check that takes longer than the {@linkplain
 * TrialWatch#withCheckLimit watch allows} is interrupted. What it throws counts as a problem.
 */
@FunctionalInterface
public interface HealthCheck {
    /**
     * What is wrong now, in a few words for people; empty if the application is healthy. An application that has not come up
     * yet is not healthy yet.
     *
     * @throws InterruptedException if the thread is interrupted while it asks
     */
    Optional<String> problem() throws InterruptedException;

    /** Healthy if all of {@code checks} say so; else the first problem. */
    static HealthCheck allOf(List<HealthCheck> checks) {
        List<HealthCheck> all = List.copyOf(checks);
        return () -> {
            for (HealthCheck check : all) {
                Optional<String> problem = check.problem();
                if (problem.isPresent()) {
                    return problem;
                }
            }
            return Optional.empty();
        };
    }
}
