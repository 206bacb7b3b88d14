package io.overair.examples.cli;

import io.overair.manifest.DevicePath;
import io.overair.tree.ScanListener;
import java.io.Closeable;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on stderr how much of a repository has been read. How much there is nobody knows before, so there are no
 * percentages. Closing it ends the display, whatever is read
 * later. Safe for use by many threads.
 */
interface Progress extends ScanListener, Closeable {
    @Override
    void close();

    /** The display that options and surroundings ask for. */
    static Progress of(GlobalOptions options, Surroundings surroundings) {
        return switch (kindOf(options, surroundings)) {
            case bar -> new Bar(surroundings.err(), System::nanoTime);
            case plain -> new Plain(surroundings.err(), System::nanoTime);
            default -> new None();
        };
    }

    /** How progress is to be shown: any kind but auto. */
    static GlobalOptions.ProgressKind kindOf(GlobalOptions options, Surroundings surroundings) {
        if (options.quiet) {
            return GlobalOptions.ProgressKind.none;
        }
        if (options.progress == GlobalOptions.ProgressKind.auto) {
            boolean terminal = surroundings.terminals().contains(Surroundings.Stream.ERR);
            return terminal ? GlobalOptions.ProgressKind.bar : GlobalOptions.ProgressKind.plain;
        }
        return options.progress;
    }

    /** No display at all. */
    final class None implements Progress {
        @Override
        public void hashed(DevicePath path, long bytes) {}

        @Override
        public void close() {}
    }

    /** A line that is redrawn in place, and gone when the work is done; for work of more than a second. */
    final class Bar implements Progress {
        private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();
        private static final int REDRAW_MILLIS = 200;
        private static final int UNKNOWN = -1;
        private static final int COLUMNS = 79;

        private final PrintStream stream;
        private final LongSupplier nanoTime;
        private final long start;
        private long files;
        private @Nullable ProgressBar bar;
        private volatile boolean closed;

        Bar(PrintStream stream, LongSupplier nanoTime) {
            this.stream = stream;
            this.nanoTime = nanoTime;
            this.start = nanoTime.getAsLong();
        }

        @Override
        public synchronized void hashed(DevicePath path, long bytes) {
            files++;
            if (bar == null && !closed && nanoTime.getAsLong() - start >= PATIENCE_NANOS) {
                bar = new ProgressBarBuilder()
                        .setTaskName("reading")
                        .setUnit(" files", 1)
                        .setInitialMax(UNKNOWN)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(REDRAW_MILLIS)
                        .setConsumer(new DelegatingProgressBarConsumer(this::draw, COLUMNS))
                        .build();
            }
            if (bar != null) {
                bar.stepTo(files);
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            if (bar != null) {
                bar.close();
                stream.print("\r" + " ".repeat(COLUMNS) + "\r");
                stream.flush();
            }
        }

        /** Called by the library's own thread, once more when the bar is closed. */
        private void draw(String line) {
            if (!closed) {
                stream.print("\r" + line);
                stream.flush();
            }
        }
    }

    /** A line every five seconds, so none at all for what is done sooner. */
    final class Plain implements Progress {
        private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

        private final PrintStream stream;
        private final LongSupplier nanoTime;
        private long lastLine;
        private boolean closed;
        private long files;
        private long bytes;

        Plain(PrintStream stream, LongSupplier nanoTime) {
            this.stream = stream;
            this.nanoTime = nanoTime;
            this.lastLine = nanoTime.getAsLong();
        }

        @Override
        public synchronized void hashed(DevicePath path, long bytes) {
            files++;
            this.bytes += bytes;
            long now = nanoTime.getAsLong();
            if (!closed && now - lastLine >= INTERVAL_NANOS) {
                stream.println("reading: " + files + " files, " + Bytes.toText(this.bytes));
                lastLine = now;
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
        }
    }
}
