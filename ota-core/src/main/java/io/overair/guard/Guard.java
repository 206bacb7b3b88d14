package io.overair.guard;

import io.overair.health.CommandCheck;
import io.overair.health.HealthCheck;
import io.overair.health.TrialWatch;
import io.overair.install.Installation;
import io.overair.install.InstallationLockedException;
import io.overair.install.Outcome;
import io.overair.install.Recovery;
import io.overair.install.Report;
import io.overair.install.Start;
import io.overair.install.TrialStatus;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The program that starts before an application, or around it, and brings back the version before when a release does not
 * prove itself. It needs no other jar than ota-core.
 *
 * <p>{@code start} and {@code stop} are for a service manager ({@code ExecStartPre=}, {@code ExecStopPost=}), {@code watch} runs
 * beside the application that one starts, and {@code run} does all of it for an application that it starts itself. Each
 * holds the lock of the installation only while it writes: the application can update itself and confirm itself.
 *
 * <p>Exit statuses: 0, or that of the application; 2 for a wrong command line, and if there is no such folder; 40 if another
 * updater holds the installation; 42 if an update that was cut can be neither finished nor undone and the files are a mixture,
 * or may be one. In every other case, whatever fails, the application may start.
 */
public final class Guard {
    private static final int USAGE = 2;
    private static final int LOCKED = 40;
    private static final int STUCK = 42;
    static final int FAILED = 1;

    /** What a service manager tells of an application that was stopped, or has ended by itself, in order. */
    private static final String IN_ORDER = "success";

    /** With which status a Java ends that got SIGTERM or SIGINT, and has ended in order then. */
    private static final Set<String> STOPPED = Set.of("143", "130");

    private final GuardOptions options;
    private final Map<String, String> environment;
    private final PrintStream messages;

    Guard(GuardOptions options, Map<String, String> environment, PrintStream messages) {
        this.options = options;
        this.environment = environment;
        this.messages = messages;
    }

    /** Runs the guard and ends this process. */
    @SuppressWarnings("SystemOut") // It is a program.
    public static void main(String[] arguments) throws InterruptedException {
        if (GuardOptions.askForHelp(List.of(arguments))) {
            System.out.print(GuardOptions.USAGE);
            return;
        }
        GuardOptions options;
        try {
            options = GuardOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("overair-guard: " + e.getMessage());
            System.err.print(GuardOptions.USAGE);
            System.exit(USAGE);
            return;
        }
        System.setProperty(Installation.PROGRAM_PROPERTY, "overair-guard");
        System.exit(new Guard(options, System.getenv(), System.err).run());
    }

    /** The exit status. */
    int run() throws InterruptedException {
        if (isNoFolder(options.device())) {
            say("there is no folder " + options.device());
            return USAGE;
        }
        return switch (options.verb()) {
            case START -> start();
            case STOP -> stop();
            case WATCH -> watch();
            case RUN -> new GuardedApplication(this, options).run();
        };
    }

    /** One that cannot be looked at may be one. */
    private static boolean isNoFolder(Path path) {
        return Files.notExists(path)
                || Stream.iterate(path, Objects::nonNull, Path::getParent).anyMatch(Files::isRegularFile);
    }

    /** What is to be done before every start; 0 if the application may start. */
    int start() {
        boolean wasOnTrial = isOnTrial();
        try (Installation installation = open()) {
            Start start = installation.countStart();
            // A release that was rejected is taken back by opening alone.
            boolean isTakenBack = start == Start.ROLLED_BACK || installation.recovery() == Recovery.ROLLED_BACK;
            boolean isKept =
                    wasOnTrial && Installation.lastChangeOf(options.device()).outcome() == Outcome.KEPT;
            if (isTakenBack || start == Start.ON_TRIAL || isKept) {
                tell(installation, isTakenBack ? Start.ROLLED_BACK : start);
            }
            if (installation.recovery() != Recovery.NOTHING_TO_DO) {
                tellOfHooks(installation.status().openHooks());
            }
            return 0;
        } catch (InstallationLockedException e) {
            say("an updater is at work: " + e.holder());
            return LOCKED;
        } catch (IOException | RuntimeException | Error e) {
            return startIfWhole(e);
        }
    }

    Installation open() throws IOException {
        return Installation.open(options.device(), options.installation());
    }

    /** Opening, or counting the start, may end the trial. */
    private boolean isOnTrial() {
        try {
            return Installation.trialOf(options.device()).isPresent();
        } catch (IOException | RuntimeException unknown) {
            // Opening says what is wrong.
            return false;
        }
    }

    private void tell(Installation installation, Start start) throws IOException {
        Report last = Installation.lastChangeOf(options.device());
        Optional<String> obstacle = installation.status().obstacle();
        switch (start) {
            case SETTLED -> say(name(last.release()) + " has failed, but there is no way back any more: it runs on");
            case ON_TRIAL -> Installation.trialOf(options.device()).ifPresent(trial -> say(onTrial(trial, obstacle)));
            case ROLLED_BACK -> {
                String reason = last.reason().map(" (%s)"::formatted).orElse("");
                say(name(last.release()) + reason + " is taken back, " + name(installation.version()) + " starts");
            }
        }
    }

