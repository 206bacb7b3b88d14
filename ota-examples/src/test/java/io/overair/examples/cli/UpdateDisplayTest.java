package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.client.RetryPolicy;
import io.overair.client.UpdateEvent;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpdateDisplayTest {
    private static final Target FILE = new TargetFile(
            new DevicePath("flash/lib/x.py"),
            "1.0.1/flash/lib/x.py",
            List.of(Digest.ofContent(Digest.Algorithm.SHA1, new byte[0])),
            OptionalLong.empty());

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final UpdateDisplay display = new UpdateDisplay(new Console(
            new Surroundings(Map.of(), stream(out), stream(err), Set.of(), RetryPolicy.never()), new GlobalOptions()));

    @Test
    void lossOfAConnectionIsToldWithThePlaceAndTheNextTry() {
        display.accept(new UpdateEvent.Begun(List.of(FILE)));
        display.accept(new UpdateEvent.Progress(FILE, 270 * 1024, OptionalLong.empty(), 0));

        display.accept(new UpdateEvent.Retrying(
                Optional.of(FILE), 1, 5, Duration.ofMillis(3400), new IOException("Connection lost")));

        assertThat(err).hasToString("warning: flash/lib/x.py: connection lost at 270.0 KiB; try 2 of 5 in 3.4 s\n");
    }

    @Test
    void whatIsVerifiedIsSummedUp() {
        display.accept(new UpdateEvent.Begun(List.of(FILE)));
        display.accept(new UpdateEvent.Progress(FILE, 100, OptionalLong.of(100), 0));

        display.accept(new UpdateEvent.Staged(FILE));

        assertThat(out).hasToString("verified     1 file, 100 B\n");
    }

    @Test
    void retryOfTheManifestIsToldAsWell() {
        display.accept(
                new UpdateEvent.Retrying(Optional.empty(), 2, 5, Duration.ofSeconds(1), new IOException("Broken")));

        assertThat(err).hasToString("warning: manifest: broken; try 3 of 5 in 1.0 s\n");
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
