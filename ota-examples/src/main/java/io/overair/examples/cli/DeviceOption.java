package io.overair.examples.cli;

import io.overair.health.TrialWatch;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.InstallationStatus;
import io.overair.install.InstallationStatus.Phase;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code --device}, and the installation it names: what all verbs have in common that are about a device. */
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class DeviceOption {
    @ParentCommand
    private OtaCommand ota;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec verb;

    @Option(
            names = "--device",
            paramLabel = "DIR",
            required = true,
            description = "Directory whose files are kept up to date.")
    private Path device;

    /** What a verb does with an installation, and what comes of it. */
    @FunctionalInterface
    interface Work<T> {
        T on(Installation installation) throws CommandFailure, IOException;
    }

    /** Waits for the verdict of a trial. */
    @FunctionalInterface
    interface Watch {
        TrialWatch.Verdict await(Path device) throws IOException, InterruptedException;
    }

    /** What is known about the device, which stays as it is. */
    InstallationStatus status() throws CommandFailure {
        Path directory = directory();
        try {
            return Installation.statusOf(directory);
        } catch (IOException e) {
            throw failure(e, Optional.empty());
        }
    }

    /** Does {@code work} on the device as it is, which stays so: without a lock, whatever else goes on. */
    <T> T read(Work<T> work) throws CommandFailure {
        return look(installation -> {
            warnOfWhatGoesOn(installation.status());
            return work.on(installation);
        });
    }

    /** The same, for a verb that tells by itself what goes on. */
    <T> T look(Work<T> work) throws CommandFailure {
        Path directory = directory();
        try (Installation installation = Installation.openToRead(directory, InstallationOptions.defaults())) {
            return work.on(installation);
        } catch (IOException e) {
            throw failure(e, versionIn(directory));
        }
    }

    /** Does {@code work} while nobody else can change the device, after what an earlier run left has been brought to its end. */
    <T> T change(InstallationOptions options, Work<T> work) throws CommandFailure {
        Path directory = directory();
        ota.endInGoodOrder();
        ota.statusIsOfTheDevice();
        System.setProperty(Installation.PROGRAM_PROPERTY, verb.qualifiedName());
        try (Installation installation = Installation.open(directory, options)) {
            return work.on(installation);
        } catch (IOException e) {
            throw failure(e, versionIn(directory));
        }
    }

    /** Waits for the verdict of a trial, without a lock. */
    TrialWatch.Verdict await(Watch watch) throws CommandFailure {
        Path directory = directory();
        try {
            return watch.await(directory);
        } catch (IOException e) {
            throw failure(e, versionIn(directory));
        } catch (InterruptedException e) {
            throw new CommandFailure(
                    ErrorCode.INTERRUPTED,
                    "interrupted",
                    "the release stays on trial: run `%s` again to go on watching it.".formatted(verb.qualifiedName()),
                    e);
        }
    }

    private Path directory() throws CommandFailure {
        Path directory = device.toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(
                    ErrorCode.NOT_FOUND,
                    "there is no directory " + directory,
                    "--device DIR names the directory whose files are kept up to date.");
        }
        return directory;
    }

    private void warnOfWhatGoesOn(InstallationStatus status) {
        if (status.holder().isPresent()) {
            ota.console()
                    .warning("another updater is at work: "
                            + nameOf(status.holder().get()));
        } else if (status.phase() != Phase.IDLE && status.phase() != Phase.TRIAL) {
            ota.console().warning("a change was cut and is not at its end: `ota recover` brings it there");
        }
    }

    static String nameOf(InstallationStatus.Holder holder) {
        return "pid " + holder.pid() + " (" + holder.program() + ")";
    }

    private CommandFailure failure(IOException problem, Optional<LooseVersion> version) {
        return DeviceFailures.of(problem, verb.qualifiedName(), version);
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
