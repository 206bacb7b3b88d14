package io.overair.examples.cli;

import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.client.UpdateOutcome.Blocked;
import io.overair.client.UpdateOutcome.Updated;
import io.overair.health.TrialWatch.Verdict;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.InstallationOptions.UnsupportedFirmware;
import io.overair.install.InstallationStatus;
import io.overair.install.Layout;
import io.overair.install.Outcome;
import io.overair.install.Report;
import io.overair.install.TrialStatus;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ota update}: what a device does to get the latest version. */
@Command(
        name = "update",
        description = {
            "Updates a device: its files and its firmware, all or nothing.",
            "A cut at any time does no harm: run it again, or ota recover. What arrived is not fetched again.",
            "With --trial the release has to prove itself: ends with status 11, and `ota confirm`, the application or",
            "the guard goes on from there. With --health this command watches, and ends with 0 if the release stays",
            "and with 41 if it was taken back; run again, it goes on with a trial that it was to watch. It watches only",
            "what has been started: by --restart, or through the guard, which counts it. Else it ends with 11 as well."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.ON_TRIAL,
            ExitStatus.NETWORK,
            ExitStatus.REFUSED,
            ExitStatus.WRONG_CONTENT,
            ExitStatus.DOWNGRADE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.FAILED_TRIAL,
            ExitStatus.STUCK,
            ExitStatus.INTERRUPTED
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class UpdateCommand implements Callable<Integer> {
    private static final int ON_TRIAL = 11;

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

    @Mixin
    private ReplacedStores replacedStores;

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            converter = LayoutName.class,
            completionCandidates = LayoutName.Names.class,
            description = "${COMPLETION-CANDIDATES}: files at their place, or a folder for each release and a link"
                    + " `current`. Slots are for good. Default: as the device has it, at first in place.")
    private Optional<Layout> layout = Optional.empty();

    @Mixin
    private TrialOptions trial;

    @Option(
            names = "--restart",
            paramLabel = "CMD",
            converter = CommandWords.Converter.class,
            description = "Starts the application anew, after an update and when it was taken back; ends with status 0"
                    + " when that is done. No shell reads it.")
    private Optional<CommandWords> restart = Optional.empty();

    @Mixin
    private HookOptions hooks;

    /**
     * What an update came to.
     *
     * @param outcome empty if there was none, because a trial goes on that is to be watched
     * @param trial what is on trial now
     */
    private record Applied(Optional<UpdateOutcome> outcome, Optional<TrialStatus> trial) {}

    @Override
    public Integer call() throws CommandFailure, IOException {
        Console console = ota.console();
        InstallationOptions options = installationOptions();
        Applied applied;
        try (Transport transport = server.transport()) {
            applied = device.change(options, installation -> {
                Recovered.tell(installation, console);
                installation.status().warnings().forEach(warning -> console.warning(warning.toString()));
                Optional<UpdateOutcome> outcome = updateUnlessOnTrial(transport, installation, console);
                outcome.ifPresent(it -> tell(it, console));
                return new Applied(outcome, installation.status().trial());
            });
        }
        boolean isUpdated = applied.outcome().filter(Updated.class::isInstance).isPresent();
        boolean waitsForARestart =
                applied.trial().filter(UpdateCommand::isNotStarted).isPresent();
        boolean isRestarted = (isUpdated || waitsForARestart) && restart(console);
        if (applied.trial().isEmpty()) {
            return 0;
        }
        if (!trial.isWatched()) {
            return ON_TRIAL;
        }
        LooseVersion release = applied.trial().get().release();
        return isRestarted || mayHaveStarted(release) ? watch(release, options, console) : unwatched(release, console);
    }

    private static boolean isNotStarted(TrialStatus trial) {
        return trial.startsLeft() == trial.starts();
    }

    /** Unless the trial still waits for its first start; one that is over is dealt with in the same way as always. */
    private boolean mayHaveStarted(LooseVersion release) throws CommandFailure {
        return device.status()
                .trial()
                .filter(now -> now.release().equals(release))
                .filter(UpdateCommand::isNotStarted)
                .isEmpty();
    }

    /** The application before still runs: its good health would confirm a release that nobody has seen run. */
    private static int unwatched(LooseVersion release, Console console) {
        console.warning(
                ("%s is on trial, but not watched: it has not been started yet, and its checks would ask what ran"
                                + " before. Restart the application through the guard, or give --restart CMD, and run this again.")
                        .formatted(release));
        return ON_TRIAL;
    }

    private InstallationOptions installationOptions() throws CommandFailure {
        InstallationOptions options = replacedStores.addTo(trial.addTo(hooks.addTo(firmwareOptions())), device);
        return layout.map(options::withLayout).orElse(options);
    }

    private InstallationOptions firmwareOptions() {
        InstallationOptions options = firmware.options();
        if (!skipFirmware) {
            return options;
        }
        if (firmware.isGiven()) {
            throw new ParameterException(
                    verb.commandLine(), "--skip-firmware and --firmware-dir do not go together: which is it to be?");
        }
        return options.withUnsupportedFirmware(UnsupportedFirmware.SKIP);
    }

    private Optional<UpdateOutcome> updateUnlessOnTrial(Transport transport, Installation installation, Console console)
            throws CommandFailure, IOException {
        Optional<TrialStatus> before = installation.status().trial();
        if (before.isEmpty()) {
            return Optional.of(update(transport, installation, console));
        }
        if (!trial.isWatched()) {
            throw new OnTrial(before.get()).failure();
        }
        return Optional.empty();
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
                updated.trial().ifPresent(terms -> new OnTrial(terms).putInto(line.putObject("trial")));
            });
            updated.trial().ifPresent(terms -> console.detail("on trial     " + new OnTrial(terms).toText()));
        } else if (outcome instanceof Blocked blocked) {
            PassedOver passedOver = new PassedOver(blocked.version(), blocked.release());
            console.result(passedOver.toText());
            console.json("blocked", passedOver::putInto);
        } else if (outcome instanceof UpdateOutcome.UpToDate current) {
            UpToDate upToDate = new UpToDate(current.version());
            console.result(upToDate.toText());
            console.json("up-to-date", upToDate::putInto);
        }
    }

    /**
     * When nobody holds the lock: what is started may have to open the installation.
     *
     * @return whether the application was started anew
     */
    private boolean restart(Console console) throws CommandFailure {
        if (restart.isEmpty()) {
            return false;
        }
        List<String> words = restart.get().words();
        try {
            int status = new ProcessBuilder(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
            if (status == 0) {
                return true;
            }
            console.warning("the restart has failed: %s ended with status %d".formatted(words.get(0), status));
        } catch (IOException e) {
            console.warning("the restart has failed: " + DeviceFailures.reason(e));
        } catch (InterruptedException e) {
            throw CommandFailure.of(e);
        }
        return false;
    }

    private int watch(LooseVersion release, InstallationOptions options, Console console) throws CommandFailure {
        Verdict verdict = device.await(
                directory -> trial.watch(directory, options, console).await());
        InstallationStatus status = verdict == Verdict.REJECTED ? takeBack(release, options) : device.status();
        if (verdict == Verdict.HEALTHY_START) {
            return ON_TRIAL;
        }
        Report last = status.lastChange();
        if (last.outcome() == Outcome.CONFIRMED) {
            ConfirmCommand.tell(release, console);
            return 0;
        }
        Optional<String> rejection = status.trial().flatMap(TrialStatus::rejection);
        if (rejection.isPresent()) {
            throw new CommandFailure(
                    ErrorCode.STUCK,
                    "%s was rejected, and cannot be taken back now: %s".formatted(release, rejection.get()),
                    "`ota status` shows what is missing. When it is there, `ota recover` takes the release back;"
                            + " until then it runs on, and no other is installed.");
        }
        String reason = last.reason().orElse("it was not found healthy");
        if (last.outcome() != Outcome.ROLLED_BACK) {
            throw new CommandFailure(
                    ErrorCode.STUCK,
                    "%s is not healthy, and cannot be taken back: %s".formatted(release, reason),
                    "`ota status --log` shows what was tried; a higher release is taken.");
        }
        RollbackCommand.tell(Optional.of(release), status.version(), console);
        restart(console);
        throw new CommandFailure(
                ErrorCode.UNHEALTHY,
                "%s was taken back: %s".formatted(release, reason),
                "%s is back. %s is blocked until a higher release comes, or until `ota unblock %s`."
                        .formatted(RollbackCommand.name(status.version()), release, release));
    }

    /** Opening takes back what is rejected. */
    private InstallationStatus takeBack(LooseVersion rejected, InstallationOptions options) throws CommandFailure {
        try {
            return device.change(options, Installation::status);
        } catch (CommandFailure e) {
            if (e.code() != ErrorCode.LOCKED) {
                throw e;
            }
            throw new CommandFailure(
                    ErrorCode.LOCKED,
                    "%s is rejected, but not taken back yet: %s".formatted(rejected, e.sentence()),
                    "it runs on until then. When that program has ended, `ota recover` takes the release back.",
                    e);
        }
    }
}
