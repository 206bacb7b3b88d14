package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/**
 * An installation that never waits for the disk, to measure what waiting costs. It stands in this package, in the
 * benchmark only, because nobody else shall get at the port.
 */
public final class Unforced {
    private Unforced() {}

    /** An installation that a power cut may tear. */
    public static Installation open(Path root) throws IOException {
        FilePort port = new ForcingNothing(new NioFilePort());
        return Installation.open(
                root,
                InstallationOptions.defaults(),
                new Environment(port, Clock.systemUTC(), Ids.random(), Thread::sleep));
    }

    private static final class ForcingNothing extends InterceptingPort {
        ForcingNothing(FilePort port) {
            super(port);
        }

        @Override
        void around(Operation operation, Call call) throws IOException {
            boolean forces =
                    operation.kind() == Operation.Kind.FORCE || operation.kind() == Operation.Kind.FORCE_FOLDER;
            if (!forces) {
                call.run();
            }
        }
    }
}
