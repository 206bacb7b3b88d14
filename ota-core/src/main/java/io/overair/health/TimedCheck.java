package io.overair.health;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * Asks a check, for so long and no longer. It is run on a thread of its own: what others wrote may hang, and must not take
 * the deadline of a trial with it.
 */
final class TimedCheck {
    private static final Optional<String> NO_ANSWER = Optional.of("the health check answered nothing");
    /** How long it may take to end when it is interrupted: it may have a process to end. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final HealthCheck check;
    private final Ticker ticker;

    /** The answer that was waited for last. */
    private FutureTask<Optional<String>> answer = new FutureTask<>(() -> {}, Optional.empty());

    TimedCheck(HealthCheck check, Ticker ticker) {
        this.check = check;
        this.ticker = ticker;
        answer.run();
    }

    /** What is wrong; that is also a check that fails, or does not answer within {@code limit}. */
    Optional<String> problem(Duration limit) throws InterruptedException {
        if (!answer.isDone()) {
            return Optional.of("the health check was ended, but still runs");
        }
        answer = new FutureTask<>(check::problem);
        Thread thread = new Thread(answer, "overair-health-check");
        thread.setDaemon(true);
        thread.start();
        try {
            return Objects.requireNonNullElse(ticker.await(answer, limit), NO_ANSWER);
        } catch (TimeoutException e) {
            return Optional.of("the health check gave no answer within %s s".formatted(limit.toMillis() / 1000.0));
        } catch (ExecutionException e) {
            return Optional.of("the health check failed: " + cause(e));
        } finally {
            if (!answer.isDone()) {
                thread.interrupt();
                waitForEnd();
            }
        }
    }

    private static Throwable cause(ExecutionException failure) {
        // A stack is that of the check's own thread.
        if (failure.getCause() instanceof VirtualMachineError e && !(e instanceof StackOverflowError)) {
            throw e;
        }
        return Objects.requireNonNullElse(failure.getCause(), failure);
    }

    private void waitForEnd() throws InterruptedException {
        try {
            ticker.await(answer, GRACE);
        } catch (TimeoutException | ExecutionException tooLate) {
            // It had its time.
        }
    }
}
