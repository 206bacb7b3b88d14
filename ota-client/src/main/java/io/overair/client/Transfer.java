package io.overair.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The bytes of a {@link Download} under watch: counted against the largest size, timed against the slowest rate, ended by
 * an interrupt. What goes wrong on the way becomes a {@link BrokenTransferException}, so that a failing transport is never
 * mistaken for a failing disk.
 */
final class Transfer extends InputStream {
    /** Told what has arrived. */
    interface Observer {
        void arrived(long bytes, OptionalLong total, long bytesPerSecond);
    }

    private static final long NANOS_BETWEEN_REPORTS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Download download;
    private final String subject;
    private final long maxBytes;
    private final Limits limits;
    private final RateMeter meter;
    private final Observer observer;
    private long position;
    private long lastReport;

    /**
     * Watches {@code download}, and closes it with itself.
     *
     * @param subject what is fetched, for messages
     * @param maxBytes most bytes from the beginning of the content to its end
     */
    Transfer(
            Download download, String subject, long maxBytes, Limits limits, LongSupplier nanoTime, Observer observer) {
        this.download = download;
        this.subject = subject;
        this.maxBytes = maxBytes;
        this.limits = limits;
        this.meter = new RateMeter(nanoTime);
        this.observer = observer;
        this.position = download.offset();
        report();
    }

    /** Where the bytes begin. */
    long offset() {
        return download.offset();
    }

    /** How many bytes have come so far. */
    long received() {
        return position - download.offset();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        checkNotInterrupted();
        if (length == 0) {
            return 0; // some streams wait for the next byte before they give none
        }
        int count = readFromPeer(buffer, offset, length);
        if (count < 0) {
            checkItIsTheEnd();
            report();
            return -1;
        }
        position += count;
        meter.add(count);
        if (position > maxBytes) {
            throw new DownloadException(subject, "more than " + maxBytes + " bytes");
        }
        checkSpeed();
        if (meter.elapsedNanos() - lastReport >= NANOS_BETWEEN_REPORTS) {
            report();
        }
        return count;
    }

    private int readFromPeer(byte[] buffer, int offset, int length) throws BrokenTransferException {
        try {
            return download.content().read(buffer, offset, length);
        } catch (IOException e) {
            throw new BrokenTransferException(e);
        }
    }

    /** An early end is never taken for the end. */
    private void checkItIsTheEnd() throws BrokenTransferException {
        OptionalLong total = download.totalLength();
        if (total.isPresent() && position < total.getAsLong()) {
            throw new BrokenTransferException(
                    new EOFException("broke off after %d of %d bytes".formatted(position, total.getAsLong())));
        }
    }

    private void checkSpeed() throws BrokenTransferException {
        if (meter.hasSeenAWholeWindow() && meter.bytesPerSecond() < limits.minBytesPerSecond()) {
            throw new BrokenTransferException(
                    new IOException("too slow: %d bytes a second over the last minute, at least %d wanted"
                            .formatted(meter.bytesPerSecond(), limits.minBytesPerSecond())));
        }
        if (meter.elapsedNanos() > limits.longestTransfer().toNanos()) {
            throw new BrokenTransferException(new IOException("not done within " + limits.longestTransfer()));
        }
    }

    private void report() {
        lastReport = meter.elapsedNanos();
        observer.arrived(position, download.totalLength(), meter.bytesPerSecond());
    }

    static void checkNotInterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted; nothing was changed, what has arrived is kept");
        }
    }

    @Override
    public void close() {
        try {
            download.close();
        } catch (IOException e) {
            // Whatever came is verified or thrown away by now, so it does not matter how the transfer says goodbye.
        }
    }
}
