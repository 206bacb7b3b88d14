package io.overair.examples.cli;

import io.overair.server.netty.OtaServer;
import java.util.concurrent.CountDownLatch;

/**
 * Closes a server when the process is told to end. SIGTERM and Ctrl-C are how a server is meant to end, so the exit
 * status is 0, where Java by itself makes it 143 or 130.
 */
final class Termination {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    private Termination(OtaServer server, RequestLog log) {
        this.hook = new Thread(() -> end(server, log), "ota-termination");
    }

    /** From now on, {@code server} is closed when the process is told to end, and then {@code log}. */
    static Termination closing(OtaServer server, RequestLog log) {
        Termination termination = new Termination(server, log);
        Runtime.getRuntime().addShutdownHook(termination.hook);
        return termination;
    }

    /** Waits until the server is closed, or the thread is interrupted. */
    void await() throws InterruptedException {
        closed.await();
    }

    /** Leaves the end of the process alone again. */
    void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // Then the hook is at work, and will end the process.
        }
    }

    /** Does not flush stdout, which is flushed line by line: if nobody reads it, that would never return. */
    private void end(OtaServer server, RequestLog log) {
        try {
            server.close();
            log.close();
        } finally {
            closed.countDown();
            Runtime.getRuntime().halt(0);
        }
    }
}
