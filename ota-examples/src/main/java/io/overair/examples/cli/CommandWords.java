package io.overair.examples.cli;

import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A command that is given as the value of an option. No shell reads it: what is in a path stays in a path. */
record CommandWords(List<String> words) {
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /** Splits at blanks. */
    static final class Converter implements ITypeConverter<CommandWords> {
        @Override
        public CommandWords convert(String value) {
            if (value.isBlank()) {
                throw new TypeConversionException("expected a command");
            }
            return new CommandWords(BLANKS.splitAsStream(value.strip()).toList());
        }
    }
}
