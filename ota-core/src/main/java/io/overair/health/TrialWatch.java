package io.overair.health;

import io.overair.install.Installation;
import io.overair.install.InstallationLockedException;
import io.overair.install.InstallationOptions;
import io.overair.install.NotOnTrialException;
import io.overair.install.TrialStatus;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Watches a release on trial during one of its starts: asks a {@link HealthCheck} until it has been content for some time,
 * which makes the start a healthy one, or until the running time of the trial is over, which rejects the release. The
 * application may confirm or reject it meanwhile.
 *
 * <p>Opens the installation for each word it writes, and only then: others can work with it in between. Immutable; each
 * watch is for the thread that calls it.
 */
public final class TrialWatch {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

    /** The running time is written down each time a part of it has passed: so much of it is forgotten by a power cut. */
    private static final int PARTS = 10;

    private final Path root;
    private final InstallationOptions options;
    private final HealthCheck check;
    private final Duration interval;
    private final Duration settle;
    private final Consumer<String> listener;
    private final Runnable beforeRejection;
    private final Ticker ticker;

    private TrialWatch(
            Path root,
            InstallationOptions options,
            HealthCheck check,
            Duration interval,
            Duration settle,
            Consumer<String> listener,
            Runnable beforeRejection,
            Ticker ticker) {
        this.root = root;
        this.options = options;
        this.check = check;
        this.interval = interval;
        this.settle = settle;
        this.listener = listener;
        this.beforeRejection = beforeRejection;
        this.ticker = ticker;
    }

    /** What a watch has come to. */
    public enum Verdict {
        /** The release has passed its trial, or none was going on. */
        CONFIRMED,
        /** This start was a healthy one; there have to be more of them. */
        HEALTHY_START,
        /** The release is rejected: start the application anew, and the version before is back. */
        REJECTED,
        /** The release was rejected before this start, and cannot be taken back now: it runs on, and no restart changes that. */
        STAYS
    }

    /**
     * Watches the installation at {@code root}, opened with {@code options}; asks {@code check} every five seconds and
     * takes its first good answer.
     */
    public static TrialWatch of(Path root, InstallationOptions options, HealthCheck check) {
        return new TrialWatch(
                root, options, check, DEFAULT_INTERVAL, Duration.ZERO, problem -> {}, () -> {}, Ticker.real());
    }

    /** Asks as often as that. */
    public TrialWatch withInterval(Duration time) {
        return new TrialWatch(root, options, check, time, settle, listener, beforeRejection, ticker);
    }

    /** Takes the release for healthy only after {@code time} in which every answer was a good one. */
    public TrialWatch withSettle(Duration time) {
        return new TrialWatch(root, options, check, interval, time, listener, beforeRejection, ticker);
    }

    /** Tells {@code told} every problem that the check has found, as a sentence for people. */
    public TrialWatch withListener(Consumer<String> told) {
        return new TrialWatch(root, options, check, interval, settle, told, beforeRejection, ticker);
    }

    /**
     * Runs {@code action} on the thread that watches, once, before it rejects the release: an application that hangs can be
     * ended by it, and no longer holds the installation open then. If it fails, the release is rejected all the same.
     */
    public TrialWatch withBeforeRejection(Runnable action) {
        return new TrialWatch(root, options, check, interval, settle, listener, action, ticker);
    }

    TrialWatch withTicker(Ticker other) {
        return new TrialWatch(root, options, check, interval, settle, listener, beforeRejection, other);
    }

    /**
     * Watches until there is a verdict, which is on the disk then.
     *
     * @throws InterruptedException if the thread is interrupted; the running time until then is written down
     * @throws IOException if the installation cannot be read, or a word cannot be written
     */
    public Verdict await() throws IOException, InterruptedException {
        Optional<TrialStatus> trial = trial();
        if (trial.isEmpty()) {
            return Verdict.CONFIRMED;
        }
        LooseVersion release = trial.get().release();
        if (trial.get().isRejected()) {
            return takenBack(release);
        }
        Duration part = trial.get().remaining().dividedBy(PARTS);
        Clock clock = new Clock();
        String problem = "it was not found healthy";
        Optional<Long> contentSince = Optional.empty();
        try {
            while (trial.isPresent() && trial.get().release().equals(release)) {
                if (trial.get().isRejected()) {
                    return Verdict.REJECTED;
                }
                Optional<String> answer = check.problem();
                if (answer.isPresent()) {
                    problem = answer.get();
                    listener.accept(problem);
                    contentSince = Optional.empty();
                } else if (contentSince.isEmpty()) {
                    contentSince = Optional.of(ticker.now());
                }
                if (contentSince.isPresent() && since(contentSince.get()).compareTo(settle) >= 0) {
                    clock.write();
                    return healthyStart(release);
                }
                Duration left = trial.get().remaining().minus(clock.unwritten());
                if (left.isNegative() || left.isZero()) {
                    return reject(release, "not healthy in time: " + problem);
                }
                if (clock.unwritten().compareTo(part) >= 0) {
                    clock.write();
                }
                ticker.sleep(shortest(interval, left));
                trial = trial();
            }
        } catch (InterruptedException e) {
            clock.write();
            throw e;
        }
        return Verdict.CONFIRMED;
    }

    private Duration since(long moment) {
        return Duration.ofNanos(ticker.now() - moment);
    }

    private static Duration shortest(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private Optional<TrialStatus> trial() throws IOException {
        return Installation.statusOf(root).trial();
    }

    /** A restart that was to take it back may have been in vain: one more would be, too, and so for ever. */
    private Verdict takenBack(LooseVersion rejected) throws IOException {
        try (Installation installation = Installation.open(root, options)) {
            return installation.version().equals(Optional.of(rejected)) ? Verdict.STAYS : Verdict.REJECTED;
        }
    }

    private Verdict healthyStart(LooseVersion release) throws IOException {
        try (Installation installation = Installation.open(root, options)) {
            return installation.countHealthyStart(release) ? Verdict.CONFIRMED : Verdict.HEALTHY_START;
        } catch (NotOnTrialException decidedMeanwhile) {
            return Verdict.REJECTED;
        }
    }

    private Verdict reject(LooseVersion release, String reason) throws IOException {
        try {
            beforeRejection.run();
        } catch (RuntimeException e) {
            listener.accept("what was to be done before the rejection has failed: " + e);
        }
        try (Installation installation = Installation.open(root, options)) {
            installation.reject(release, reason);
            return Verdict.REJECTED;
        } catch (NotOnTrialException confirmedMeanwhile) {
            return Verdict.CONFIRMED;
        }
    }

    /** What of the running time has passed, and how much of that is written down. */
    private final class Clock {
        private long written = ticker.now();

        Duration unwritten() {
            return since(written);
        }

        void write() throws IOException {
            Duration passed = unwritten();
            try (Installation installation = Installation.open(root, options)) {
                installation.countRunningTime(passed);
                written += passed.toNanos();
            } catch (InstallationLockedException later) {
                // An updater is at work; what has passed is written down the next time.
            }
        }
    }
}
