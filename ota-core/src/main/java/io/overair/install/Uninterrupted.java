package io.overair.install;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting that an interrupt does not cut short: half-way through an update is no place to stop. It is handed on at the end. */
final class Uninterrupted {
    interface Wait {
        boolean await(long time, TimeUnit unit) throws InterruptedException;
    }

    private Uninterrupted() {}

    static boolean await(Wait wait, Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static void sleep(Duration time) {
        await(
                (left, unit) -> {
                    unit.sleep(left);
                    return true;
                },
                time);
    }
}
