package io.overair.examples.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code ota}: the command that all verbs belong to. */
@Command(
        name = "ota",
        description = "Over-the-air updates: serves releases to devices, and updates devices.",
        subcommands = {
            ServeCommand.class,
            ManifestCommand.class,
            DiffCommand.class,
            CheckCommand.class,
            UpdateCommand.class,
            ConfirmCommand.class,
            RejectCommand.class,
            UnblockCommand.class,
            RecoverCommand.class,
            RollbackCommand.class,
            StatusCommand.class,
            VerifyCommand.class,
            DemoCommand.class,
            CompletionCommand.class
        },
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        footer = {
            "",
            "Every option has an environment variable, OTA_ and its long name: OTA_ROOT for",
            "--root, OTA_CURRENT_VER for --current-ver. Flags are switched on by 1, true, yes",
            "or on. What the command line says wins."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.AVAILABLE,
            ExitStatus.ON_TRIAL,
            ExitStatus.DIFFERENT,
            ExitStatus.NETWORK,
            ExitStatus.REFUSED,
            ExitStatus.WRONG_CONTENT,
            ExitStatus.DOWNGRADE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.FAILED_TRIAL,
            ExitStatus.STUCK,
            ExitStatus.INTERRUPTED,
            ExitStatus.READER_GONE
        })
public final class OtaCommand {
    @Mixin
    private final GlobalOptions options = new GlobalOptions();

    private final Surroundings surroundings;
    private Optional<OrderlyEnd> orderlyEnd = Optional.empty();
    private Console.StatusOf statusOf = Console.StatusOf.OUTPUT;

    private OtaCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    public static void main(String[] args) {
        System.exit(run(List.of(args), Surroundings.ofThisProcess()));
    }

    /** Runs the command that {@code args} spell and returns its exit status. */
    static int run(List<String> args, Surroundings surroundings) {
        OtaCommand ota = new OtaCommand(surroundings);
        EnvironmentVariables variables = new EnvironmentVariables(surroundings.environment());
        boolean noColor = args.contains("--no-color") || variables.isOn("OTA_NO_COLOR");
        Ansi colours = noColor || !surroundings.coloursOut() ? Ansi.OFF : Ansi.ON;
        CommandLine command = new CommandLine(ota)
                .setOut(surroundings.outWriter())
                .setErr(surroundings.errWriter())
                .setColorScheme(CommandLine.Help.defaultColorScheme(colours))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(variables)
                .setExecutionStrategy(parsed -> {
                    variables.switchOnFlags(parsed);
                    int status = new CommandLine.RunLast().execute(parsed);
                    return ota.console().ended(status, ota.statusOf);
                })
                .setParameterExceptionHandler((problem, all) -> {
                    // What is wrong may stand before these options, and then they were not read; nor were variables.
                    ota.options.json |= args.contains("--json") || variables.isOn("OTA_JSON");
                    ota.options.noColor |= noColor;
                    return ota.console().failed(wrongUsage(problem, variables));
                })
                .setExecutionExceptionHandler(
                        (problem, verb, parsed) -> ota.console().failed(CommandFailure.of(problem)));
        int exitStatus = ErrorCode.INTERNAL.exitStatus();
        try {
            exitStatus = ota.execute(command, args);
        } finally {
            if (ota.orderlyEnd.isPresent()) {
                ota.orderlyEnd.get().ended(exitStatus);
            }
        }
        return exitStatus;
    }

    private int execute(CommandLine command, List<String> args) {
        try {
            return command.execute(args.toArray(String[]::new));
        } catch (Error e) {
            // The parser catches exceptions only; with the stack unwound there is memory again to say it.
            return console().failed(CommandFailure.of(e));
        }
    }

    /** From now on, the verb decides how the process ends that is told to end. */
    void endInGoodOrder() {
        if (orderlyEnd.isEmpty()) {
            orderlyEnd = Optional.of(OrderlyEnd.of(Thread.currentThread()));
        }
    }

    /** From now on, the exit status tells what became of a device, whatever becomes of the output. */
    void statusIsOfTheDevice() {
        statusOf = Console.StatusOf.DEVICE;
    }

    /** What the process was given. */
    Surroundings surroundings() {
        return surroundings;
    }

    /** Where the words of this invocation go. */
    Console console() {
        return new Console(surroundings, options);
    }

    private static CommandFailure wrongUsage(ParameterException problem, EnvironmentVariables variables) {
        String help = "`" + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help` shows what there is.";
        if (problem instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                help = "Did you mean " + String.join(" or ", suggestions) + "? " + help;
            }
        }
        if (problem.getCause() instanceof TypeConversionException expected
                && problem.getArgSpec() instanceof OptionSpec option) {
            String source = variables.isSource(option, problem.getValue())
                    ? EnvironmentVariables.nameFor(option)
                    : option.longestName();
            String sentence = "%s \"%s\": %s".formatted(source, problem.getValue(), expected.getMessage());
            return new CommandFailure(ErrorCode.USAGE, sentence, help, problem);
        }
        return new CommandFailure(ErrorCode.USAGE, String.valueOf(problem.getMessage()), help, problem);
    }
}
