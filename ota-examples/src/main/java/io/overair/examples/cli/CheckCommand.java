package io.overair.examples.cli;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateEvent;
import io.overair.install.TrialStatus;
import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
            "Ends with status 10 if there is. A release that failed on the device before is none."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.AVAILABLE,
            ExitStatus.ON_TRIAL,
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
                Optional<TrialStatus> trial = installation.status().trial();
                if (trial.isPresent()) {
                    throw new OnTrial(trial.get()).failure();
                }
                List<LooseVersion> blocked = new ArrayList<>();
                UpdateWarnings warnings = new UpdateWarnings(console);
                Ota updater = server.updater(transport, installation)
                        .retry(ota.surroundings().retry())
                        .listener(event -> {
                            warnings.accept(event);
                            if (event instanceof UpdateEvent.Blocked passedOver) {
                                blocked.add(passedOver.release());
                            }
                        })
                        .build();
                updater.connect();
                Optional<LooseVersion> current = server.versionOf(installation);
                Optional<Manifest> offered = updater.checkForUpdate();
                if (offered.isPresent()) {
                    tellOffer(new Offer(current, offered.get()), console);
                    return AVAILABLE;
                }
                if (blocked.isEmpty()) {
                    tellUpToDate(current, console);
                } else {
                    tellBlocked(new PassedOver(current, blocked.get(0)), console);
                }
                return 0;
            });
        }
    }

    private static void tellOffer(Offer offer, Console console) {
        console.result(offer.toText());
        console.json("check", line -> offer.putInto(line.put("available", true)));
    }

    private static void tellBlocked(PassedOver passedOver, Console console) {
        console.result(passedOver.toText());
        console.json("check", line -> passedOver.putInto(line.put("available", false)));
    }

    private static void tellUpToDate(Optional<LooseVersion> current, Console console) {
        UpToDate upToDate = new UpToDate(current);
        console.result(upToDate.toText());
        console.json("check", line -> upToDate.putInto(line.put("available", false)));
    }
}
