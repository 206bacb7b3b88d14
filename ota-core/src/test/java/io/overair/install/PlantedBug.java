package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
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
    private final UnaryOperator<FilePort> plant;
    private final AtomicInteger strikes = new AtomicInteger();

    private PlantedBug(String name, Place what, Optional<Place> until) {
        this.name = name;
        this.plant = port -> new LatePort(port, what.watch(), until.map(Place::watch));
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
        return plant.apply(port);
    }

    @Override
    public String toString() {
        return name;
    }

    private final class LatePort extends InterceptingPort {
        private record Late(Operation operation, Call call) {}

        private final Predicate<Operation> struck;
        private final Optional<Predicate<Operation>> released;
        private final Queue<Late> late = new ArrayDeque<>();

        LatePort(FilePort port, Predicate<Operation> struck, Optional<Predicate<Operation>> released) {
            super(port);
            this.struck = struck;
            this.released = released;
        }

        @Override
        void around(Operation operation, Call call) throws IOException {
            if (struck.test(operation)) {
                strikes.incrementAndGet();
                if (released.isPresent()) {
                    late.add(new Late(operation, call));
                }
                return;
            }
            call.run();
            // It counts from the start of the run, also while nothing is late.
            boolean isTime = released.isPresent() && released.get().test(operation);
            while (isTime && !late.isEmpty()) {
                late.remove().call().run();
            }
        }

        /** What is still to be written or forced is still open. */
        @Override
        void closing(Path file, Call close) throws IOException {
            Optional<Late> ofFile = late.stream()
                    .filter(one -> one.operation().path().equals(file))
                    .findFirst();
            if (ofFile.isPresent()) {
                late.add(new Late(ofFile.get().operation(), close));
            } else {
                close.run();
            }
        }
    }
}
