package io.overair.examples.cli;

import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import java.io.IOException;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** What verbs have in common that change a device and need no server. */
@Command(
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
final class DeviceChange {
    @ParentCommand
    private OtaCommand ota;

    @Mixin
    private FirmwareOption firmware;

    @Mixin
    private ReplacedStores replacedStores;

    /** What a verb does with an installation, and says about it. */
    @FunctionalInterface
    interface Work {
        void on(Installation installation, Console console) throws CommandFailure, IOException;
    }

    /** Does {@code work} on {@code device}, after a word on what an earlier run left; the exit status. */
    int make(DeviceOption device, Work work) throws CommandFailure {
        return make(device, UnaryOperator.identity(), work);
    }

    /** The same, with options besides that of the firmware. */
    int make(DeviceOption device, UnaryOperator<InstallationOptions> more, Work work) throws CommandFailure {
        return makeSilently(device, more, (installation, console) -> {
            Recovered.tell(installation, console);
            work.on(installation, console);
        });
    }

    /** The same, for a verb that tells by itself what an earlier run left. */
    int makeSilently(DeviceOption device, UnaryOperator<InstallationOptions> more, Work work) throws CommandFailure {
        InstallationOptions options = replacedStores.addTo(more.apply(firmware.options()), device);
        return device.change(options, installation -> {
            work.on(installation, ota.console());
            return 0;
        });
    }
}
