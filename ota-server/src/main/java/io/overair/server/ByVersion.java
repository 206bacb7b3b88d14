package io.overair.server;

import io.overair.version.LooseVersion;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The one order of releases and images: the last of a list is the one to offer. */
final class ByVersion {
    private ByVersion() {}

    /** {@code items} by version, and those whose versions compare as equal by name, the first by code point last. */
    static <T> List<T> sorted(Stream<T> items, Function<T, LooseVersion> version, Function<T, String> name) {
        Comparator<T> byName =
                (left, right) -> Arrays.compare(codePoints(name.apply(left)), codePoints(name.apply(right)));
        return items.sorted(Comparator.comparing(version).thenComparing(byName.reversed()))
                .toList();
    }

    private static int[] codePoints(String text) {
        return text.codePoints().toArray();
    }
}
