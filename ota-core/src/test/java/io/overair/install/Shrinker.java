package io.overair.install;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a sequence that breaks something as short as it gets. */
final class Shrinker {
    private Shrinker() {}

    /**
     * A part of {@code failing} that still {@code fails}, of which no single step can be left out. Leaves out halves first,
     * then ever smaller pieces.
     */
    static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails) {
        List<T> shortest = failing;
        for (int piece = Math.max(1, failing.size() / 2); piece > 0; ) {
            List<T> shorter = withoutAPiece(shortest, piece, fails);
            if (shorter.size() < shortest.size()) {
                shortest = shorter;
            } else {
                piece /= 2;
            }
        }
        return shortest;
    }

    private static <T> List<T> withoutAPiece(List<T> sequence, int piece, Predicate<List<T>> fails) {
        for (int from = 0; from < sequence.size(); from += piece) {
            List<T> rest = new ArrayList<>(sequence.subList(0, from));
            rest.addAll(sequence.subList(Math.min(sequence.size(), from + piece), sequence.size()));
            if (fails.test(rest)) {
                return rest;
            }
        }
        return sequence;
    }
}
