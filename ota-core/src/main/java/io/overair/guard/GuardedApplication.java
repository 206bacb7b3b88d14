package io.overair.guard;

import io.overair.health.HealthCheck;
import io.overair.install.Installation;
import io.overair.install.Outcome;
import io.overair.install.TrialStatus;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts the application, again and again as long as its release is on trial, and ends with it. */
final class GuardedApplication {
    /** How long the application may take to end when it is told to. */
    static final Duration GRACE = Duration.ofSeconds(20);

    /** Between an end that was no good and the next start; time for the signal that may have ended both of us. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final HealthCheck CONFIRMS_ITSELF = () -> Optional.of("the application did not confirm itself");

    private final Guard guard;
    private final GuardOptions options;
    private Optional<Running> running = Optional.empty();
    private boolean stopping;

    GuardedApplication(Guard guard, GuardOptions options) {
        this.guard = guard;
        this.options = options;
    }

    /** A start of the application, and who watches it. */
    private record Running(Process process, Optional<Watcher> watcher) {
        /** Ends both; the watcher writes down how long the application ran. */
        void end() throws InterruptedException {
            GuardedApplication.end(process);
            if (watcher.isPresent()) {
                watcher.get().end();
            }
        }

        int await() throws InterruptedException {
            int status = process.waitFor();
            if (watcher.isPresent()) {
                watcher.get().applicationEnded();
            }
            return status;
        }

        boolean isRejected() {
            return watcher.isPresent() && watcher.get().isRejecting();
        }
    }

    private enum Watched {
        YES,
        NO
    }

    /** What came of a start. */
    private enum Next {
        START_AGAIN,
        END
    }

    /** The exit status of the application, or of the guard if it does not start it. */
    int run() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "overair-guard-stop"));
        while (true) {
            int refusal = guard.start();
            if (refusal != 0) {
                return refusal;
            }
            Optional<TrialStatus> trial = trial();
            Optional<Running> start = start(watched());
            int status = start.isPresent() ? start.get().await() : Guard.FAILED;
            if (isStopping()) {
                return status;
            }
            boolean isRejected = start.isPresent() && start.get().isRejected();
            if (!isRejected && next(trial, status) == Next.END) {
                forget();
                if (trial.isPresent() && status == 0) {
                    guard.giveStartBack();
                }
                return status;
            }
            guard.say(
                    start.isPresent()
                            ? "the application ended with status %d: it is started again".formatted(status)
                            : "it is tried again");
            Thread.sleep(PAUSE.toMillis());
            forget();
        }
    }

    /** Empty also if that cannot be told, which is no reason not to start. */
    private Optional<TrialStatus> trial() {
        try {
            return Installation.trialOf(options.device());
        } catch (IOException | RuntimeException | Error e) {
            guard.say("whether a release is on trial cannot be told: " + Guard.words(e));
            return Optional.empty();
        }
    }

    /**
     * There is nothing to find out any more about a release that is rejected, and could not be taken back. One of which nobody
     * can tell now may be on trial: whoever watches it finds out when that can be read.
     */
    private Watched watched() {
        try {
            Optional<TrialStatus> trial = Installation.trialOf(options.device());
            return trial.isPresent() && !trial.get().isRejected() ? Watched.YES : Watched.NO;
        } catch (IOException | RuntimeException | Error e) {
            return Watched.YES;
        }
    }

    /**
     * The application, or empty if it does not start. Whoever stops the guard meanwhile finds one that has started; after
     * that none starts.
     */
    private synchronized Optional<Running> start(Watched watched) {
        if (stopping) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(options.command()).inheritIO().start();
            Optional<Watcher> watcher = watched == Watched.YES ? Optional.of(watcher(process)) : Optional.empty();
            running = Optional.of(new Running(process, watcher));
            watcher.ifPresent(Watcher::start);
        } catch (IOException e) {
            guard.say("the application does not start: " + Guard.words(e));
            running = Optional.empty();
        }
        return running;
    }

    private Watcher watcher(Process process) {
        return new Watcher(
                guard,
                guard.trialWatch(options.health().orElse(CONFIRMS_ITSELF)),
                () -> GuardedApplication.end(process));
    }

    /** What follows after an end with {@code status} of what was started while {@code before} was on trial. */
    private Next next(Optional<TrialStatus> before, int status) {
        if (before.isPresent() && before.get().isRejected()) {
            return Next.END;
        }
        Optional<LooseVersion> tried = before.map(TrialStatus::release);
        Optional<TrialStatus> now = trial();
        if (now.isEmpty()) {
            // The version before may be back already, and has not been started then.
            return tried.isPresent() && wasTakenBack() ? Next.START_AGAIN : Next.END;
        }
        boolean endedInOrder = status == 0 && !now.get().isRejected();
        return endedInOrder && tried.equals(Optional.of(now.get().release())) ? Next.END : Next.START_AGAIN;
    }

    private boolean wasTakenBack() {
        try {
            return Installation.lastChangeOf(options.device()).outcome() == Outcome.ROLLED_BACK;
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /** Its end was dealt with. */
    private synchronized void forget() {
        running = Optional.empty();
    }

    private synchronized Optional<Running> beginStopping() {
        stopping = true;
        return running;
    }

    /** Somebody ends the guard: the application ends in order, and its start is given back. */
    private void stop() {
        Optional<Running> last = beginStopping();
        if (last.isEmpty()) {
            return;
        }
        try {
            last.get().end();
            guard.giveStartBack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** With all that it has started: a script that starts the application does not hand the signal on. */
    private static void end(Process process) {
        // Once it has ended, nobody knows any more what it has started.
        List<ProcessHandle> all = withDescendants(process.toHandle()).toList();
        all.forEach(ProcessHandle::destroy);
        try {
            CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
                    .orTimeout(GRACE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException tooLate) {
            all.stream().flatMap(GuardedApplication::withDescendants).forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static Stream<ProcessHandle> withDescendants(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants());
    }
}
