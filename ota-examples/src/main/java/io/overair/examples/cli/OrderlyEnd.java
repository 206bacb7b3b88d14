package io.overair.examples.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a verb end by itself when the process is told to end: SIGTERM or Ctrl-C interrupts its thread, and the process lasts
 * until the verb has ended. So an update stops at once until its commit point, and is completed after it.
 */
final class OrderlyEnd {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;
    private volatile int exitStatus;

    private OrderlyEnd(Thread worker) {
        this.hook = new Thread(() -> endAfter(worker), "ota-end");
    }

    /** From now on, {@code worker} is interrupted when the process is told to end. */
    static OrderlyEnd of(Thread worker) {
        OrderlyEnd end = new OrderlyEnd(worker);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    /** The verb has ended and has said so; the process may. */
    void ended(int status) {
        exitStatus = status;
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // Then the hook is at work, and ends the process.
        }
    }

    /** Java by itself would end the process with 143 or 130, whatever became of the work. */
    private void endAfter(Thread worker) {
        worker.interrupt();
        try {
            ended.await();
        } catch (InterruptedException e) {
            // Nobody does that to a hook.
        }
        Runtime.getRuntime().halt(exitStatus);
    }
}
