package io.overair.examples.bench;

import java.util.List;
import java.util.stream.Stream;

/** Some figures, sorted. */
record Statistics(List<Double> sorted) {
    static Statistics of(Stream<Double> figures) {
        return new Statistics(figures.sorted().toList());
    }

    double median() {
        return percentile(50);
    }

    /** The smallest figure that at least {@code percent} of all do not exceed. */
    double percentile(int percent) {
        int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
        return sorted.get(Math.max(0, rank - 1));
    }

    double max() {
        return sorted.get(sorted.size() - 1);
    }

    /** The median, and in brackets the smallest and the largest. */
    String withRange() {
        return "%s (%s–%s)".formatted(Report.number(median()), Report.number(sorted.get(0)), Report.number(max()));
    }
}
