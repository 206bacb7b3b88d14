package io.overair.examples.cli;

import io.overair.version.LooseVersion;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ota rollback}: back to the version before. */
@Command(
        name = "rollback",
        description = {
            "Brings back the version before, all or nothing.",
            "Files and firmware come from what the device kept: no network is needed. There is one step back; the",
            "next update makes another."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.STUCK,
            ExitStatus.INTERRUPTED
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class RollbackCommand implements Callable<Integer> {
    @ParentCommand
    private OtaCommand ota;

    @Mixin
    private DeviceOption device;

    @Mixin
    private FirmwareOption firmware;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; written down in the log of the device.")
    private Optional<String> reason = Optional.empty();

    @Override
    public Integer call() throws CommandFailure {
        Console console = ota.console();
        return device.change(firmware.options(), installation -> {
            Recovered.tell(installation, console);
            Optional<LooseVersion> from = installation.version();
            if (reason.isPresent()) {
                installation.rollBack(reason.get());
            } else {
                installation.rollBack();
            }
            Optional<LooseVersion> to = installation.version();
            console.result(console.paint(Console.Paint.GREEN, "rolled back") + "  " + name(from) + " -> " + name(to));
            console.json("rolled-back", line -> {
                from.ifPresent(version -> line.put("from", version.toString()));
                to.ifPresent(version -> line.put("to", version.toString()));
            });
            return 0;
        });
    }

    private static String name(Optional<LooseVersion> version) {
        return version.map(LooseVersion::toString).orElse("unknown version");
    }
}
