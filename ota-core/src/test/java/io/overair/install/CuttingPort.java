package io.overair.install;

import java.io.IOException;

/**
 * Lets a number of changes through and then ends the program: that operation and every later one, also those of
 * {@code finally} blocks, throw {@link PowerCut} and do nothing. Around the port of a real disk it kills an updater
 * without a second process.
 */
final class CuttingPort extends InterceptingPort {
    private int left;

    CuttingPort(FilePort port, int changes) {
        super(port);
        this.left = changes;
    }

    /** Whether the program was ended; if not, it had no more changes to make than it was granted. */
    boolean hasCut() {
        return left < 0;
    }

    @Override
    void around(Operation operation, Call call) throws IOException {
        if (left >= 0 && operation.changes()) {
            left--;
        }
        if (left < 0) {
            throw new PowerCut("cut before " + operation);
        }
        call.run();
    }
}
