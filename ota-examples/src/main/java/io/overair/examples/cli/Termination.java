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

    private Termination(OtaServer server) {
        this.hook = new Thread(() -> end(server), "ota-termination");
    }

    /** From now on, {@code server} is closed when the process is told to end. */
    static Termination closing(OtaServer server) {
        Termination termination = new Termination(server);
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

    private void end(OtaServer server) {
        server.close();
        closed.countDown();
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(0);
    }
}
