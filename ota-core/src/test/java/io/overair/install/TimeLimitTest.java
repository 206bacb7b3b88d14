package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TimeLimitTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    @ParameterizedTest
    @ValueSource(
            classes = {
                IOException.class,
                InterruptedException.class,
                IllegalStateException.class,
                StackOverflowError.class
            })
    void whatIsThrownPassesThroughAsItIs(Class<? extends Throwable> type) throws Exception {
        Throwable thrown = type.getDeclaredConstructor().newInstance();

        assertThatThrownBy(() -> TimeLimit.run(LONG, "t", () -> sneak(thrown))).isSameAs(thrown);
    }

    @Test
    void checkedExceptionThatWasNotDeclaredIsWrapped() {
        Exception thrown = new Exception("sneaked");

        assertThatThrownBy(() -> TimeLimit.run(LONG, "t", () -> sneak(thrown)))
                .isInstanceOf(IOException.class)
                .hasCause(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void whoTakesTooLongIsInterruptedAndHasFailedWhateverHeSays() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();

        assertThatThrownBy(() -> TimeLimit.run(SHORT, "t", () -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("it did not end within 0.05 s");

        // Ended before the return: what is undone next does not meet it.
        assertThat(interrupted).isTrue();
    }

    @Test
    void whoDoesNotMindTheInterruptIsLeftBehind() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);

        assertThatThrownBy(() -> TimeLimit.run(SHORT, "t", () -> {
                    boolean released = false;
                    while (!released) {
                        try {
                            release.await();
                            released = true;
                        } catch (InterruptedException e) {
                            // Does not mind.
                        }
                    }
                    ended.countDown();
                }))
                .isInstanceOf(IOException.class);

        release.countDown();
        ended.await();
    }

    @Test
    void interruptOfTheOneWhoWaitsIsHandedOn() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Thread.currentThread().interrupt();

        TimeLimit.run(LONG, "t", done::countDown);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(done.getCount()).isZero();
    }
}
