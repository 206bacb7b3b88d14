package io.overair.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RefreshedTest {
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();

    @Test
    void aFreshValueIsNotReadAgain() throws IOException {
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), now::get, earlier -> reads.incrementAndGet());

        assertThat(value.get()).isEqualTo(1);
        assertThat(value.get()).isEqualTo(1);
    }

    @Test
    void withNoFreshnessEveryCallerReads() throws IOException {
        Refreshed<Integer> value = new Refreshed<>(Duration.ZERO, now::get, earlier -> reads.incrementAndGet());

        assertThat(value.get()).isEqualTo(1);
        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void theReaderIsGivenTheValueBefore() throws IOException {
        Refreshed<String> value = new Refreshed<>(Duration.ZERO, now::get, earlier -> earlier.orElse("") + "x");

        assertThat(value.get()).isEqualTo("x");
        assertThat(value.get()).isEqualTo("xx");
    }

    @Test
    void anExpiredValueIsReadAgain() throws IOException {
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), now::get, earlier -> reads.incrementAndGet());
        value.get();

        value.expire();

        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void aFailureIsNotTriedAgainAtOnce() {
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), now::get, earlier -> {
            throw new IOException("boom " + reads.incrementAndGet());
        });

        assertThatThrownBy(value::get).hasMessage("boom 1");
        assertThatThrownBy(value::get).hasMessage("boom 1");
        value.expire();
        assertThatThrownBy(value::get).hasMessage("boom 2");
    }

    @ParameterizedTest
    @MethodSource
    void whoIsInterruptedSpoilsNothingForOthers(IOException interruption) throws IOException {
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), now::get, earlier -> {
            if (reads.incrementAndGet() == 1) {
                throw interruption;
            }
            return 2;
        });

        assertThatThrownBy(value::get).isSameAs(interruption);
        assertThat(value.get()).isEqualTo(2);
    }

    static Stream<IOException> whoIsInterruptedSpoilsNothingForOthers() {
        return Stream.of(new InterruptedIOException(), new ClosedByInterruptException());
    }

    @Test
    void valueBeforeStandsInForOneThatCannotBeReadAndThatIsToldOnce() throws IOException {
        List<String> told = new ArrayList<>();
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), now::get, new Refreshed.Reader<>() {
            @Override
            public Integer read(Optional<Integer> earlier) throws IOException {
                int read = reads.incrementAndGet();
                if (read == 2 || read == 3 || read == 5) {
                    throw new IOException("boom " + read);
                }
                return read;
            }

            @Override
            public void standsIn(IOException problem) {
                told.add(problem.getMessage());
            }
        });
        List<Integer> values = new ArrayList<>();

        for (int hours = 0; hours < 5; hours++) {
            values.add(value.get());
            values.add(value.get());
            now.addAndGet(Duration.ofHours(1).toNanos());
        }

        assertThat(values).containsExactly(1, 1, 1, 1, 1, 1, 4, 4, 4, 4);
        assertThat(told).containsExactly("boom 2", "boom 5");
    }

    @Test
    void whoAsksWhileAnotherReadsGetsTheValueBefore() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        Refreshed<Integer> value = new Refreshed<>(Duration.ZERO, now::get, earlier -> {
            int read = reads.incrementAndGet();
            if (read == 2) {
                reading.countDown();
                awaitUninterrupted(gate);
            }
            return read;
        });
        value.get();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> slow = thread.submit(value::get);
            reading.await();

            assertThat(value.get()).isEqualTo(1);

            gate.countDown();
            assertThat(slow.get()).isEqualTo(2);
        } finally {
            thread.shutdownNow();
        }
    }

    private static void awaitUninterrupted(CountDownLatch gate) throws IOException {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void howeverManyAskAtOnceOneReads() throws Exception {
        Refreshed<Integer> value = new Refreshed<>(Duration.ofHours(1), now::get, earlier -> reads.incrementAndGet());
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
