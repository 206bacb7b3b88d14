package io.overair.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateMeterTest {
    private long now = 123;
    private final RateMeter meter = new RateMeter(() -> now);

    @Test
    void aSteadyStreamHasItsRateFromTheBeginningOn() {
        for (int second = 1; second <= 200; second++) {
            pass(1000);
            meter.add(500);

            assertThat(meter.bytesPerSecond()).as("after %d s", second).isBetween(490L, 510L);
        }
    }

    @Test
    void whatIsOlderThanAMinuteNoLongerCounts() {
        meter.add(1_000_000);
        pass(59_000);
        assertThat(meter.bytesPerSecond()).isPositive();

        pass(2_000);

        assertThat(meter.bytesPerSecond()).isZero();
    }

    @Test
    void aLongSilenceIsForgottenAsAWhole() {
        meter.add(1_000_000);
        pass(TimeUnit.DAYS.toMillis(30));
        meter.add(60);

        assertThat(meter.bytesPerSecond()).isEqualTo(1);
    }

    @Test
    void onlyAWholeMinuteIsAReasonToGiveUp() {
        pass(59_999);
        assertThat(meter.hasSeenAWholeWindow()).isFalse();

        pass(1);

        assertThat(meter.hasSeenAWholeWindow()).isTrue();
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
