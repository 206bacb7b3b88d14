package io.overair.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedCacheTest {
    private final BoundedCache<String, String> cache = new BoundedCache<>(10, String::length);

    @Test
    void whatWasNotUsedForLongestGoesFirst() {
        cache.put("a", "aaaa");
        cache.put("b", "bbbb");
        assertThat(cache.get("a")).contains("aaaa");

        cache.put("c", "cccc");

        assertThat(cache.get("a")).contains("aaaa");
        assertThat(cache.get("b")).isEmpty();
        assertThat(cache.get("c")).contains("cccc");
    }

    @Test
    void whatAloneIsTooHeavyIsKeptAlone() {
        cache.put("a", "aaaa");

        cache.put("b", "bbbbbbbbbbb");

        assertThat(cache.get("a")).isEmpty();
        assertThat(cache.get("b")).contains("bbbbbbbbbbb");
    }

    @Test
    void aReplacedValueNoLongerWeighs() {
        for (int i = 0; i < 100; i++) {
            cache.put("a", "aaaaa");
        }
        cache.put("b", "bbbbb");

        assertThat(cache.get("a")).contains("aaaaa");
        assertThat(cache.get("b")).contains("bbbbb");
    }
}
