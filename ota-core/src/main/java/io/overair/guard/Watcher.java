package io.overair.guard;

import io.overair.health.TrialWatch;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A watch in a thread of its own, which can be ended at any time: the running time until then is written down. */
final class Watcher {
    /** For how many intervals the application waits for its rejection to be written: then it had better run than not. */
    private static final int PATIENCE = 12;

    private static final String NOT_WATCHED = "the trial cannot be watched: ";

    private final Guard guard;
    private final TrialWatch watch;
    private final Runnable ending;
    private final Thread thread = new Thread(this::run, "overair-guard-watch");
    private boolean rejecting;
    private Optional<TrialWatch.Verdict> verdict = Optional.empty();

    /** {@code ending} ends the application, if its release is rejected. */
    Watcher(Guard guard, TrialWatch watch, Runnable ending) {
        this.guard = guard;
        this.watch = watch.withBeforeRejection(this::endApplication);
        this.ending = ending;
    }

    /** Without memory for a thread nobody watches; that is told, and no reason to end the application. */
    void start() {
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            guard.say(NOT_WATCHED + Guard.words(e));
        }
    }

    /** Waits for what the watch comes to; empty if it was ended before, or failed, which was told. */
    Optional<TrialWatch.Verdict> await() throws InterruptedException {
        thread.join();
        return verdict;
    }

    /** The application has ended: so does the watch. One that has ended it itself is given some time to write down why. */
    void applicationEnded() throws InterruptedException {
        if (isRejecting()) {
            TimeUnit.NANOSECONDS.timedJoin(
                    thread, guard.interval().multipliedBy(PATIENCE).toNanos());
        }
        end();
    }

    /** Ends the watch and waits for its last word. */
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    /** Whether the release is rejected, or about to be. */
    synchronized boolean isRejecting() {
        return rejecting;
    }

    private void run() {
        try {
            TrialWatch.Verdict result = result();
            guard.say(result);
            if (result == TrialWatch.Verdict.REJECTED && !isRejecting()) {
                // Somebody else has done it.
                endApplication();
            }
            verdict = Optional.of(result);
        } catch (InterruptedException ended) {
            // There is no verdict.
        } catch (RuntimeException | Error e) {
            guard.say(NOT_WATCHED + Guard.words(e));
        }
    }

    /** An application that was started while its trial could not be read is watched as soon as it can be. */
    private TrialWatch.Verdict result() throws InterruptedException {
        for (String told = ""; ; ) {
            try {
                return watch.await();
            } catch (IOException e) {
                String words = NOT_WATCHED + Guard.words(e) + "; it is tried again";
                if (!words.equals(told)) {
                    guard.say(words);
                }
                told = words;
            }
            Thread.sleep(guard.interval().toMillis());
        }
    }

    private void endApplication() {
        beginRejecting();
        ending.run();
    }

    private synchronized void beginRejecting() {
        rejecting = true;
    }
}
