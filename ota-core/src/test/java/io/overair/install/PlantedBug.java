package io.overair.install;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A mistake that the code under test does not make, made for it between the code and the disk: an operation that never
 * happens, or one that happens later. A test kit that does not notice it proves nothing.
 *
 * <p>Applied to a port it gives the port with the mistake, which counts its places from the start again.
 */
final class PlantedBug implements UnaryOperator<FilePort> {
    private final String name;
    private final Place what;
    private final Optional<Place> until;
    private final AtomicInteger strikes = new AtomicInteger();

    private PlantedBug(String name, Place what, Optional<Place> until) {
        this.name = name;
        this.what = what;
        this.until = until;
    }

    /** {@code what} is never done, though it seems to be. */
    static PlantedBug dropping(Place what) {
        return new PlantedBug("dropped: " + what, what, Optional.empty());
    }

    /** {@code what} is done only after the next {@code until}: the two swapped, with all that is between before both. */
    static PlantedBug delaying(Place what, Place until) {
        return new PlantedBug("delayed: " + what + " until after " + until, what, Optional.of(until));
    }

    /** How often it struck, in all runs; a bug that never did has no place in them. */
    int strikes() {
        return strikes.get();
    }

    @Override
    public FilePort apply(FilePort port) {
        return new BuggyPort(port);
    }

    @Override
    public String toString() {
        return name;
    }

    private final class BuggyPort extends InterceptingPort {
        private final Predicate<Operation> struck = what.watch();
        private final Predicate<Operation> released = until.map(Place::watch).orElse(operation -> false);
        private final Queue<Call> delayed = new ArrayDeque<>();

        BuggyPort(FilePort port) {
            super(port);
        }

        @Override
        void around(Operation operation, Call call) throws IOException {
            if (struck.test(operation)) {
                strikes.incrementAndGet();
                delayed.add(call);
                return;
            }
            call.run();
            if (!delayed.isEmpty() && released.test(operation)) {
                while (!delayed.isEmpty()) {
                    delayed.remove().run();
                }
            }
        }
    }
}
