package io.overair.examples.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options every verb has; they may stand before the verb or after it. */
final class GlobalOptions {
    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Results as JSON: one document, or a line for each event.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Results, warnings and errors only.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Errors with a stack trace.")
    boolean verbose;

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "No colours; NO_COLOR and TERM=dumb say the same.")
    boolean noColor;

    @Option(
            names = "--progress",
            scope = ScopeType.INHERIT,
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "How to show progress: ${COMPLETION-CANDIDATES}. auto is a bar on a terminal, else plain.")
    ProgressKind progress = ProgressKind.auto;

    /** In the spelling of the command line. */
    enum ProgressKind {
        auto,
        bar,
        plain,
        none
    }
}
