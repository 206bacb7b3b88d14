package io.overair.examples.cli;

import io.overair.version.LooseVersion;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ota reject}: a release has not passed its trial. */
@Command(
        name = "reject",
        description = {
            "Refuses the release that is on trial: it goes at the next start.",
            "Until then it runs on. The guard, an application that opens its installation, or ota recover then brings",
            "back the version before, and the release is blocked. `ota rollback` does it at once."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class RejectCommand implements Callable<Integer> {
    @Mixin
    private DeviceOption device;

    @Mixin
    private DeviceChange change;

    @Mixin
    private ReleaseArgument argument;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "rejected by hand",
            description = "Why; kept with the release. Default: ${DEFAULT-VALUE}.")
    private String reason;

    @Override
    public Integer call() throws CommandFailure {
        LooseVersion release = argument.in(device.status());
        return change.make(device, (installation, console) -> {
            installation.reject(release, reason);
            boolean isInstalled = installation.version().equals(Optional.of(release));
            console.result("rejected     %s   the version before is back %s"
                    .formatted(release, isInstalled ? "at the next start" : "already"));
            console.json(
                    "rejected", line -> line.put("version", release.toString()).put("reason", reason));
        });
    }
}
