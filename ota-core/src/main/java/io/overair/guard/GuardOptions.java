package io.overair.guard;

import io.overair.health.CommandCheck;
import io.overair.health.HealthCheck;
import io.overair.health.HttpCheck;
import io.overair.install.CommandFirmwareWriter;
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
 * @param restart what starts the application anew, for {@link Verb#WATCH}; may be empty
 */
record GuardOptions(
        Verb verb,
        Path device,
        InstallationOptions installation,
        Optional<HealthCheck> health,
        Duration interval,
        Duration settle,
        List<String> restart,
        List<String> command) {
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
              --health-command CMD      healthy while it ends with status 0
              --health-url URL          healthy while it is answered with a status of 200 to 299
              --interval TIME           between two checks (default 5s)
              --settle TIME             how long every check has to be good (default 0s)
              --restart CMD             watch: starts the application anew when its release is rejected
            CMD is split at blanks and runs without a shell. TIME is a number with ms, s, m, h or d.
            """;

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
        Verb verb = verb(rest.remove());
        Optional<Path> device = Optional.empty();
        InstallationOptions installation = InstallationOptions.defaults().withLockPatience(LOCK_PATIENCE);
        Optional<CommandFirmwareWriter> flasher = Optional.empty();
        List<HealthCheck> checks = new ArrayList<>();
        Duration interval = INTERVAL;
        Duration settle = Duration.ZERO;
        List<String> restart = List.of();
        List<String> command = List.of();
        while (!rest.isEmpty()) {
            String option = rest.remove();
            if (option.equals("--")) {
                command = List.copyOf(rest);
                break;
            }
            if (rest.isEmpty()) {
                throw new IllegalArgumentException(option + " needs a value, or is no option");
            }
            String value = rest.remove();
            switch (option) {
                case "--device" -> device = Optional.of(Path.of(value));
                case "--firmware-dir" ->
                    installation = installation.withFirmware(TwoSlotFiles.inDirectory(Path.of(value)));
                case "--firmware-command" -> flasher = Optional.of(CommandFirmwareWriter.running(split(value)));
                case "--firmware-back" ->
                    flasher = Optional.of(flasher.orElseThrow(() ->
                                    new IllegalArgumentException("--firmware-back comes after --firmware-command"))
                            .switchingBackWith(split(value)));
                case "--health-command" -> checks.add(CommandCheck.running(split(value)));
                case "--health-url" -> checks.add(HttpCheck.of(URI.create(value)));
                case "--interval" -> interval = duration(value);
                case "--settle" -> settle = duration(value);
                case "--restart" -> restart = split(value);
                default -> throw new IllegalArgumentException("no such option: " + option);
            }
        }
        if ((verb == Verb.RUN) == command.isEmpty()) {
            throw new IllegalArgumentException(
                    verb == Verb.RUN ? "no command after --" : "only run takes a command after --");
        }
        if (flasher.isPresent()) {
            installation = installation.withFirmware(flasher.get());
        }
        return new GuardOptions(
                verb,
                device.orElseThrow(() -> new IllegalArgumentException("--device DIR is missing")),
                installation,
                checks.isEmpty() ? Optional.empty() : Optional.of(HealthCheck.allOf(checks)),
                interval,
                settle,
                restart,
                command);
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
