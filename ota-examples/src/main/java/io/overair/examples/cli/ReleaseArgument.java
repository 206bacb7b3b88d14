package io.overair.examples.cli;

import io.overair.install.InstallationStatus;
import io.overair.install.TrialStatus;
import io.overair.version.LooseVersion;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** The release that a verdict is about. */
final class ReleaseArgument {
    @Parameters(
            arity = "0..1",
            paramLabel = "VERSION",
            converter = ServerOption.Version.class,
            description = "The release; another one than that on trial is refused. Default: that on trial.")
    private Optional<LooseVersion> version = Optional.empty();

    /** Taken from the device as it is before anything is done to it: opening may take back what was rejected. */
    LooseVersion in(InstallationStatus status) throws CommandFailure {
        return version.or(() -> status.trial().map(TrialStatus::release))
                .or(status::version)
                .orElseThrow(() -> new CommandFailure(
                        ErrorCode.NOT_ON_TRIAL, "nothing is on trial", "`ota status` shows what is installed."));
    }
}
