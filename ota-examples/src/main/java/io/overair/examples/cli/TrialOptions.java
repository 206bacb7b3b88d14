package io.overair.examples.cli;

import io.overair.health.CommandCheck;
import io.overair.health.HealthCheck;
import io.overair.health.HttpCheck;
import io.overair.health.TrialWatch;
import io.overair.install.InstallationOptions;
import io.overair.install.Trial;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --trial} and its kin: what a release has to go through before it stays. */
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class TrialOptions {
    private static final int STARTS = 3;
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec verb;

    @Option(
            names = "--trial",
            paramLabel = "N",
            description = "The release is on trial: without a word that it is good, it is taken back after N starts."
                    + " Default with the options below: " + STARTS + ".")
    private Optional<Integer> starts = Optional.empty();

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description = "It is taken back as well when it has run that long: 90s, 10m, 2h. Default: 10m.")
    private Optional<Duration> deadline = Optional.empty();

    @Option(
            names = "--health",
            paramLabel = "CMD",
            converter = CommandWords.Converter.class,
            description =
                    "Watch the trial once the release has been started, by --restart or through the guard, and keep"
                            + " the release when CMD ends with status 0. Several: all have to. No shell reads it.")
    private List<CommandWords> commands = new ArrayList<>();

    @Option(
            names = "--health-url",
            paramLabel = "URL",
            description = "The same, when URL is answered with a status of 200 to 299.")
    private List<String> urls = new ArrayList<>();

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description = "All of them have to be good for that long, which is less than the deadline. Default: once is"
                    + " enough.")
    private Optional<Duration> settle = Optional.empty();

    /** Whether this process is to find out what becomes of the trial. */
    boolean isWatched() {
        return !commands.isEmpty() || !urls.isEmpty();
    }

    /** {@code options}, with a trial if one is wanted; what makes no sense is refused here, before anything is done. */
    InstallationOptions addTo(InstallationOptions options) {
        if (starts.isEmpty() && deadline.isEmpty() && !isWatched()) {
            return options;
        }
        check();
        int number = starts.orElse(STARTS);
        if (number < 1) {
            throw WrongValue.of(verb, "--trial", Integer.toString(number), "a trial has at least one start");
        }
        Duration time = deadline.orElse(DEADLINE);
        if (time.isZero()) {
            throw WrongValue.of(verb, "--deadline", "0", "a trial needs time");
        }
        if (settle.isPresent() && settle.get().compareTo(time) >= 0) {
            throw WrongValue.of(
                    verb,
                    "--settle",
                    TimeSpan.toText(settle.get()),
                    "the checks have to settle in less than the %s of the trial; --deadline gives it more"
                            .formatted(TimeSpan.toText(time)));
        }
        return options.withTrial(Trial.of(number, time));
    }

    /** Finds out whether the release at {@code device} is good; what keeps it from being confirmed is told once. */
    TrialWatch watch(Path device, InstallationOptions options, Console console) {
        AtomicReference<String> told = new AtomicReference<>("");
        return TrialWatch.of(device, options, check())
                .withSettle(settle.orElse(Duration.ZERO))
                .withListener(problem -> {
                    if (!problem.equals(told.getAndSet(problem))) {
                        console.warning("not confirmed yet: " + problem);
                    }
                });
    }

    private HealthCheck check() {
        List<HealthCheck> checks = new ArrayList<>();
        commands.forEach(command -> checks.add(CommandCheck.running(command.words())));
        urls.forEach(url -> checks.add(http(url)));
        return HealthCheck.allOf(checks);
    }

    private HealthCheck http(String url) {
        try {
            return HttpCheck.of(URI.create(url));
        } catch (IllegalArgumentException e) {
            throw WrongValue.of(verb, "--health-url", url, "expected an address of http or https");
        }
    }
}
