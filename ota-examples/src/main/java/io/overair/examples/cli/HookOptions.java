package io.overair.examples.cli;

import io.overair.install.CommandHook;
import io.overair.install.InstallationOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** The {@code --hook-…} options: commands of the device that take part in a change of it. */
final class HookOptions {
    /** Written down on the device: a recovery undoes the hook of this name. */
    private static final String NAME = "command-line";

    @Option(
            names = "--hook-before-apply",
            paramLabel = "CMD",
            converter = CommandWords.Converter.class,
            description =
                    "Run before files are changed; vetoes the update by a status other than 0. No shell reads it.")
    private Optional<CommandWords> beforeApply = Optional.empty();

    @Option(
            names = "--hook-after-apply",
            paramLabel = "CMD",
            converter = CommandWords.Converter.class,
            description = "Run when they are changed; a status other than 0 has the update undone.")
    private Optional<CommandWords> afterApply = Optional.empty();

    @Option(
            names = "--hook-undo",
            paramLabel = "CMD",
            converter = CommandWords.Converter.class,
            description = "Undoes what those two did, if nothing comes of the update.")
    private Optional<CommandWords> undo = Optional.empty();

    @Option(
            names = "--hook-on-rollback",
            paramLabel = "CMD",
            converter = CommandWords.Converter.class,
            description = "Run when the version before is back.")
    private Optional<CommandWords> onRollback = Optional.empty();

    /** {@code options}, with the commands that were given. */
    InstallationOptions addTo(InstallationOptions options) {
        CommandHook none = CommandHook.named(NAME);
        CommandHook hook = none;
        hook = with(hook, beforeApply, CommandHook::withBeforeApply);
        hook = with(hook, afterApply, CommandHook::withAfterApply);
        hook = with(hook, undo, CommandHook::withUndo);
        hook = with(hook, onRollback, CommandHook::withOnRollback);
        return hook.equals(none) ? options : options.withHook(hook);
    }

    private static CommandHook with(
            CommandHook hook, Optional<CommandWords> command, BiFunction<CommandHook, List<String>, CommandHook> with) {
        return command.map(it -> with.apply(hook, it.words())).orElse(hook);
    }
}
