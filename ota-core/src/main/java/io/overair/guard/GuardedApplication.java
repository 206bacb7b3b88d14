package io.overair.guard;

import io.overair.health.HealthCheck;
import io.overair.health.TrialWatch;
import io.overair.install.Installation;
import io.overair.install.TrialStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts the application, again and again as long as its release is on trial, and ends with it. */
final class GuardedApplication {
    /** How long the application may take to end when it is told to. */
    private static final Duration GRACE = Duration.ofSeconds(20);

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
    private record Running(Process process, Optional<Thread> watcher) {
        /** Ends both; the watcher writes down how long the application ran. */
        void end() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            endWatcher();
        }

        void endWatcher() throws InterruptedException {
            if (watcher.isPresent()) {
                watcher.get().interrupt();
                watcher.get().join();
            }
        }
    }

    /** The exit status of the application, or of the guard if it does not start it. */
    int run() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "overair-guard-stop"));
        try {
            while (true) {
                int refusal = guard.start();
                if (refusal != 0) {
                    return refusal;
                }
                Optional<TrialStatus> before = trial();
                boolean tried = before.isPresent() && !before.get().isRejected();
                Running start = start(tried ? Watched.YES : Watched.NO);
                int status = start.process().waitFor();
                start.endWatcher();
                Optional<TrialStatus> after = trial();
                boolean cannotBeTakenBack = before.isPresent() && !tried;
                if (isStopping() || after.isEmpty() || cannotBeTakenBack) {
                    return status;
                }
                if (status == 0 && !after.get().isRejected() && isSameRelease(before, after.get())) {
                    forget();
                    guard.giveStartBack();
                    return status;
                }
                guard.say("the application ended with status %d while %s is on trial"
                        .formatted(status, after.get().release()));
                Thread.sleep(PAUSE.toMillis());
                forget();
            }
        } catch (IOException e) {
            guard.say(String.valueOf(e.getMessage()));
            return Guard.FAILED;
        }
    }

    private enum Watched {
        YES,
        NO
    }

    private Optional<TrialStatus> trial() throws IOException {
        return Installation.statusOf(options.device()).trial();
    }

    private static boolean isSameRelease(Optional<TrialStatus> before, TrialStatus after) {
        return before.isPresent() && before.get().release().equals(after.release());
    }

    /** Whoever stops the guard meanwhile finds the application that has started. */
    private synchronized Running start(Watched watched) throws IOException {
        Process process = new ProcessBuilder(options.command()).inheritIO().start();
        Optional<Thread> watcher = watched == Watched.YES
                ? Optional.of(new Thread(() -> watch(process), "overair-guard-watch"))
                : Optional.empty();
        watcher.ifPresent(Thread::start);
        Running start = new Running(process, watcher);
        running = Optional.of(start);
        return start;
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

    private void watch(Process process) {
        try {
            TrialWatch.Verdict verdict =
                    guard.trialWatch(options.health().orElse(CONFIRMS_ITSELF)).await();
            guard.say(verdict);
            if (verdict == TrialWatch.Verdict.REJECTED) {
                process.destroy();
                if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (InterruptedException ended) {
            // The application has ended before there was a verdict.
        } catch (IOException e) {
            guard.say("the trial cannot be watched: " + e.getMessage());
        }
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
}
