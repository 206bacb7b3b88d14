package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.examples.cli.DownloadProgress.Downloaded;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DownloadProgressTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(shown, true, StandardCharsets.UTF_8);
    private long now;

    @Test
    void barShowsFilesBytesAndRate() {
        DownloadProgress bar = new DownloadProgress.Bar(stream, () -> now);
        pass(Duration.ofSeconds(1));

        bar.show(new Downloaded(3, 6, 0.9, 270 * 1024, 1153434));

        assertThat(text()).isEqualTo("\rdownloading  [#############-------]  file 4/6  270.0 KiB  1.1 MiB/s");
    }

    @Test
    void barOfALengthNobodyKnowsMovesWithTheFiles() {
        DownloadProgress bar = new DownloadProgress.Bar(stream, () -> now);
        pass(Duration.ofSeconds(1));

        bar.show(new Downloaded(1, 2, 0, 5, 0));

        assertThat(text()).isEqualTo("\rdownloading  [##########----------]  file 2/2  5 B");
    }

    @Test
    void quickDownloadsShowNoBar() {
        DownloadProgress bar = new DownloadProgress.Bar(stream, () -> now);

        bar.show(new Downloaded(0, 1, 1, 5, 0));
        bar.interrupt();

        assertThat(text()).isEmpty();
    }

    @Test
    void barGivesWayToAWarning() {
        DownloadProgress bar = new DownloadProgress.Bar(stream, () -> now);
        pass(Duration.ofSeconds(1));
        bar.show(new Downloaded(0, 1, 0, 5, 0));
        int columns = text().length() - 1;

        bar.interrupt();

        assertThat(text()).endsWith("\r" + " ".repeat(columns) + "\r");
    }

    @Test
    void shorterLineCoversALongerOne() {
        DownloadProgress bar = new DownloadProgress.Bar(stream, () -> now);
        pass(Duration.ofSeconds(1));
        bar.show(new Downloaded(0, 1, 0, 1000, 0));
        pass(Duration.ofSeconds(1));

        bar.show(new Downloaded(0, 1, 0, 7, 0));

        assertThat(text()).endsWith("  7 B" + " ".repeat("1000 B".length() - "7 B".length()));
    }

    @Test
    void widestBarFitsATerminal() {
        DownloadProgress bar = new DownloadProgress.Bar(stream, () -> now);
        pass(Duration.ofSeconds(1));

        bar.show(new Downloaded(9998, 9999, 1, 1023L << 30, 1023L << 20));

        assertThat(text().length()).isLessThanOrEqualTo(80);
    }

    @Test
    void plainLinesComeEveryFiveSeconds() {
        DownloadProgress plain = new DownloadProgress.Plain(stream, () -> now);
        for (int i = 1; i <= 11; i++) {
            pass(Duration.ofSeconds(1));
            plain.show(new Downloaded(0, 1, 0, i, 0));
        }

        assertThat(text().lines()).containsExactly("downloading: file 1/1, 5 B", "downloading: file 1/1, 10 B");
    }

    @Test
    void plainLinesComeForEachTenth() {
        DownloadProgress plain = new DownloadProgress.Plain(stream, () -> now);
        for (int i = 1; i <= 100; i++) {
            plain.show(new Downloaded(0, 1, i / 100.0, i, 0));
        }

        assertThat(text().lines()).hasSizeBetween(9, 10);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private String text() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
