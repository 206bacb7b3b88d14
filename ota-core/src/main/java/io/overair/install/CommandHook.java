package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A hook that runs commands.
 *
 * <pre>{@code
 * CommandHook.named("meter")
 *         .withBeforeApply(List.of("systemctl", "stop", "meter"))
 *         .withAfterApply(List.of("systemctl", "start", "meter"))
 *         .withUndo(List.of("systemctl", "start", "meter"));
 * }</pre>
 *
 * <p>A command that ends with status 0 agrees. With any other it fails, and what it printed last, ten lines of at most 2,000
 * bytes, is its reason. When its time is over it is ended, with the processes it has started, and killed a second later. What
 * {@link UpdateHook} asks of hooks is asked of commands: they may run twice. If this program is killed a command goes on, and the next run of this program
 * may start it, or its undo, beside it: one that cannot bear that takes a lock, as {@code flock} does for it.
 *
 * <p>An installation has it print to a file in the state folder, and shortens that when it has more than 1 MiB, which may be
 * seen 50 ms late. When the command has ended the file is removed, and nobody shortens it any more: a process that is to
 * stay sends its output elsewhere, or what it prints takes up the disk until it ends, in a file that no longer has a name.
 * Without an installation the file lies where the system has temporary ones.
 *
 * <p>Commands are run without a shell, in the folder in which this program runs, with nothing on standard input and these
 * environment variables besides this program's own:
 *
 * <ul>
 *   <li>{@code OVERAIR_EVENT}: {@code before-apply}, {@code after-apply}, {@code before-restart}, {@code on-rollback} or {@code
 *       undo},
 *   <li>{@code OVERAIR_FROM} and {@code OVERAIR_TO}: the versions before and after the change, empty where not known; they
 *       come from a server, so a script quotes them,
 *   <li>{@code OVERAIR_FILES}: where the {@linkplain Change#files files} are.
 * </ul>
 *
 * <p>Immutable: each {@code with} method returns another one.
 */
public final class CommandHook implements UpdateHook {
    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(1);

    private final String name;
    private final Duration limit;
    private final Map<HookEvent, List<String>> commands;
    private final Optional<Path> outputs;

    private CommandHook(String name, Duration limit, Map<HookEvent, List<String>> commands, Optional<Path> outputs) {
        this.name = name;
        this.limit = limit;
        this.commands = commands;
        this.outputs = outputs;
    }

    /** Does nothing yet; allows a minute for each command. */
    public static CommandHook named(String name) {
        return new CommandHook(name, DEFAULT_LIMIT, Map.of(), Optional.empty());
    }

    /** Runs {@code command} before an update is applied; a failure vetoes it. */
    public CommandHook withBeforeApply(List<String> command) {
        return with(HookEvent.BEFORE_APPLY, command);
    }

    /** Runs {@code command} when an update is applied; a failure has it undone. */
    public CommandHook withAfterApply(List<String> command) {
        return with(HookEvent.AFTER_APPLY, command);
    }

    /** Runs {@code command} before a restart; a failure puts it off. */
    public CommandHook withBeforeRestart(List<String> command) {
        return with(HookEvent.BEFORE_RESTART, command);
    }

    /** Runs {@code command} after a rollback; a failure changes nothing. */
    public CommandHook withOnRollback(List<String> command) {
        return with(HookEvent.ON_ROLLBACK, command);
    }

    /** Runs {@code command} to undo what those before or after an update that came to nothing did. */
    public CommandHook withUndo(List<String> command) {
        return with(HookEvent.UNDO, command);
    }

    /** Kills a command that takes longer than {@code duration}; it has failed then. */
    public CommandHook withLimit(Duration duration) {
        return new CommandHook(name, duration, commands, outputs);
    }

    /** The same, with what its commands print in {@code folder}, which need not be there, for as long as they run. */
    CommandHook printingTo(Path folder) {
        return new CommandHook(name, limit, commands, Optional.of(folder));
    }

    private CommandHook with(HookEvent event, List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a name");
        }
        Map<HookEvent, List<String>> more = new EnumMap<>(HookEvent.class);
        more.putAll(commands);
        more.put(event, List.copyOf(command));
        return new CommandHook(name, limit, more, outputs);
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * Under what it is written down that it was started: one of the same name that has no command to be asked by, or undone by,
     * would agree to everything, and look as if it had been undone.
     */
    String startedAs() {
        return name
                + Stream.of(HookEvent.AFTER_APPLY, HookEvent.UNDO)
                        .filter(commands::containsKey)
                        .map(event -> "+" + Words.of(event))
                        .collect(Collectors.joining());
    }

    @Override
    public Duration limit() {
        return limit;
    }

    @Override
    public void beforeApply(Change change) throws IOException, InterruptedException {
        run(HookEvent.BEFORE_APPLY, change);
    }

    @Override
    public void afterApply(Change change) throws IOException, InterruptedException {
        run(HookEvent.AFTER_APPLY, change);
    }

    @Override
    public void beforeRestart(Change change) throws IOException, InterruptedException {
        run(HookEvent.BEFORE_RESTART, change);
    }

    @Override
    public void onRollback(Change change) throws IOException, InterruptedException {
        run(HookEvent.ON_ROLLBACK, change);
    }

    @Override
    public void undo(Change change) throws IOException, InterruptedException {
        run(HookEvent.UNDO, change);
    }

    private void run(HookEvent event, Change change) throws IOException, InterruptedException {
        List<String> words = commands.get(event);
        if (words == null) {
            return;
        }
        Map<String, String> environment = Map.of(
                "OVERAIR_EVENT", Words.of(event),
                "OVERAIR_FROM", text(change.from()),
                "OVERAIR_TO", text(change.to()),
                "OVERAIR_FILES", change.files().toString());
        Path output = output();
        try {
            new Command(words, environment, Optional.empty()).run(output, output, process -> {});
        } finally {
            remove(output);
        }
    }

    /** Another one each time: one that was left behind when its time was over may still print, and remove its own. */
    private Path output() throws IOException {
        return outputs.isPresent()
                ? Files.createTempFile(Files.createDirectories(outputs.get()), "", "")
                : Files.createTempFile("overair-hook", ".out");
    }

    private static void remove(Path output) {
        try {
            Files.delete(output);
        } catch (IOException ignored) {
            // Windows keeps what a process that was left behind has open; what the command did is what counts.
        }
    }

    private static String text(Optional<LooseVersion> version) {
        return version.map(LooseVersion::toString).orElse("");
    }
}
