package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockHolderTest {
    private static final LockHolder SELF = LockHolder.self();

    @Test
    void thisProcessIsAliveAndReadBackAsItWasWritten() throws IOException {
        assertThat(SELF.isAlive()).isTrue();
        assertThat(LockHolder.parse(SELF.toBytes())).contains(SELF);
        assertThat(SELF.program()).isNotBlank().doesNotContain("/", " ");
    }

    @Test
    void numberOfAProcessThatWasStartedAtAnotherTimeIsAnothers() {
        LockHolder killed = new LockHolder(SELF.pid(), SELF.startedAt().map(time -> time - 1), "ota update");

        assertThat(killed.isAlive()).isFalse();
    }

    @Test
    void processThatHasEndedIsNotAlive() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();

        assertThat(new LockHolder(process.pid(), Optional.empty(), "true").isAlive())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "process 1 (java)\n", "OTAHOLDER 1\nholder 1 - x\n", "OTAHOLDER 1\nEND 00\n"})
    void whatIsNotWholeNamesNobody(String text) {
        assertThat(LockHolder.parse(text.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void fieldsThatAreNoNumbersNameNobody() throws IOException {
        byte[] sealed = new SealedText()
                .line("OTAHOLDER", 1)
                .line("holder", "x", "-", "y")
                .toBytes();

        assertThat(LockHolder.parse(sealed)).isEmpty();
    }
}
