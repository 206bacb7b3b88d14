package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void scriptKnowsTheVerbsAndTheirOptions(String shell) throws IOException {
        Invocation completion = Invocation.of("completion", shell);

        assertThat(completion.exitStatus()).isZero();
        assertThat(completion.out())
                .contains(
                        "rollback",
                        "--firmware-dir",
                        "--skip-firmware",
                        "--no-downgrade",
                        "unblock",
                        "--health",
                        "--log",
                        "compinit");
        assertThat(Invocation.of("completion", shell, "--json")
                        .json()
                        .get(0)
                        .at("/shell")
                        .asText())
                .isEqualTo(shell);
    }

    @Test
    void otherShellsAreRefused() {
        assertThat(Invocation.of("completion", "fish").exitStatus()).isEqualTo(2);
    }
}
