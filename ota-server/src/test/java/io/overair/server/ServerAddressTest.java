package io.overair.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"updates.example", "a_b", "192.168.1.144:8000", "[::1]", "[fe80::1]:80"})
    void hostIsANameOrAnAddress(String host) {
        assertThat(ServerAddress.baseUrlFor(host)).contains("http://" + host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a:", "a:123456", "::1", "http://a", "user@a", "a#", "a?b", "a\r\nb"})
    void whatCouldEndAUrlEarlyIsNoHost(String host) {
        assertThat(ServerAddress.baseUrlFor(host)).isEmpty();
    }
}
