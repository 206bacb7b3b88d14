package io.overair.examples.cli;

import io.overair.install.InstallationOptions;
import io.overair.install.InstallationStatus;
import io.overair.manifest.DevicePath;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --replaced-store}: the cards of a device that are gone for good. */
final class ReplacedStores {
    @Option(
            names = "--replaced-store",
            paramLabel = "DIR",
            converter = MountPoint.class,
            description = {
                "Folder of the device with a card that is gone for good: what is there now takes its place.",
                "Files on it that no update brings again are missing then: ota verify names them; a rollback forgets them."
            })
    private List<DevicePath> mounts = List.of();

    private static final class MountPoint implements ITypeConverter<DevicePath> {
        @Override
        public DevicePath convert(String value) {
            if (value.startsWith("/")) {
                throw new TypeConversionException("it is named as it lies below the device's folder, such as sd");
            }
            try {
                // The shell completes it with a slash.
                return new DevicePath(value.replaceFirst("/+$", ""));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** {@code options} for {@code device}, which has to know the cards: a name with a slip in it would look as if it had counted. */
    InstallationOptions addTo(InstallationOptions options, DeviceOption device) throws CommandFailure {
        if (mounts.isEmpty()) {
            return options;
        }
        List<DevicePath> known = device.status().stores().stream()
                .map(InstallationStatus.Store::mount)
                .toList();
        InstallationOptions added = options;
        for (DevicePath mount : mounts) {
            if (!known.contains(mount)) {
                throw unknown(mount, known);
            }
            added = added.withReplacedStore(mount);
        }
        return added;
    }

    private static CommandFailure unknown(DevicePath mount, List<DevicePath> known) {
        String names = known.stream().map(DevicePath::value).collect(Collectors.joining(", "));
        return new CommandFailure(
                ErrorCode.UNKNOWN_STORE,
                "--replaced-store %s: no card with files of this device belongs there, and none hides some"
                        .formatted(mount),
                "nothing was changed. "
                        + (known.isEmpty() ? "All its files are on one disk." : "There are: " + names + "."));
    }
}
