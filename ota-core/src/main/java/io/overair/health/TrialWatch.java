package io.overair.health;

import io.overair.install.Installation;
import io.overair.install.InstallationLockedException;
import io.overair.install.InstallationOptions;
import io.overair.install.NotOnTrialException;
import io.overair.install.Report;
import io.overair.install.TrialStatus;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches a release on trial during one of its starts: asks a {@link HealthCheck} until it has been content for some time,
 * which makes the start a healthy one, or until the running time of the trial is over, which rejects the release. The
 * application may confirm or reject it meanwhile. A check that fails or hangs is as good as one that has found a problem.
 *
 * <p>For a release that has been started: as long as the version before still runs, a check asks that one, and confirms what
 * nobody has seen run.
 *
 * <p>Opens the installation for each word it writes, and only then: others can work with it in between. Immutable; each
 * watch is for the thread that calls it.
 */
public final class TrialWatch {
    /** What a check gets at the very end of a trial: an answer that was cut off would hide why it really fails. */
    private static final Duration LEAST_CHECK_LIMIT = Duration.ofSeconds(1);

    /** The running time is written down each time a part of it has passed: so much of it is forgotten by a power cut. */
    private static final int PARTS = 10;

    private final Path root;
    private final InstallationOptions options;
    private final HealthCheck check;
    private Duration interval = Duration.ofSeconds(5);
    private Duration settle = Duration.ZERO;
    private Duration checkLimit = Duration.ofMinutes(1);
    private Consumer<String> listener = problem -> {};
    private Runnable beforeRejection = () -> {};
    private Ticker ticker = Ticker.real();

    private TrialWatch(Path root, InstallationOptions options, HealthCheck check) {
        this.root = root;
        this.options = options;
        this.check = check;
    }

    private TrialWatch(TrialWatch other) {
        this(other.root, other.options, other.check);
        interval = other.interval;
        settle = other.settle;
        checkLimit = other.checkLimit;
        listener = other.listener;
        beforeRejection = other.beforeRejection;
        ticker = other.ticker;
    }

    /** What a watch has come to. */
    public enum Verdict {
        /** The release has passed its trial, or none was going on. */
        CONFIRMED,
        /**
         * This start was a healthy one, but the {@linkplain io.overair.install.Trial#withHealthyStarts trial} takes more of them.
         * Each start counts once, and nobody watches this one any longer: the release stays on trial, and nothing else can be
         * installed, until the host has restarted the application and each of those starts was watched. Restart it when that
         * suits; what {@link io.overair.install.Installation#trialOf} says tells how many are missing.
         */
        HEALTHY_START,
        /**
         * The release is rejected, or is no longer the one that is installed: start the application anew, and what runs then is
         * the version before, or whatever else was installed meanwhile.
         */
        REJECTED,
        /** The release was rejected, and cannot be taken back now: it runs on, and no restart changes that. */
        STAYS
    }

    /**
     * Watches the installation at {@code root}, opened with {@code options}; asks {@code check} every five seconds and
     * takes its first good answer.
     */
    public static TrialWatch of(Path root, InstallationOptions options, HealthCheck check) {
        return new TrialWatch(root, options, check);
    }

    /** Asks as often as that. */
    public TrialWatch withInterval(Duration time) {
        TrialWatch copy = new TrialWatch(this);
        copy.interval = time;
        return copy;
    }

    /**
     * Takes the release for healthy only after {@code time} in which every answer was a good one. That has to be less than the
     * trial lasts: a release that has no more time left is rejected when that is over, however good the answers are.
     */
    public TrialWatch withSettle(Duration time) {
        TrialWatch copy = new TrialWatch(this);
        copy.settle = time;
        return copy;
    }

    /**
     * Ends a check that takes longer than {@code time}, or than the trial may: that is a problem, too. It is asked on a daemon
     * thread of its own, which is interrupted then; as long as that does not help, it is not asked again. Default: a minute.
     */
    public TrialWatch withCheckLimit(Duration time) {
        TrialWatch copy = new TrialWatch(this);
        copy.checkLimit = time;
        return copy;
    }

    /**
     * Tells {@code told}, in words for people, what keeps the release from being confirmed: every problem that the check has
     * found and, once each, what keeps the watch from reading or writing the installation, which may be somebody else who has
     * it open when a verdict is to be written down. What it throws is passed over.
     */
    public TrialWatch withListener(Consumer<String> told) {
        TrialWatch copy = new TrialWatch(this);
        copy.listener = told;
        return copy;
    }

    /**
     * Runs {@code action} on the thread that watches, once, before it rejects the release: an application that hangs can be
     * ended by it, and no longer holds the installation open then. If it fails, the release is rejected all the same.
     */
    public TrialWatch withBeforeRejection(Runnable action) {
        TrialWatch copy = new TrialWatch(this);
        copy.beforeRejection = action;
        return copy;
    }

