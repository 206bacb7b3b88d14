package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.client.RetryPolicy;
import io.overair.examples.cli.GlobalOptions.ProgressKind;
import io.overair.examples.cli.Surroundings.Stream;
import io.overair.manifest.DevicePath;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProgressTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(shown, true, StandardCharsets.UTF_8);
    private long now;

    @Test
    void plainProgressIsALineEveryFiveSeconds() {
        Progress progress = new Progress.Plain(stream, () -> now);
        for (int i = 0; i < 12; i++) {
            now += Duration.ofSeconds(1).toNanos();
            progress.hashed(new DevicePath("flash/main.py"), 1024);
        }

        assertThat(text().lines()).containsExactly("reading: 5 files, 5.0 KiB", "reading: 10 files, 10.0 KiB");
    }

    @Test
    void nothingIsShownOnceItIsClosed() {
        Progress progress = new Progress.Plain(stream, () -> now);
        progress.close();
        now += Duration.ofSeconds(6).toNanos();

        progress.hashed(new DevicePath("flash/main.py"), 1024);

        assertThat(shown.size()).isZero();
    }

    @Test
    @Timeout(30)
    void barShowsOnlyWhenWorkTakesLongAndIsGoneAfterwards() {
        try (Progress progress = new Progress.Bar(stream, () -> now)) {
            progress.hashed(new DevicePath("flash/main.py"), 1024);
            assertThat(shown.size()).isZero();

            now += Duration.ofSeconds(1).toNanos();
            progress.hashed(new DevicePath("flash/main.py"), 1024);
            while (!text().contains("reading")) {
                Thread.onSpinWait();
            }
        }

        assertThat(text()).endsWith("\r" + " ".repeat(79) + "\r");
    }

    @Test
    void barIsForTerminalsUnlessAskedFor() {
        assertThat(progress(ProgressKind.auto, Set.of())).isInstanceOf(Progress.Plain.class);
        assertThat(progress(ProgressKind.auto, Set.of(Stream.OUT))).isInstanceOf(Progress.Plain.class);
        assertThat(progress(ProgressKind.auto, Set.of(Stream.ERR))).isInstanceOf(Progress.Bar.class);
        assertThat(progress(ProgressKind.bar, Set.of())).isInstanceOf(Progress.Bar.class);
        assertThat(progress(ProgressKind.plain, Set.of(Stream.ERR))).isInstanceOf(Progress.Plain.class);
        assertThat(progress(ProgressKind.none, Set.of(Stream.ERR))).isInstanceOf(Progress.None.class);
    }

    private Progress progress(ProgressKind kind, Set<Stream> terminals) {
        GlobalOptions options = new GlobalOptions();
        options.progress = kind;
        try (Progress progress =
                Progress.of(options, new Surroundings(Map.of(), stream, stream, terminals, RetryPolicy.never()))) {
            return progress;
        }
    }

    private String text() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
