package io.overair.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class CappedInputStreamTest {
    private final InputStream threeBytes = new ByteArrayInputStream(new byte[] {0, 1, (byte) 0xFF});

    @Test
    void bytesUpToTheCapAreReadUnchangedOneByOneAndTogether() throws IOException {
        InputStream capped = new CappedInputStream(threeBytes, 3);

        assertThat(capped.read()).isZero();
        assertThat(capped.readAllBytes()).containsExactly(1, 0xFF);
        assertThat(capped.read()).isEqualTo(-1);
        assertThat(capped.read(new byte[1])).isEqualTo(-1);
    }

    @Test
    void oneByteMoreIsRefusedHoweverItIsReached() throws IOException {
        InputStream capped = new CappedInputStream(threeBytes, 2);

        assertThat(capped.skip(1)).isEqualTo(1);
        assertThat(capped.read()).isEqualTo(1);
        assertThatThrownBy(capped::read)
                .isInstanceOf(ManifestException.class)
                .hasMessage("bad manifest: more than 2 bytes");
    }
}
