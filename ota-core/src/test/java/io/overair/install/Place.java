package io.overair.install;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.function.Predicate;

/**
 * Where in a run something happens: at every operation of a kind, at some paths or all, or at one of these by number.
 *
 * <p>{@code Place.of(FORCE_FOLDER).at("**}{@code /.ota/txn").nth(2)} is the second time that the transactions' folder is
 * forced. Patterns are globs over whole paths.
 */
final class Place {
    private static final int EVERY = 0;

    private final String name;
    private final Predicate<Operation> matcher;
    private final int number;

    private Place(String name, Predicate<Operation> matcher, int number) {
        this.name = name;
        this.matcher = matcher;
        this.number = number;
    }

    static Place of(Operation.Kind kind) {
        return new Place(kind.name(), operation -> operation.kind() == kind, EVERY);
    }

    /** Only where the path, of a move or link the one that was there before, is like this. */
    Place at(String glob) {
        return and(" at " + glob, operation -> matches(glob, operation.path()));
    }

    /** Only where the name that a move or link gives is like this. */
    Place to(String glob) {
        return and(
                " to " + glob,
                operation -> operation.to().filter(path -> matches(glob, path)).isPresent());
    }

    /** Only the one with this number, counted from 1 in each run. */
    Place nth(int one) {
        return new Place(name + " no. " + one, matcher, one);
    }

    private Place and(String more, Predicate<Operation> condition) {
        return new Place(name + more, matcher.and(condition), number);
    }

    private static boolean matches(String glob, Path path) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        return matcher.matches(path);
    }

    /** A way through one run, which counts. */
    Predicate<Operation> watch() {
        int[] seen = {0};
        return operation -> matcher.test(operation) && (number == EVERY || ++seen[0] == number);
    }

    @Override
    public String toString() {
        return name;
    }
}
