package io.overair.examples.cli;

import io.overair.version.LooseVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ota unblock}: a release that failed may come again. */
@Command(
        name = "unblock",
        description = {
            "Lets a release come again that failed on this device.",
            "It takes the next ota update to install it."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class UnblockCommand implements Callable<Integer> {
    @Mixin
    private DeviceOption device;

    @Mixin
    private DeviceChange change;

    @Parameters(
            paramLabel = "VERSION",
            converter = ServerOption.Version.class,
            description = "The release; `ota status` lists those that are blocked.")
    private LooseVersion release;

    @Override
    public Integer call() throws CommandFailure {
        return change.make(device, (installation, console) -> {
            boolean wasBlocked = installation.unblock(release);
            console.result((wasBlocked ? "unblocked    " : "not blocked  ") + release);
            console.json(
                    "unblocked", line -> line.put("version", release.toString()).put("wasBlocked", wasBlocked));
        });
    }
}
