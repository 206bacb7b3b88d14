package io.overair.examples.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** How verbs refuse the value of an option that they can judge only once they are at work. */
final class WrongValue {
    private WrongValue() {}

    /** The same problem as a converter's, so that it is told in the same words. */
    static ParameterException of(CommandSpec verb, String option, String value, String expected) {
        return new ParameterException(
                verb.commandLine(), expected, new TypeConversionException(expected), verb.findOption(option), value);
    }
}
