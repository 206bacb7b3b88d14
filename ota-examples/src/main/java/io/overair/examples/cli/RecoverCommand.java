package io.overair.examples.cli;

import io.overair.install.Installation;
import io.overair.install.InstallationStatus;
import io.overair.install.Recovery;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ota recover}: brings an update that was cut to its end. */
@Command(
        name = "recover",
        description = {
            "Finishes or undoes what a crash left; needs no network.",
            "Does nothing otherwise. Run it when a device starts, before what it runs."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class RecoverCommand implements Callable<Integer> {
    @Mixin
    private DeviceOption device;

    @Mixin
    private DeviceChange change;

    @Mixin
    private HookOptions hooks;

    @Override
    public Integer call() throws CommandFailure {
        return change.makeSilently(device, hooks::addTo, (installation, console) -> {
            Recovered recovered = new Recovered(recover(installation));
            Optional<LooseVersion> version = installation.version();
            console.result(recovered.toText());
            version.ifPresent(it -> console.result("version      " + it));
            console.json("recover", line -> {
                line.put("result", recovered.word());
                version.ifPresent(it -> line.put("version", it.toString()));
            });
            if (installation.recovery() == Recovery.STAYS) {
                throw stays(installation);
            }
        });
    }

    private static CommandFailure stays(Installation installation) throws IOException {
        InstallationStatus status = installation.status();
        List<String> missing = status.stores().stream()
                .filter(store -> store.presence() == InstallationStatus.Presence.MISSING)
                .map(store -> store.mount().value())
                .toList();
        return new CommandFailure(
                ErrorCode.STUCK,
                "%s is rejected, and cannot be taken back now%s"
                        .formatted(
                                status.version().map(LooseVersion::toString).orElse("the release"),
                                missing.isEmpty() ? "" : ": waiting for " + String.join(", ", missing)),
                "it runs on; nothing is lost. `ota status --log` shows what was tried, `ota recover` tries again"
                        + (missing.isEmpty()
                                ? "."
                                : ", with --replaced-store DIR if what is missing is gone for good."));
    }

    /** Beyond what opening did: on a device that both clients have updated, too. */
    private static Recovery recover(Installation installation) throws IOException {
        boolean restored = installation.restoreWhatPycomsClientCut() > 0;
        return restored && installation.recovery() == Recovery.NOTHING_TO_DO
                ? Recovery.RESTORED
                : installation.recovery();
    }
}
