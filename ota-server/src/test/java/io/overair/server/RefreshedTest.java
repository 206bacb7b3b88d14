package io.overair.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefreshedTest {
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void aFreshValueIsNotReadAgain() throws IOException {
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), earlier -> reads.incrementAndGet());

        assertThat(value.get()).isEqualTo(1);
        assertThat(value.get()).isEqualTo(1);
    }

    @Test
    void withNoFreshnessEveryCallerReads() throws IOException {
        Refreshed<Integer> value = new Refreshed<>(Duration.ZERO, earlier -> reads.incrementAndGet());

        assertThat(value.get()).isEqualTo(1);
        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void theReaderIsGivenTheValueBefore() throws IOException {
        Refreshed<String> value = new Refreshed<>(Duration.ZERO, earlier -> earlier.orElse("") + "x");

        assertThat(value.get()).isEqualTo("x");
        assertThat(value.get()).isEqualTo("xx");
    }

    @Test
    void anExpiredValueIsReadAgain() throws IOException {
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), earlier -> reads.incrementAndGet());
        value.get();

        value.expire();

        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void aFailureIsNotRemembered() throws IOException {
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), earlier -> {
            if (reads.incrementAndGet() == 1) {
                throw new IOException("boom");
            }
            return reads.get();
        });

        assertThatThrownBy(value::get).hasMessage("boom");
        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void howeverManyAskAtOnceOneReads() throws Exception {
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), earlier -> reads.incrementAndGet());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> callers = IntStream.range(0, 64)
                    .<Callable<Integer>>mapToObj(i -> value::get)
                    .toList();

            for (Future<Integer> answer : threads.invokeAll(callers)) {
                assertThat(answer.get()).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
