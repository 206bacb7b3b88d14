package io.overair.examples.cli;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code ota check}: is there an update? */
@Command(
        name = "check",
        description = {
            "Asks whether there is an update for a device, and changes nothing.",
            "Ends with status 10 if there is."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.AVAILABLE,
            ExitStatus.NETWORK,
            ExitStatus.REFUSED,
            ExitStatus.DOWNGRADE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.STUCK,
            ExitStatus.INTERRUPTED,
            ExitStatus.READER_GONE
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class CheckCommand implements Callable<Integer> {
    private static final int AVAILABLE = 10;

    @ParentCommand
    private OtaCommand ota;

    @Mixin
    private ServerOption server;

    @Mixin
    private DeviceOption device;

    @Override
    public Integer call() throws CommandFailure, IOException {
        Console console = ota.console();
        ota.endInGoodOrder();
        try (Transport transport = server.transport()) {
            return device.read(installation -> {
                Ota updater = server.updater(transport, installation)
                        .retry(ota.surroundings().retry())
                        .listener(new UpdateWarnings(console))
                        .build();
                updater.connect();
                Optional<LooseVersion> current = server.versionOf(installation);
                Optional<Manifest> offered = updater.checkForUpdate();
                offered.ifPresentOrElse(
                        manifest -> tellOffer(new Offer(current, manifest), console),
                        () -> tellUpToDate(current, console));
                return offered.isPresent() ? AVAILABLE : 0;
            });
        }
    }

    private static void tellOffer(Offer offer, Console console) {
        console.result(offer.toText());
        console.json("check", line -> offer.putInto(line.put("available", true)));
    }

    private static void tellUpToDate(Optional<LooseVersion> current, Console console) {
        UpToDate upToDate = new UpToDate(current);
        console.result(upToDate.toText());
        console.json("check", line -> upToDate.putInto(line.put("available", false)));
    }
}
