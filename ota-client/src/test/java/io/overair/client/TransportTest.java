package io.overair.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportTest {
    /** Threats row 45: no manifest can send a device to another host. Row 46: nor to another kind of address. */
    @ParameterizedTest
    @CsvSource({
        "http://ota.test:8000/1.0.1/flash/main.py, 1.0.1/flash/main.py",
        "http://169.254.169.254/latest/meta-data, latest/meta-data",
        "http://good@evil/x, x",
        "file:///etc/passwd, etc/passwd",
        "ftp://h/x, x",
        "HTTPS://h/a//b, a//b",
        "http://h//x, /x",
        "http://h, ''",
        "manifest.json?current_ver=1.0, manifest.json?current_ver=1.0",
        "manifest.json?current_ver=http://h/x, manifest.json?current_ver=http://h/x",
        "1.0.1/a b.py, 1.0.1/a b.py",
        "jar:file:/x!/y, jar:file:/x!/y"
    })
    void whatFollowsTheThirdSlashIsAllThatCounts(String reference, String path) {
        assertThat(Transport.pathOf(reference)).isEqualTo(path);
    }

    @Test
    void aClientNeedsNoServerNotEvenInItsTests() {
        assertThatThrownBy(() -> Class.forName("io.overair.server.OtaHandler"))
                .isInstanceOf(ClassNotFoundException.class);
    }
}