    TrialWatch withTicker(Ticker other) {
        TrialWatch copy = new TrialWatch(this);
        copy.ticker = other;
        return copy;
    }

    /**
     * Watches until there is a verdict, which is on the disk then. While somebody else has the installation open, or it cannot
     * be read or written, because the disk is full, say, the running time is counted all the same, and the verdict waits: it
     * is tried again at each interval to write it down, without an end.
     *
     * @throws InterruptedException if the thread is interrupted; what was found until then is written down, if that is
     *     possible now
     * @throws IOException if the installation cannot be read at the beginning; then nothing was watched and nothing changed,
     *     and the release stays on trial: call it again
     */
    public Verdict await() throws IOException, InterruptedException {
        Optional<TrialStatus> trial = trial();
        if (trial.isEmpty()) {
            return Verdict.CONFIRMED;
        }
        Watching watching = new Watching(trial.get());
        return trial.get().isRejected() ? watching.takenBack() : watching.verdict();
    }

    private Optional<TrialStatus> trial() throws IOException {
        return Installation.trialOf(root);
    }

    private void tell(String words) {
        try {
            listener.accept(words);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            // A release that fails must not stay for want of somebody who listens.
        }
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3)
                .setScale(1, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static Duration shortest(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** The message of an exception that is about a file often is no sentence, but the file's name. */
    private static String words(IOException problem) {
        return problem instanceof FileSystemException ? problem.toString() : String.valueOf(problem.getMessage());
    }

    /** What ends the watch. As long as it fails, it is tried again, whatever it has come to before it did. */
    @FunctionalInterface
    private interface LastStep {
        Verdict take() throws IOException;
    }

    /** What is to be written down, and what it comes to. */
    @FunctionalInterface
    private interface Word {
        Verdict write(Installation installation) throws IOException;
    }

    /** One watch over one release. */
    private final class Watching {
        private final LooseVersion release;
        private final int healthyStartsBefore;
        private final Clock clock;
        private final TimedCheck timedCheck = new TimedCheck(check, ticker);
        private final Set<String> toldOnce = new HashSet<>();
        private Optional<String> problem = Optional.empty();
        private Optional<Long> contentSince = Optional.empty();

        Watching(TrialStatus trial) {
            release = trial.release();
            healthyStartsBefore = trial.healthyStarts();
            clock = new Clock(trial.remaining());
        }

        Verdict verdict() throws InterruptedException {
            tellIfThereIsNoTimeToSettle();
            return insistOn(find());
        }

        /** The release may still be confirmed by others, and its application has started: so it goes on. */
        private void tellIfThereIsNoTimeToSettle() {
            if (settle.compareTo(clock.left()) >= 0) {
                tell("%s s are left of its trial, which is no more than the %s s that it takes to settle"
                        .formatted(seconds(clock.left()), seconds(settle)));
            }
        }

        /** Waits until there is something to be said about the release, or somebody else was faster. */
        private LastStep find() throws InterruptedException {
            try {
                while (isOnTrial()) {
                    Duration left = clock.left();
                    if (left.isZero()) {
                        return written(rejection("not healthy in time: " + shortcoming()));
                    }
                    if (clock.isDue(left)) {
                        writeRunningTime(left);
                    }
                    note(timedCheck.problem(shortest(checkLimit, longest(LEAST_CHECK_LIMIT, clock.left()))));
                    if (contentSince.isPresent()
                            && clock.since(contentSince.get()).compareTo(settle) >= 0) {
                        return written(healthyStart(clock.left()));
                    }
                    ticker.sleep(shortest(interval, clock.left()));
                }
            } catch (InterruptedException e) {
                writeRunningTime(clock.left());
                throw e;
            }
            return this::lastWord;
        }

        /** As long as nobody can read that it is not, it is: the deadline holds without the disk. */
        private boolean isOnTrial() {
            try {
                return trial().filter(this::isOurs)
                        .filter(now -> !now.isRejected())
                        .isPresent();
            } catch (IOException e) {
                tellOnce("how its trial stands cannot be read: " + words(e));
                return true;
            }
        }

        private boolean isOurs(TrialStatus trial) {
            return trial.release().equals(release);
        }

        private void writeRunningTime(Duration left) {
            try (Installation installation = openAtOnce()) {
                count(left, installation);
            } catch (InstallationLockedException later) {
                // What has passed is written down the next time.
            } catch (IOException e) {
                tellOnce("its running time cannot be written down: " + words(e));
            }
        }

        /**
         * Has no more than {@code left} remain of the running time. By what the disk says, since an attempt that has failed, or
         * another watch, may have counted some of it.
         */
        private void count(Duration left, Installation installation) throws IOException {
            Optional<TrialStatus> now = trial().filter(this::isOurs);
            if (now.isPresent() && now.get().remaining().compareTo(left) > 0) {
                installation.countRunningTime(now.get().remaining().minus(left));
            }
            clock.wrote(left);
        }

        private void note(Optional<String> answer) {
            if (answer.isPresent()) {
                problem = answer;
                tell(answer.get());
                contentSince = Optional.empty();
            } else if (contentSince.isEmpty()) {
                contentSince = Optional.of(ticker.now());
            }
        }

        private String shortcoming() {
            String last = problem.orElse("its checks were not asked");
            if (contentSince.isEmpty()) {
                return last;
            }
            return "its checks were good for %s s at the end, not for the %s s that it takes to settle%s"
                    .formatted(
                            seconds(clock.since(contentSince.get())),
                            seconds(settle),
                            problem.map(before -> "; before that: " + before).orElse(""));
        }

        private Word healthyStart(Duration left) {
            return installation -> {
                if (!isCounted() && installation.countHealthyStart(release)) {
                    return lastWord();
                }
                count(left, installation);
                TrialStatus now = trial().orElseThrow();
                if (now.isRejected()) {
                    return Verdict.REJECTED;
                }
                tellOnce("healthy in %d of the %d starts that it takes: the next one counts after a restart"
                        .formatted(now.healthyStarts(), now.healthyStartsNeeded()));
                return Verdict.HEALTHY_START;
            };
        }

        /** By an attempt that has failed afterwards, or by another watch: each start counts once. */
        private boolean isCounted() throws IOException {
            return trial().filter(this::isOurs)
                    .filter(now -> now.healthyStarts() > healthyStartsBefore)
                    .isPresent();
        }

        private Word rejection(String reason) {
            try {
                beforeRejection.run();
            } catch (RuntimeException | LinkageError | AssertionError e) {
                // An update may have replaced what it is made of.
                tell("what was to be done before the rejection has failed: " + e);
            }
            return installation -> {
                installation.reject(release, reason);
                return Verdict.REJECTED;
            };
        }

        /** What was said of this release last; if that was of another one, other files are there now than its application's. */
        private Verdict lastWord() throws IOException {
            Report last = Installation.lastChangeOf(root);
            if (!last.release().equals(Optional.of(release))) {
                return Verdict.REJECTED;
            }
            return switch (last.outcome()) {
                case CONFIRMED -> Verdict.CONFIRMED;
                case KEPT -> Verdict.STAYS;
                case NONE, UPDATED, UNDONE, ROLLED_BACK -> Verdict.REJECTED;
            };
        }

        /** A restart that was to take it back may have been in vain: one more would be, too, and so for ever. */
        Verdict takenBack() throws InterruptedException {
            return insistOn(written(opened -> trial().filter(this::isOurs).isPresent() ? Verdict.STAYS : lastWord()));
        }

        private LastStep written(Word word) {
            return () -> {
                try (Installation installation = openAtOnce()) {
                    return word.write(installation);
                } catch (NotOnTrialException e) {
                    return lastWord();
                }
            };
        }

        /** Takes {@code step} as soon as that is possible. */
        private Verdict insistOn(LastStep step) throws InterruptedException {
            Optional<Verdict> verdict = attempt(step);
            while (verdict.isEmpty()) {
                try {
                    ticker.sleep(interval);
                } catch (InterruptedException e) {
                    // Whoever ends the watch has often just ended the application that held the lock.
                    attempt(step);
                    throw e;
                }
                verdict = attempt(step);
            }
            return verdict.get();
        }

        /** Empty if it is not possible now. */
        private Optional<Verdict> attempt(LastStep step) {
            try {
                return Optional.of(step.take());
            } catch (InstallationLockedException e) {
                tellOnce("what was found cannot be written down while %s has the installation open"
                        .formatted(e.holder()));
            } catch (IOException e) {
                tellOnce("what was found cannot be written down: " + words(e));
            }
            return Optional.empty();
        }

        private void tellOnce(String words) {
            if (toldOnce.add(words)) {
                tell(words);
            }
        }
    }

    /** The watch has patience of its own: while it waits for a lock it would ask nobody. */
    private Installation openAtOnce() throws IOException {
        return Installation.open(root, options.withLockPatience(Duration.ZERO));
    }

    /** What is left of the running time, and what the disk says of it. */
    private final class Clock {
        private final long end;
        private final Duration part;
        private Duration written;

        Clock(Duration remaining) {
            end = ticker.now() + TimeUnit.NANOSECONDS.convert(remaining);
            part = remaining.dividedBy(PARTS);
            written = remaining;
        }

        Duration left() {
            return Duration.ofNanos(Math.max(0, end - ticker.now()));
        }

        Duration since(long moment) {
            return Duration.ofNanos(ticker.now() - moment);
        }

        boolean isDue(Duration left) {
            return written.minus(left).compareTo(part) >= 0;
        }

        void wrote(Duration left) {
            written = left;
        }
    }
}
