package io.overair.examples.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Shows on stderr how far a download is. For one thread. */
interface DownloadProgress {
    /** Shows what has come, if it is time to. */
    void show(Downloaded downloaded);

    /** Clears the line for something else; what comes later is shown again. */
    void interrupt();

    /**
     * What has come so far.
     *
     * @param done files that are complete
     * @param files how many there are to be
     * @param share of the file under way, from 0 to 1; 0 where its length is not known
     * @param bytes in all
     * @param bytesPerSecond 0 while that is not known
     */
    record Downloaded(int done, int files, double share, long bytes, long bytesPerSecond) {
        /** From 0 to 1. */
        double part() {
            return files == 0 ? 1 : Math.min(1, (done + share) / files);
        }

        /** {@code file 4/6}, {@code 270.0 KiB}, {@code 1.1 MiB/s}. */
        String toText(String separator) {
            String text = "file " + Math.min(done + 1, files) + "/" + files + separator + Bytes.toText(bytes);
            return bytesPerSecond == 0 ? text : text + separator + Bytes.toText(bytesPerSecond) + "/s";
        }
    }

    /** The display that options and surroundings ask for. */
    static DownloadProgress of(GlobalOptions options, Surroundings surroundings) {
        return switch (Progress.kindOf(options, surroundings)) {
            case bar -> new Bar(surroundings.err(), System::nanoTime);
            case plain -> new Plain(surroundings.err(), System::nanoTime);
            default -> new None();
        };
    }

    /** No display at all. */
    final class None implements DownloadProgress {
        @Override
        public void show(Downloaded downloaded) {}

        @Override
        public void interrupt() {}
    }

    /** A line that is redrawn in place, and gone when the work is done. */
    final class Bar implements DownloadProgress {
        /** Also how long a download may take without being shown. */
        private static final long INTERVAL_NANOS = Duration.ofMillis(100).toNanos();

        private static final int WIDTH = 20;

        private final PrintStream stream;
        private final LongSupplier nanoTime;
        private long lastDrawn;
        private int drawnColumns;

        Bar(PrintStream stream, LongSupplier nanoTime) {
            this.stream = stream;
            this.nanoTime = nanoTime;
            this.lastDrawn = nanoTime.getAsLong();
        }

        @Override
        public void show(Downloaded downloaded) {
            long now = nanoTime.getAsLong();
            if (now - lastDrawn < INTERVAL_NANOS) {
                return;
            }
            lastDrawn = now;
            int full = (int) (downloaded.part() * WIDTH);
            String line = "downloading  [%s%s]  %s"
                    .formatted("#".repeat(full), "-".repeat(WIDTH - full), downloaded.toText("  "));
            draw(line + " ".repeat(Math.max(0, drawnColumns - line.length())));
            drawnColumns = line.length();
        }

        @Override
        public void interrupt() {
            if (drawnColumns > 0) {
                draw(" ".repeat(drawnColumns));
                draw("");
                drawnColumns = 0;
            }
        }

        private void draw(String line) {
            stream.print("\r" + line);
            stream.flush();
        }
    }

    /** A line every five seconds or for each tenth of the whole, whichever comes first. */
    final class Plain implements DownloadProgress {
        private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();
        private static final double TENTH = 0.1;

        private final PrintStream stream;
        private final LongSupplier nanoTime;
        private long lastLine;
        private double lastPart;

        Plain(PrintStream stream, LongSupplier nanoTime) {
            this.stream = stream;
            this.nanoTime = nanoTime;
            this.lastLine = nanoTime.getAsLong();
        }

        @Override
        public void show(Downloaded downloaded) {
            long now = nanoTime.getAsLong();
            if (now - lastLine >= INTERVAL_NANOS || downloaded.part() - lastPart >= TENTH) {
                stream.println("downloading: " + downloaded.toText(", "));
                lastLine = now;
                lastPart = downloaded.part();
            }
        }

        @Override
        public void interrupt() {}
    }
}
