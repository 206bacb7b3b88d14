package io.overair.health;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Running time, and waiting. */
interface Ticker {
    /** Nanoseconds since some moment; never goes back. */
    long now();

    void sleep(Duration time) throws InterruptedException;

    /** Waits for {@code answer}, but no longer than {@code limit}. */
    <T> T await(Future<T> answer, Duration limit) throws InterruptedException, ExecutionException, TimeoutException;

    static Ticker real() {
        return new Ticker() {
            @Override
            public long now() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration time) throws InterruptedException {
                Thread.sleep(time.toMillis());
            }

            @Override
            public <T> T await(Future<T> answer, Duration limit)
                    throws InterruptedException, ExecutionException, TimeoutException {
                return answer.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
            }
        };
    }
}
