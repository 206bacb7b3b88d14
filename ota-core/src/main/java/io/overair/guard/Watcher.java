package io.overair.guard;

import io.overair.health.TrialWatch;
import java.io.IOException;
import java.util.Optional;

/** A watch in a thread of its own, which can be ended at any time: the running time until then is written down. */
final class Watcher {
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

    /** The application has ended: so does the watch, unless it has ended it itself and is about to say why. */
    void applicationEnded() throws InterruptedException {
        if (!isRejecting()) {
            thread.interrupt();
        }
        thread.join();
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
            TrialWatch.Verdict result = watch.await();
            guard.say(result);
            if (result == TrialWatch.Verdict.REJECTED && !isRejecting()) {
                // Somebody else has done it.
                endApplication();
            }
            verdict = Optional.of(result);
        } catch (InterruptedException ended) {
            // There is no verdict.
        } catch (IOException | RuntimeException | Error e) {
            guard.say(NOT_WATCHED + Guard.words(e));
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
