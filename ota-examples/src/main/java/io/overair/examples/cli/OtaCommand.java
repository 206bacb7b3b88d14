package io.overair.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ota}: the command that all verbs belong to. */
@Command(name = "ota", mixinStandardHelpOptions = true, description = "Over-the-air updates, from both ends.")
public final class OtaCommand {
    private OtaCommand() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new OtaCommand()).execute(args));
    }
}
