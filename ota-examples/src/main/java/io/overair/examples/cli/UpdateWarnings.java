package io.overair.examples.cli;

import io.overair.client.UpdateEvent;
import io.overair.client.UpdateEvent.Downgrade;
import io.overair.client.UpdateEvent.FirmwareSkipped;
import io.overair.client.UpdateEvent.Retrying;
import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import java.util.Locale;
import java.util.function.Consumer;

/** Says what does not go as it should while an update goes on. */
record UpdateWarnings(Console console) implements Consumer<UpdateEvent> {
    @Override
    public void accept(UpdateEvent event) {
        if (event instanceof Retrying retrying) {
            tell(retrying, "");
        } else if (event instanceof Downgrade downgrade) {
            console.warning(
                    "the server goes back: %s is older than %s".formatted(downgrade.offered(), downgrade.current()));
        } else if (event instanceof FirmwareSkipped) {
            console.warning("the firmware of this release is left out, as asked for");
        }
    }

    /** Says that something is tried again; {@code where} it failed stands behind what failed. */
    void tell(Retrying retrying, String where) {
        String subject = retrying.target().map(UpdateWarnings::nameOf).orElse("manifest");
        console.warning("%s: %s%s; try %d of %d in %s"
                .formatted(
                        subject,
                        DeviceFailures.reason(retrying.cause(), subject),
                        where,
                        retrying.failures() + 1,
                        retrying.tries(),
                        String.format(Locale.ROOT, "%.1f s", retrying.pause().toMillis() / 1000.0)));
    }

    /** What people call a target. */
    static String nameOf(Target target) {
        return target instanceof TargetFile file ? file.path().value() : "firmware";
    }
}
