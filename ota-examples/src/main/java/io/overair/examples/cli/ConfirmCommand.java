package io.overair.examples.cli;

import io.overair.version.LooseVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code ota confirm}: a release has passed its trial. */
@Command(
        name = "confirm",
        description = {
            "Ends the trial of a release: it stays.",
            "No error if it has passed its trial before. `ota rollback` still goes back."
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
final class ConfirmCommand implements Callable<Integer> {
    @ParentCommand
    private OtaCommand ota;

    @Mixin
    private DeviceOption device;

    @Mixin
    private FirmwareOption firmware;

    @Mixin
    private ReleaseArgument argument;

    @Override
    public Integer call() throws CommandFailure {
        Console console = ota.console();
        LooseVersion release = argument.in(device.status());
        return device.change(firmware.options(), installation -> {
            Recovered.tell(installation, console);
            installation.confirm(release);
            tell(release, console);
            return 0;
        });
    }

    static void tell(LooseVersion release, Console console) {
        console.result(console.paint(Console.Paint.GREEN, "confirmed") + "    " + release);
        console.json("confirmed", line -> line.put("version", release.toString()));
    }
}
