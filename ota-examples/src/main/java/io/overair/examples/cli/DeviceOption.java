package io.overair.examples.cli;

import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --device}, and the installation it names. */
@SuppressWarnings("NullAway.Init") // picocli fills in the field.
final class DeviceOption {
    @Option(
            names = "--device",
            paramLabel = "DIR",
            required = true,
            description = "Directory whose files are kept up to date.")
    private Path device;

    /** What a verb does with an installation; returns the exit status. */
    @FunctionalInterface
    interface Work {
        int on(Installation installation) throws CommandFailure, IOException;
    }

    /** The directory, which is there. */
    Path directory() throws CommandFailure {
        Path directory = device.toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(
                    ErrorCode.NOT_FOUND,
                    "there is no directory " + directory,
                    "--device DIR names the directory whose files are kept up to date.");
        }
        return directory;
    }

    /**
     * Does {@code work} while nobody else can change the device, after what an earlier run left has been brought to its end.
     *
     * @param command what to run again if it fails, such as {@code ota update}
     */
    int open(InstallationOptions options, String command, Work work) throws CommandFailure {
        Path directory = directory();
        try (Installation installation = Installation.open(directory, options)) {
            return work.on(installation);
        } catch (IOException e) {
            throw DeviceFailures.of(e, command, versionIn(directory));
        }
    }

    /** For the words about a failure, so that another failure is of no interest. */
    private static Optional<LooseVersion> versionIn(Path directory) {
        try {
            return Installation.statusOf(directory).version();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
