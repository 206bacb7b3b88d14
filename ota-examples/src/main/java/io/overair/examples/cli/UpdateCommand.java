package io.overair.examples.cli;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.client.UpdateOutcome.Updated;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.InstallationOptions.UnsupportedFirmware;
import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ota update}: what a device does to get the latest version. */
@Command(
        name = "update",
        description = {
            "Updates a device: its files and its firmware, all or nothing.",
            "A cut at any time does no harm: run it again, or ota recover. What arrived is not fetched again."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.NETWORK,
            ExitStatus.REFUSED,
            ExitStatus.WRONG_CONTENT,
            ExitStatus.DOWNGRADE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.STUCK,
            ExitStatus.INTERRUPTED
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class UpdateCommand implements Callable<Integer> {
    @ParentCommand
    private OtaCommand ota;

    @Spec
    private CommandSpec verb;

    @Mixin
    private ServerOption server;

    @Mixin
    private DeviceOption device;

    @Mixin
    private FirmwareOption firmware;

    @Option(
            names = "--skip-firmware",
            description = "Install the files of a release and leave its firmware out, on a device that has none.")
    private boolean skipFirmware;

    @Option(
            names = "--replaced-store",
            paramLabel = "DIR",
            converter = MountPoint.class,
            description = {
                "Folder of the device with a card that is gone for good: what is there now takes its place.",
                "Files that this release does not bring are missing then: ota verify names them."
            })
    private List<DevicePath> replacedStores = List.of();

    private static final class MountPoint implements ITypeConverter<DevicePath> {
        @Override
        public DevicePath convert(String value) {
            try {
                return new DevicePath(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        Console console = ota.console();
        try (Transport transport = server.transport()) {
            return device.change(installationOptions(), installation -> {
                Recovered.tell(installation, console);
                installation.status().warnings().forEach(warning -> console.warning(warning.toString()));
                tell(update(transport, installation, console), console);
                return 0;
            });
        }
    }

    private InstallationOptions installationOptions() {
        InstallationOptions options = firmware.options();
        for (DevicePath store : replacedStores) {
            options = options.withReplacedStore(store);
        }
        if (!skipFirmware) {
            return options;
        }
        if (firmware.isGiven()) {
            throw new ParameterException(
                    verb.commandLine(), "--skip-firmware and --firmware-dir do not go together: which is it to be?");
        }
        return options.withUnsupportedFirmware(UnsupportedFirmware.SKIP);
    }

    private UpdateOutcome update(Transport transport, Installation installation, Console console) throws IOException {
        try (UpdateDisplay display = new UpdateDisplay(console)) {
            Ota updater = server.updater(transport, installation)
                    .retry(ota.surroundings().retry())
                    .listener(display)
                    .build();
            updater.connect();
            return updater.update();
        }
    }

    private static void tell(UpdateOutcome outcome, Console console) {
        if (outcome instanceof Updated updated) {
            console.result(console.paint(Console.Paint.GREEN, "applied") + "      " + updated.to());
            console.json("updated", line -> {
                updated.from().ifPresent(from -> line.put("from", from.toString()));
                line.put("to", updated.to().toString())
                        .put("files", updated.files())
                        .put("removed", updated.removed())
                        .put("bytes", updated.bytes())
                        .put("firmware", updated.firmware().isPresent());
            });
        } else if (outcome instanceof UpdateOutcome.UpToDate current) {
            UpToDate upToDate = new UpToDate(current.version());
            console.result(upToDate.toText());
            console.json("up-to-date", upToDate::putInto);
        }
    }
}
