package io.overair.guard;

import io.overair.health.CommandCheck;
import io.overair.health.HealthCheck;
import io.overair.health.HttpCheck;
import io.overair.install.CommandFirmwareWriter;
import io.overair.install.CommandHook;
import io.overair.install.InstallationOptions;
import io.overair.install.TwoSlotFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line of the guard. Read by hand, since it starts before every application and has one jar only.
 *
 * @param verb what is to be done
 * @param command the application, for {@link Verb#RUN}
 * @param end what ends the application before its release is rejected, for {@link Verb#WATCH}; may be empty
 * @param restart what starts the application anew, for {@link Verb#WATCH}; may be empty
 */
record GuardOptions(
        Verb verb,
        Path device,
        InstallationOptions installation,
        Optional<HealthCheck> health,
        Duration interval,
        Duration settle,
        List<String> end,
        List<String> restart,
        List<String> command) {
    /** What follows is the command line of the application. */
    private static final String APPLICATION = "--";

    /** Under this name the command line writes down that its hooks were started: so they can be undone here. */
    private static final String HOOK = "command-line";

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration LOCK_PATIENCE = Duration.ofMinutes(1);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)?");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    enum Verb {
        START,
        STOP,
        RUN,
        WATCH
    }

    static final String USAGE = """
            usage: java -cp ota-core.jar io.overair.guard.Guard VERB --device DIR [OPTION...]
              start    before the application starts: recover, count the start, take back what failed
              stop     after it has ended: give back the start of one that ended in order
              run      start it, after --, and watch it
              watch    watch what something else has started
            options
              --device DIR              where it is installed
              --firmware-dir DIR        directory with the two firmware slots
              --firmware-command CMD    run with each image; {image} stands for its file
              --firmware-back CMD       makes the firmware before active again
              --hook-before-apply CMD   as "ota update" has them: run before files are changed,
              --hook-after-apply CMD    when they are changed,
              --hook-undo CMD           if nothing comes of the update,
              --hook-on-rollback CMD    and when the version before is back
              --health-command CMD      healthy while it ends with status 0
              --health-url URL          healthy while it is answered with a status of 200 to 299
              --interval TIME           between two checks (default 5s)
              --settle TIME             how long every check has to be good (default 0s)
              --end CMD                 watch: ends the application before its release is rejected
              --restart CMD             watch: starts the application anew when its release is rejected
            CMD is split at blanks and runs without a shell. TIME is a number with ms, s, m, h or d.
            """;

    /** Whether {@code arguments} ask what there is to be said. */
    static boolean askForHelp(List<String> arguments) {
        int end = arguments.indexOf(APPLICATION);
        return arguments.subList(0, end < 0 ? arguments.size() : end).contains("--help");
    }

    /**
     * Reads {@code arguments}.
     *
     * @throws IllegalArgumentException if they make no sense; the message says why
     */
    static GuardOptions parse(List<String> arguments) {
        Deque<String> rest = new ArrayDeque<>(arguments);
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("no verb");
        }
        Given given = new Given(verb(rest.remove()));
        while (!rest.isEmpty() && !rest.peek().equals(APPLICATION)) {
            String option = rest.remove();
            given.take(option, value(option, rest));
        }
        return given.options(rest.stream().skip(1).toList());
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value, or is no option");
        }
        String value = rest.remove();
        if (value.isBlank()) {
            // It has the name of a variable in a unit, perhaps, that is not set.
            throw new IllegalArgumentException(option + " has an empty value");
        }
        return value;
    }

    /** What was read until now. */
    private static final class Given {
        private final Verb verb;
        private Optional<Path> device = Optional.empty();
        private InstallationOptions installation =
                InstallationOptions.defaults().withLockPatience(LOCK_PATIENCE);
        private Optional<CommandFirmwareWriter> flasher = Optional.empty();
        private Optional<CommandHook> hook = Optional.empty();
        private final List<HealthCheck> checks = new ArrayList<>();
        private Duration interval = INTERVAL;
        private Duration settle = Duration.ZERO;
        private List<String> end = List.of();
        private List<String> restart = List.of();

        Given(Verb verb) {
            this.verb = verb;
        }

        void take(String option, String value) {
            switch (option) {
                case "--device" -> device = Optional.of(Path.of(value));
                case "--firmware-dir" ->
                    installation = installation.withFirmware(TwoSlotFiles.inDirectory(Path.of(value)));
                case "--firmware-command" -> flasher = Optional.of(CommandFirmwareWriter.running(split(value)));
                case "--firmware-back" ->
                    flasher = Optional.of(flasher.orElseThrow(() ->
                                    new IllegalArgumentException("--firmware-back comes after --firmware-command"))
                            .switchingBackWith(split(value)));
                case "--hook-before-apply" -> hook = Optional.of(hook().withBeforeApply(split(value)));
                case "--hook-after-apply" -> hook = Optional.of(hook().withAfterApply(split(value)));
                case "--hook-undo" -> hook = Optional.of(hook().withUndo(split(value)));
                case "--hook-on-rollback" -> hook = Optional.of(hook().withOnRollback(split(value)));
                case "--health-command" -> checks.add(CommandCheck.running(split(value)));
                case "--health-url" -> checks.add(HttpCheck.of(URI.create(value)));
                case "--interval" -> interval = duration(value);
                case "--settle" -> settle = duration(value);
                case "--end" -> end = split(value);
                case "--restart" -> restart = split(value);
                default -> throw new IllegalArgumentException("no such option: " + option);
            }
        }

        private CommandHook hook() {
            return hook.orElse(CommandHook.named(HOOK));
        }

        GuardOptions options(List<String> command) {
            if ((verb == Verb.RUN) == command.isEmpty()) {
                throw new IllegalArgumentException(
                        verb == Verb.RUN ? "no command after --" : "only run takes a command after --");
            }
            if (!command.isEmpty() && command.get(0).isBlank()) {
                throw new IllegalArgumentException("the command after -- has no name");
            }
            if (flasher.isPresent()) {
                installation = installation.withFirmware(flasher.get());
            }
            if (hook.isPresent()) {
                installation = installation.withHook(hook.get());
            }
            return new GuardOptions(
                    verb,
                    device.orElseThrow(() -> new IllegalArgumentException("--device DIR is missing")),
                    installation,
                    checks.isEmpty() ? Optional.empty() : Optional.of(HealthCheck.allOf(checks)),
                    interval,
                    settle,
                    end,
                    restart,
                    command);
        }
    }

    private static Verb verb(String word) {
        for (Verb verb : Verb.values()) {
            if (verb.name().toLowerCase(Locale.ROOT).equals(word)) {
                return verb;
            }
        }
        throw new IllegalArgumentException("no such verb: " + word);
    }

    private static List<String> split(String command) {
        return BLANKS.splitAsStream(command.strip()).toList();
    }

    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no time: " + text);
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        return switch (unit == null ? "s" : unit) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
