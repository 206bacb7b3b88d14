package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.client.UpdateEvent;
import io.overair.client.UpdateEvent.Begun;
import io.overair.client.UpdateEvent.Downgrade;
import io.overair.client.UpdateEvent.FirmwareSkipped;
import io.overair.client.UpdateEvent.Offered;
import io.overair.client.UpdateEvent.Progress;
import io.overair.client.UpdateEvent.Retrying;
import io.overair.client.UpdateEvent.RolledBack;
import io.overair.client.UpdateEvent.Staged;
import io.overair.install.IntegrityException;
import io.overair.version.LooseVersion;
import java.io.Closeable;
import java.util.function.Consumer;

/** Shows an update while it goes on: a line for each stage, and how far the download is. For one thread. */
final class UpdateDisplay implements Consumer<UpdateEvent>, Closeable {
    private final Console console;
    private final UpdateWarnings warnings;
    private final DownloadProgress progress;
    private int files;
    private int staged;
    private long stagedBytes;
    private long currentBytes;

    UpdateDisplay(Console console) {
        this.console = console;
        this.warnings = new UpdateWarnings(console);
        this.progress = console.downloadProgress();
    }

    @Override
    public void accept(UpdateEvent event) {
        if (event instanceof Offered offered) {
            Offer offer = new Offer(offered.current(), offered.manifest());
            console.detail(offer.toText());
            console.jsonDetail("offered", offer::putInto);
        } else if (event instanceof Downgrade || event instanceof FirmwareSkipped) {
            warnings.accept(event);
        } else if (event instanceof Begun begun) {
            files = begun.missing().size();
            console.jsonDetail("begun", line -> line.put("missing", files));
        } else if (event instanceof Progress arrived) {
            show(arrived);
        } else if (event instanceof Staged done) {
            tellStaged(done);
        } else if (event instanceof Retrying retrying) {
            progress.interrupt();
            boolean brokeOff = currentBytes > 0 && !(retrying.cause() instanceof IntegrityException);
            warnings.tell(retrying, brokeOff ? " at " + Bytes.toText(currentBytes) : "");
            console.jsonDetail("retrying", line -> putInto(line, retrying));
        } else if (event instanceof RolledBack rolledBack) {
            console.jsonDetail("rolled-back", line -> {
                rolledBack.current().map(LooseVersion::toString).ifPresent(version -> line.put("version", version));
                line.put("undone", rolledBack.undone().toString());
            });
        }
    }

    @Override
    public void close() {
        progress.interrupt();
    }

    private void show(Progress arrived) {
        currentBytes = arrived.bytes();
        double share = arrived.total().isPresent() && arrived.total().getAsLong() > 0
                ? (double) currentBytes / arrived.total().getAsLong()
                : 0;
        progress.show(new DownloadProgress.Downloaded(
                staged, files, Math.min(share, 1), stagedBytes + currentBytes, arrived.bytesPerSecond()));
        console.jsonDetail("progress", line -> {
            line.put("target", UpdateWarnings.nameOf(arrived.target()));
            line.put("bytes", arrived.bytes());
            arrived.total().ifPresent(total -> line.put("total", total));
            line.put("bytesPerSecond", arrived.bytesPerSecond());
        });
    }

    private void tellStaged(Staged done) {
        staged++;
        stagedBytes += currentBytes;
        currentBytes = 0;
        console.jsonDetail("staged", line -> line.put("target", UpdateWarnings.nameOf(done.target())));
        if (staged == files) {
            progress.interrupt();
            console.detail("verified     %d %s, %s"
                    .formatted(files, files == 1 ? "file" : "files", Bytes.toText(stagedBytes)));
        }
    }

    private static void putInto(ObjectNode line, Retrying retrying) {
        line.put("target", retrying.target().map(UpdateWarnings::nameOf).orElse("manifest"))
                .put("failures", retrying.failures())
                .put("tries", retrying.tries())
                .put("pauseMillis", retrying.pause().toMillis())
                .put("cause", DeviceFailures.reason(retrying.cause()));
    }
}
