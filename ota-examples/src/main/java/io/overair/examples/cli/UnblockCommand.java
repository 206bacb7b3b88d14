package io.overair.examples.cli;

import io.overair.version.LooseVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ota unblock}: a release that failed may come again. */
@Command(
        name = "unblock",
        description = {
            "Lets a release come again that failed on this device.",
            "It takes the next ota update to install it."
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
final class UnblockCommand implements Callable<Integer> {
    @ParentCommand
    private OtaCommand ota;

    @Mixin
    private DeviceOption device;

    @Mixin
    private FirmwareOption firmware;

    @Parameters(
            paramLabel = "VERSION",
            converter = ServerOption.Version.class,
            description = "The release; `ota status` lists those that are blocked.")
    private LooseVersion release;

    @Override
    public Integer call() throws CommandFailure {
        Console console = ota.console();
        return device.change(firmware.options(), installation -> {
            Recovered.tell(installation, console);
            boolean wasBlocked = installation.unblock(release);
            console.result((wasBlocked ? "unblocked    " : "not blocked  ") + release);
            console.json(
                    "unblocked", line -> line.put("version", release.toString()).put("wasBlocked", wasBlocked));
            return 0;
        });
    }
}
