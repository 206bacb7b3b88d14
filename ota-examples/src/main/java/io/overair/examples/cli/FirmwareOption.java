package io.overair.examples.cli;

import io.overair.install.InstallationOptions;
import io.overair.install.TwoSlotFiles;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --firmware-dir}, and how an installation is opened with it. */
final class FirmwareOption {
    @Option(
            names = "--firmware-dir",
            paramLabel = "DIR",
            description = "Directory for firmware: slot-a.img, slot-b.img and active. Default: there is no firmware.")
    private Optional<Path> directory = Optional.empty();

    boolean isGiven() {
        return directory.isPresent();
    }

    InstallationOptions options() {
        InstallationOptions options = InstallationOptions.defaults();
        return directory
                .map(folder -> options.withFirmware(TwoSlotFiles.inDirectory(folder)))
                .orElse(options);
    }
}
