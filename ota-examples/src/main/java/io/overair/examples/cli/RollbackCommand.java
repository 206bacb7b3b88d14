package io.overair.examples.cli;

import io.overair.install.AfterRollback;
import io.overair.install.Installation;
import io.overair.install.Outcome;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ota rollback}: back to the version before. */
@Command(
        name = "rollback",
        description = {
            "Brings back the version before, all or nothing.",
            "Files and firmware come from what the device kept: no network is needed. There is one step back; the",
            "next update makes another. A release on trial is rejected and blocked by it."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class RollbackCommand implements Callable<Integer> {
    @Mixin
    private DeviceOption device;

    @Mixin
    private DeviceChange change;

    @Mixin
    private HookOptions hooks;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; written down in the log of the device.")
    private Optional<String> reason = Optional.empty();

    @Option(names = "--block", description = "Refuse the release from now on, until a higher one comes or ota unblock.")
    private boolean block;

    @Override
    public Integer call() throws CommandFailure {
        return change.make(device, hooks::addTo, (installation, console) -> {
            if (isBackAlready(installation)) {
                tell(installation.status().lastChange().release(), installation.version(), console);
                return;
            }
            Optional<LooseVersion> from = installation.version();
            if (reason.isPresent() || block) {
                installation.rollBack(
                        reason.orElse("asked for by hand"), block ? AfterRollback.BLOCK : AfterRollback.ALLOW_AGAIN);
            } else {
                installation.rollBack();
            }
            Optional<LooseVersion> to = installation.version();
            tell(from, to, console);
        });
    }

    /** What was under way is the step back that is wanted: one more would be to the version before that. */
    private static boolean isBackAlready(Installation installation) throws IOException {
        return switch (installation.recovery()) {
            case UNDONE, ROLLED_BACK -> true;
            case FINISHED -> installation.status().lastChange().outcome() == Outcome.ROLLED_BACK;
            case NOTHING_TO_DO, CLEANED_UP, STAYS, RESTORED -> false;
        };
    }

    static void tell(Optional<LooseVersion> from, Optional<LooseVersion> to, Console console) {
        console.result(console.paint(Console.Paint.GREEN, "rolled back") + "  " + name(from) + " -> " + name(to));
        console.json("rolled-back", line -> {
            from.ifPresent(version -> line.put("from", version.toString()));
            to.ifPresent(version -> line.put("to", version.toString()));
        });
    }

    static String name(Optional<LooseVersion> version) {
        return version.map(LooseVersion::toString).orElse("unknown version");
    }
}
