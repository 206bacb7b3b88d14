package io.overair.examples.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Gives every option a variable to take its value from: {@code OTA_CURRENT_VER} for {@code --current-ver}. */
final class EnvironmentVariables implements IDefaultValueProvider {
    private static final Set<String> ON = Set.of("1", "true", "yes", "on");

    private final Map<String, String> environment;

    EnvironmentVariables(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && !isFlag(option) ? environment.get(nameFor(option)) : null;
    }

    /**
     * Switches on the flags whose variables say so. They are no default values since picocli takes a flag on the
     * command line for the opposite of its default.
     */
    void switchOnFlags(ParseResult parsed) {
        for (ParseResult command = parsed; command != null; command = command.subcommand()) {
            for (OptionSpec option : command.commandSpec().options()) {
                if (isFlag(option) && !option.usageHelp() && !option.versionHelp() && isOn(nameFor(option))) {
                    option.setValue(true);
                }
            }
        }
    }

    /** Whether the variable {@code name} says so. */
    boolean isOn(String name) {
        return ON.contains(environment.getOrDefault(name, "").toLowerCase(Locale.ROOT));
    }

    /** Whether {@code value} is what the variable for {@code option} holds. */
    boolean isSource(OptionSpec option, String value) {
        return value.equals(environment.get(nameFor(option)));
    }

    static String nameFor(OptionSpec option) {
        return "OTA_"
                + option.longestName()
                        .substring("--".length())
                        .replace('-', '_')
                        .toUpperCase(Locale.ROOT);
    }

    private static boolean isFlag(OptionSpec option) {
        return option.arity().max() == 0;
    }
}
