package io.overair.examples.cli;

import io.overair.version.LooseVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ota confirm}: a release has passed its trial. */
@Command(
        name = "confirm",
        description = {
            "Ends the trial of a release: it stays.",
            "No error if it has passed its trial before. `ota rollback` still goes back."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class ConfirmCommand implements Callable<Integer> {
    @Mixin
    private DeviceOption device;

    @Mixin
    private DeviceChange change;

    @Mixin
    private ReleaseArgument argument;

    @Override
    public Integer call() throws CommandFailure {
        LooseVersion release = argument.in(device.status());
        return change.make(device, (installation, console) -> {
            installation.confirm(release);
            tell(release, console);
        });
    }

    static void tell(LooseVersion release, Console console) {
        console.result(console.paint(Console.Paint.GREEN, "confirmed") + "    " + release);
        console.json("confirmed", line -> line.put("version", release.toString()));
    }
}
