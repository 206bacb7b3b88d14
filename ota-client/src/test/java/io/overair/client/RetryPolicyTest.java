package io.overair.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 8", "6, 32", "7, 60", "8, 60", "1000000, 60"})
    void waitsDoubleUpToTheLongest(int failures, int seconds) {
        Duration all = RetryPolicy.defaults().waitAfter(failures, always(Math.nextDown(1.0)));
        Duration half = RetryPolicy.defaults().waitAfter(failures, always(0));

        assertThat(all).isBetween(Duration.ofSeconds(seconds).minusMillis(1), Duration.ofSeconds(seconds));
        assertThat(half).isEqualTo(Duration.ofSeconds(seconds).dividedBy(2));
    }

    @Test
    void twoDevicesDoNotWaitEquallyLong() {
        RetryPolicy policy = RetryPolicy.defaults();

        assertThat(policy.waitAfter(3, new Random(1))).isNotEqualTo(policy.waitAfter(3, new Random(2)));
    }

    @Test
    void senselessPoliciesAreRefused() {
        assertThatThrownBy(() -> new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(5, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static RandomGenerator always(double value) {
        return new Random() {
            private static final long serialVersionUID = 1;

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
