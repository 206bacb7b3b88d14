package io.overair.examples.cli;

import io.overair.install.InstallationStatus;
import io.overair.install.InstallationStatus.WayBack;
import io.overair.install.Outcome;
import io.overair.version.LooseVersion;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code ota status}: what a device is on, and what is going on. */
@Command(
        name = "status",
        description = {
            "Shows what a device is on and what is going on.",
            "Changes nothing, and works while another updater runs."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.STUCK,
            ExitStatus.READER_GONE
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    private OtaCommand ota;

    @Mixin
    private DeviceOption device;

    @Override
    public Integer call() throws CommandFailure {
        InstallationStatus status = device.status();
        Console console = ota.console();
        status.warnings().forEach(warning -> console.warning(warning.toString()));
        print(status, console);
        console.json("status", line -> {
            status.version().ifPresent(version -> line.put("version", version.toString()));
            status.previous().ifPresent(version -> line.put("previous", version.toString()));
            line.put("phase", word(status.phase()))
                    .put("lastOutcome", word(status.lastChange().outcome()))
                    .put("canRollBack", status.wayBack() == WayBack.OPEN);
            status.holder()
                    .ifPresent(holder ->
                            line.putObject("updater").put("pid", holder.pid()).put("program", holder.program()));
            status.obstacle().ifPresent(obstacle -> line.put("obstacle", obstacle));
            advice(status).ifPresent(advice -> line.put("advice", advice));
        });
        return 0;
    }

    private static void print(InstallationStatus status, Console console) {
        console.result(
                "version      " + status.version().map(LooseVersion::toString).orElse("not known"));
        if (status.wayBack() == WayBack.OPEN) {
            console.result("previous     "
                    + status.previous().map(LooseVersion::toString).orElse("not known")
                    + "   `ota rollback` brings it back");
        } else {
            status.previous().ifPresent(version -> console.result("previous     " + version + "   no way back"));
        }
        status.holder()
                .ifPresent(holder ->
                        console.result("updater      another updater is at work: " + DeviceOption.nameOf(holder)));
        console.result("phase        " + paint(status, console));
        status.obstacle().ifPresent(obstacle -> console.result("obstacle     " + obstacle));
        advice(status).ifPresent(advice -> console.result("advice       " + advice));
        console.result("last change  " + word(status.lastChange().outcome()));
    }

    private static String paint(InstallationStatus status, Console console) {
        Console.Paint paint = switch (status.phase()) {
            case IDLE -> Console.Paint.GREEN;
            case TRIAL, APPLYING, ROLLING_BACK -> Console.Paint.YELLOW;
            case STUCK -> Console.Paint.RED;
        };
        return console.paint(paint, word(status.phase()));
    }

    /** What to do, or to expect, while something is unfinished. */
    private static Optional<String> advice(InstallationStatus status) {
        if (status.holder().isPresent()) {
            return Optional.empty();
        }
        return switch (status.phase()) {
            case IDLE -> Optional.empty();
            case TRIAL -> Optional.of("`ota confirm` keeps the release, `ota reject` takes it back");
            // Nobody may be what is known of somebody in another container.
            case APPLYING -> Optional.of("if no updater is at work: `ota recover` finishes it, or else undoes it");
            case ROLLING_BACK -> Optional.of("if no updater is at work: `ota recover` finishes undoing it");
            case STUCK -> Optional.of("nothing is lost: remove the obstacle, then `ota recover` tries again");
        };
    }

    private static String word(InstallationStatus.Phase phase) {
        return switch (phase) {
            case IDLE -> "idle";
            case TRIAL -> "trial";
            case APPLYING -> "applying";
            case ROLLING_BACK -> "rolling-back";
            case STUCK -> "stuck";
        };
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case NONE -> "none";
            case UPDATED -> "updated";
            case CONFIRMED -> "confirmed";
            case UNDONE -> "undone";
            case ROLLED_BACK -> "rolled-back";
            case KEPT -> "kept";
        };
    }
}