    private void tellOfHooks(List<String> open) {
        if (!open.isEmpty()) {
            say("nothing came of an update; its hooks wait to be undone by a program that has them: "
                    + String.join(", ", open));
        }
    }

    private static String onTrial(TrialStatus trial, Optional<String> obstacle) {
        return trial.isRejected()
                ? "%s is rejected, but cannot be taken back now%s: it runs on"
                        .formatted(
                                trial.release(),
                                obstacle.map(" (%s)"::formatted).orElse(""))
                : "%s is on trial, %d starts left".formatted(trial.release(), trial.startsLeft());
    }

    private static String name(Optional<LooseVersion> release) {
        return release.map(Object::toString).orElse("a release of unknown version");
    }

    /** A device that cannot be helped had better run what it has, as long as that is one release and not two halves. */
    private int startIfWhole(Throwable problem) {
        say(words(problem));
        try {
            if (Installation.isWhole(options.device())) {
                say("the files are those of one release: it starts");
                return 0;
            }
        } catch (IOException | RuntimeException | Error e) {
            say(words(e));
        }
        say("the files may be a mixture of two releases: nothing starts");
        return STUCK;
    }

    /** The message of a more special exception that is not ours often is no sentence, but the name of a file. */
    static String words(Throwable problem) {
        Class<?> type = problem.getClass();
        boolean hasSentence = type.equals(IOException.class) || type.getName().startsWith("io.overair.");
        return hasSentence ? String.valueOf(problem.getMessage()) : problem.toString();
    }

    /** Gives the start back if the application was stopped in order. */
    private int stop() {
        return !endedInOrder() || giveStartBack() ? 0 : FAILED;
    }

    /** As systemd tells it: a Java that it has stopped has failed, unless the unit says which status one ends with then. */
    private boolean endedInOrder() {
        String result = environment.getOrDefault("SERVICE_RESULT", IN_ORDER);
        return result.equals(IN_ORDER)
                || (result.equals("exit-code")
                        && "exited".equals(environment.get("EXIT_CODE"))
                        && STOPPED.contains(environment.getOrDefault("EXIT_STATUS", "")));
    }

    /** Whether that was possible. */
    boolean giveStartBack() {
        try (Installation installation = open()) {
            installation.giveStartBack();
            return true;
        } catch (IOException | RuntimeException | Error e) {
            say("the start cannot be given back: " + words(e));
            return false;
        }
    }

    private int watch() throws InterruptedException {
        if (options.health().isEmpty()) {
            say("there is nothing to watch by: --health-command or --health-url");
            return USAGE;
        }
        Watcher watcher = new Watcher(this, trialWatch(options.health().get()), this::endApplication);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(watcher), "overair-guard-stop"));
        watcher.start();
        Optional<TrialWatch.Verdict> verdict = watcher.await();
        if (verdict.isEmpty()) {
            return FAILED;
        }
        if (verdict.get() == TrialWatch.Verdict.REJECTED && !options.restart().isEmpty()) {
            return restart();
        }
        return 0;
    }

    /** It may hang with the installation open: then nobody could write down that its release is rejected. */
    private void endApplication() {
        if (options.end().isEmpty()) {
            return;
        }
        try {
            CommandCheck.running(options.end())
                    .withLimit(GuardedApplication.GRACE)
                    .problem()
                    .ifPresent(problem -> say("the application cannot be ended: " + problem));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int restart() throws InterruptedException {
        try {
            return new ProcessBuilder(options.restart()).inheritIO().start().waitFor();
        } catch (IOException e) {
            say("the application cannot be restarted: " + words(e));
            return FAILED;
        }
    }

    /** Somebody ends the guard. */
    private static void end(Watcher watcher) {
        try {
            watcher.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Between two attempts at anything. */
    Duration interval() {
        return options.interval();
    }

    TrialWatch trialWatch(HealthCheck check) {
        AtomicReference<String> told = new AtomicReference<>("");
        return TrialWatch.of(options.device(), options.installation(), check)
                .withInterval(options.interval())
                .withSettle(options.settle())
                .withListener(problem -> {
                    if (!problem.equals(told.getAndSet(problem))) {
                        say("not confirmed yet: " + problem);
                    }
                });
    }

    void say(TrialWatch.Verdict verdict) {
        say(
                switch (verdict) {
                    case CONFIRMED -> "nothing is on trial any more";
                    case HEALTHY_START -> "a healthy start";
                    case REJECTED -> "the release is rejected";
                    case STAYS -> "the release is rejected, but cannot be taken back now: it runs on";
                });
    }

    void say(String message) {
        messages.println("overair-guard: " + message);
    }
}
