package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.install.InstallationStatus;
import io.overair.install.InstallationStatus.Presence;
import io.overair.install.InstallationStatus.Store;
import io.overair.install.InstallationStatus.WayBack;
import io.overair.install.Outcome;
import io.overair.install.Report;
import io.overair.install.TrialStatus;
import io.overair.version.LooseVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ota status}: what a device is on, and what is going on. */
@Command(
        name = "status",
        description = {
            "Shows what a device is on and what is going on.",
            "With --log: what has happened to it. Changes nothing, and works while another updater runs."
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

    @Option(names = "--log", description = "Show the events in the device's log instead, the oldest first.")
    private boolean log;

    @Override
    public Integer call() throws CommandFailure {
        Console console = ota.console();
        return device.look(installation -> {
            if (log) {
                installation.events().forEach(line -> tell(LogEvent.parse(line), console));
            } else {
                tell(installation.status(), installation.unreported().isEmpty() ? Told.YES : Told.NO, console);
            }
            return 0;
        });
    }

    /** Whether whoever wants to know of the last change has said so. */
    private enum Told {
        YES,
        NO
    }

    private static void tell(LogEvent event, Console console) {
        console.result(event.toText());
        console.json("event", event::putInto);
    }

    private static void tell(InstallationStatus status, Told told, Console console) {
        status.warnings().forEach(warning -> console.warning(warning.toString()));
        print(status, told, console);
        console.json("status", line -> {
            status.version().ifPresent(version -> line.put("version", version.toString()));
            status.previous().ifPresent(version -> line.put("previous", version.toString()));
            Report last = status.lastChange();
            line.put("phase", word(status.phase()))
                    .put("lastOutcome", word(last.outcome()))
                    .put("canRollBack", status.wayBack() == WayBack.OPEN);
            status.target().ifPresent(target -> line.put("target", target.toString()));
            if (!status.openHooks().isEmpty()) {
                ArrayNode hooks = line.putArray("openHooks");
                status.openHooks().forEach(hooks::add);
            }
            last.release().ifPresent(release -> line.put("lastRelease", release.toString()));
            last.reason().ifPresent(reason -> line.put("lastReason", reason));
            line.put("reported", told == Told.YES);
            status.trial().ifPresent(trial -> new OnTrial(trial).putInto(line.putObject("trial")));
            ArrayNode blocked = line.putArray("blocked");
            status.blocked().forEach(release -> blocked.add(release.toString()));
            status.lastRecovery().ifPresent(recovery -> line.put("lastRecovery", new Recovered(recovery).word()));
            status.holder()
                    .ifPresent(holder ->
                            line.putObject("updater").put("pid", holder.pid()).put("program", holder.program()));
            status.obstacle().ifPresent(obstacle -> line.put("obstacle", obstacle));
            if (!at(status, Presence.MISSING).isEmpty()) {
                ArrayNode stores = line.putArray("missingStores");
                at(status, Presence.MISSING).forEach(store -> {
                    ObjectNode entry =
                            stores.addObject().put("mount", store.mount().value());
                    store.id().ifPresent(id -> entry.put("id", id));
                });
            }
            advice(status).ifPresent(advice -> line.put("advice", advice));
        });
    }

    private static void print(InstallationStatus status, Told told, Console console) {
        console.result(
                "version      " + status.version().map(LooseVersion::toString).orElse("not known"));
        if (status.wayBack() != WayBack.NONE || status.previous().isPresent()) {
            console.result("previous     "
                    + status.previous().map(LooseVersion::toString).orElse("not known") + "   "
                    + wayBack(status.wayBack()));
        }
        at(status, Presence.MISSING)
                .forEach(store -> console.result("missing      %s: %s, which belongs there, is not"
                        .formatted(
                                store.mount(),
                                store.id().map(id -> "the store " + id).orElse("a store"))));
        at(status, Presence.HIDING)
                .forEach(store -> console.result(
                        "hidden       %s: something was mounted there over installed files".formatted(store.mount())));
        status.holder()
                .ifPresent(holder ->
                        console.result("updater      another updater is at work: " + DeviceOption.nameOf(holder)));
        console.result("phase        " + paint(status, console)
                + status.target().map(target -> "   the change to " + target).orElse(""));
        if (!status.openHooks().isEmpty()) {
            console.result("hooks        %s: started, and neither over nor undone"
                    .formatted(String.join(", ", status.openHooks())));
        }
        status.trial().ifPresent(trial -> console.result("trial        " + new OnTrial(trial).toText()));
        status.obstacle().ifPresent(obstacle -> console.result("obstacle     " + obstacle));
        advice(status).ifPresent(advice -> console.result("advice       " + advice));
        if (!status.blocked().isEmpty()) {
            console.result("blocked      "
                    + status.blocked().stream().map(LooseVersion::toString).collect(Collectors.joining(", ")));
        }
        console.result("last change  " + lastChange(status.lastChange()));
        if (told == Told.NO) {
            console.result("reported     not yet");
        }
        status.lastRecovery()
                .ifPresent(recovery -> console.result("recovery     the last one: " + new Recovered(recovery).word()));
    }

    private static String wayBack(WayBack wayBack) {
        return switch (wayBack) {
            case OPEN -> "`ota rollback` brings it back";
            case WAITING -> "`ota rollback` brings it back when what is missing is there again";
            case NONE -> "no way back";
        };
    }

    private static List<Store> at(InstallationStatus status, Presence presence) {
        return status.stores().stream()
                .filter(store -> store.presence() == presence)
                .toList();
    }

    private static String lastChange(Report last) {
        return word(last.outcome())
                + last.release().map(release -> " " + release).orElse("")
                + last.reason().map(reason -> ": " + reason).orElse("");
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
            case IDLE ->
                status.openHooks().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                "a program that has these hooks undoes them, `ota recover` those that it is given");
            case TRIAL -> Optional.of(onTrial(status));
            // Nobody may be what is known of somebody in another container.
            case APPLYING -> Optional.of("if no updater is at work: `ota recover` finishes it, or else undoes it");
            case ROLLING_BACK -> Optional.of("if no updater is at work: `ota recover` finishes undoing it");
            case STUCK -> Optional.of("nothing is lost: remove the obstacle, then `ota recover` tries again");
        };
    }

    private static String onTrial(InstallationStatus status) {
        if (status.trial().stream().noneMatch(TrialStatus::isRejected)) {
            return "`ota confirm` keeps the release, `ota reject` takes it back";
        }
        String when = "the version before comes back %sat the next start, or with `ota recover`";
        if (status.wayBack() == WayBack.WAITING) {
            return when.formatted("when what is missing is there again, ");
        }
        return when.formatted(status.obstacle().isPresent() ? "when the obstacle is gone, " : "");
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
