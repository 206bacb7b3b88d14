package io.overair.install;

import java.io.IOException;
import java.util.function.Predicate;

/**
 * A disk that fails at one operation, or from one operation on until {@link #lift}. What fails does nothing.
 *
 * <p>Operations that the fault cannot concern are not counted, so a test goes through all places where it may strike by
 * counting up from 1 until {@link #hasStruck} says no.
 */
final class FaultyPort extends InterceptingPort {
    private enum Lasting {
        ONCE,
        FOR_EVER
    }

    private final Fault fault;
    private final Lasting lasting;
    private final Predicate<Operation> counted;
    private int left;
    private boolean struck;
    private boolean lifted;

    private FaultyPort(FilePort port, Fault fault, Lasting lasting, int place, Predicate<Operation> counted) {
        super(port);
        this.fault = fault;
        this.lasting = lasting;
        this.counted = counted;
        this.left = place;
    }

    /** Fails at the {@code place}-th operation, counted from 1, among those that {@code counted} accepts. */
    static FaultyPort once(FilePort port, Fault fault, int place, Predicate<Operation> counted) {
        return new FaultyPort(port, fault, Lasting.ONCE, place, counted);
    }

    /** Fails from the {@code place}-th operation on. */
    static FaultyPort forEver(FilePort port, Fault fault, int place, Predicate<Operation> counted) {
        return new FaultyPort(port, fault, Lasting.FOR_EVER, place, counted);
    }

    /** Whether any operation has failed yet. */
    boolean hasStruck() {
        return struck;
    }

    /** Ends the fault. */
    void lift() {
        lifted = true;
    }

    @Override
    void around(Operation operation, Call call) throws IOException {
        if (!lifted && fault.concerns(operation) && counted.test(operation)) {
            left--;
            if (left == 0 || (left < 0 && lasting == Lasting.FOR_EVER)) {
                struck = true;
                throw fault.exception(operation.path());
            }
        }
        call.run();
    }
}
