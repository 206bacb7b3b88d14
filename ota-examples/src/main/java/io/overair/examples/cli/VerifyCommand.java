package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.overair.install.Difference;
import io.overair.install.Installation;
import io.overair.install.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code ota verify}: are the files still what was installed? */
@Command(
        name = "verify",
        description = {
            "Reads every file that was installed and lists those that differ.",
            "Ends with status 12 if there are any. Changes nothing."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.DIFFERENT,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.STUCK,
            ExitStatus.READER_GONE
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class VerifyCommand implements Callable<Integer> {
    private static final int DIFFERENT = 12;

    @ParentCommand
    private OtaCommand ota;

    @Mixin
    private DeviceOption device;

    @Override
    public Integer call() throws CommandFailure {
        Console console = ota.console();
        return device.read(installation -> {
            List<Difference> differences = installation.verify();
            tell(differences, installation, console);
            return differences.isEmpty() ? 0 : DIFFERENT;
        });
    }

    private static void tell(List<Difference> differences, Installation installation, Console console)
            throws IOException {
        if (!differences.isEmpty()) {
            differences.forEach(difference ->
                    console.result("%-12s %s".formatted(whatHappened(difference.kind()), difference.path())));
        } else if (installation.status().lastChange().outcome() == Outcome.NONE) {
            console.result("nothing was installed here, so there is nothing to compare with");
        } else {
            console.result("verified     every file is as it was installed");
        }
        console.json("verify", line -> {
            ArrayNode array = line.put("asInstalled", differences.isEmpty()).putArray("differences");
            differences.forEach(difference -> array.addObject()
                    .put("path", difference.path().value())
                    .put("kind", whatHappened(difference.kind())));
        });
    }

    private static String whatHappened(Difference.Kind kind) {
        return switch (kind) {
            case MISSING -> "missing";
            case CHANGED -> "changed";
            case PERMISSIONS_CHANGED -> "permissions";
        };
    }
}
