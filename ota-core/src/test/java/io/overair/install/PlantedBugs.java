package io.overair.install;

import io.overair.install.Operation.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Mistakes in the order of what is done to a disk, generated from {@link Recipe}s: what an update, a way back, a word of a
 * trial and a recovery do is recorded once, and at each place where the order matters a {@link PlantedBug} is planted.
 */
final class PlantedBugs {
    /** What is done to the recipe at a place. */
    enum Family {
        /** A force, a link or a setting of attributes is never done. */
        LEFT_OUT("left out"),
        /** A force and what comes next change places. */
        SWAPPED("swapped with what comes next"),
        /** A rename comes before the force of what is renamed. */
        RENAMED_BEFORE_ITS_CONTENT("rename before the force of its content"),
        /** A rename comes before the last force of a folder that was to be before it. */
        RENAMED_BEFORE_FOLDERS("rename before the force of a folder");

        private final String title;

        Family(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /**
     * Something that is done, and where in it mistakes are planted.
     *
     * @param first number of the first operation that is of interest, from 0
     * @param paths of the operations that are
     */
    record Recipe(Scenario scenario, int first, Predicate<Path> paths) {
        static Recipe of(Scenario scenario) {
            return new Recipe(scenario, 0, path -> true);
        }

        /** Only from the first operation at {@code path} on: what is before is the same as in another recipe. */
        Recipe from(String path) {
            List<Path> all = run().operations().stream().map(Operation::path).toList();
            return new Recipe(scenario, all.indexOf(Path.of(path)), paths);
        }

        Recipe onlyAt(Predicate<Path> otherPaths) {
            return new Recipe(scenario, first, otherPaths);
        }

        Recording run() {
            return Recording.of(scenario.disk(), scenario.action(), scenario.fault());
        }
    }

    /** A mistake in a recipe, and why nobody can notice it if nobody can. */
    record Planted(Family family, Scenario scenario, PlantedBug bug, Optional<Unnoticeable> argument) {
        /** Whether some cut comes out wrong. */
        boolean isNoticed() {
            boolean noticed = CrashExplorer.notices(bug, scenario);
            if (bug.strikes() == 0) {
                throw new AssertionError("never struck: " + this);
            }
            return noticed;
        }

        @Override
        public String toString() {
            return family + ": " + scenario.name() + ", " + bug;
        }
    }

    private final Recipe recipe;
    private final Recording run;
    private final List<Operation> operations;
    private final List<Planted> planted = new ArrayList<>();

    private PlantedBugs(Recipe recipe) {
        this.recipe = recipe;
        this.run = recipe.run();
        this.operations = run.operations();
    }

    static Stream<Planted> in(Recipe recipe) {
        return new PlantedBugs(recipe).plantEverywhere().stream();
    }

    private List<Planted> plantEverywhere() {
        for (int i = recipe.first(); i < operations.size(); i++) {
            Path path = operations.get(i).path();
            // Nothing depends on the log.
            if (recipe.paths().test(path) && !path.endsWith("log")) {
                plantAt(i);
            }
        }
        return planted;
    }

    private void plantAt(int place) {
        switch (operations.get(place).kind()) {
            case FORCE, FORCE_FOLDER -> {
                leaveOut(place);
                if (place + 1 < operations.size()) {
                    putOff(Family.SWAPPED, place, place + 1);
                }
            }
            case LINK -> leaveOut(place);
            case SET_ATTRIBUTES -> {
                // Recorded as two calls, for owner and mode, where there is one.
                if (!operations.get(place - 1).equals(operations.get(place))) {
                    leaveOut(place);
                }
            }
            case MOVE -> {
                forceOfWhatIsMoved(place).ifPresent(force -> putOff(Family.RENAMED_BEFORE_ITS_CONTENT, force, place));
                // The one just before it is swapped with it already.
                lastBefore(place, one -> one.kind() == Kind.FORCE_FOLDER)
                        .filter(force -> force < place - 1)
                        .ifPresent(force -> putOff(Family.RENAMED_BEFORE_FOLDERS, force, place));
            }
            default -> {
                // What is made, written or removed has its order by the forces and renames around it.
            }
        }
    }

    /** It may have been forced under an earlier name. */
    private Optional<Integer> forceOfWhatIsMoved(int move) {
        Path name = operations.get(move).path();
        for (int i = move - 1; i >= 0; i--) {
            Operation one = operations.get(i);
            if (one.kind() == Kind.FORCE && one.path().equals(name)) {
                return Optional.of(i);
            }
            if (one.kind() == Kind.MOVE && one.to().equals(Optional.of(name))) {
                name = one.path();
            }
        }
        return Optional.empty();
    }

    private Optional<Integer> lastBefore(int place, Predicate<Operation> wanted) {
        for (int i = place - 1; i >= 0; i--) {
            if (wanted.test(operations.get(i))) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private void leaveOut(int place) {
        plant(Family.LEFT_OUT, PlantedBug.dropping(placeOf(place)), Unnoticeable.leftOut(run, place));
    }

    private void putOff(Family family, int force, int until) {
        PlantedBug bug = PlantedBug.delaying(placeOf(force), placeOf(until));
        plant(family, bug, Unnoticeable.putOff(run, force, until));
    }

    private void plant(Family family, PlantedBug bug, Optional<Unnoticeable> argument) {
        planted.add(new Planted(family, recipe.scenario(), bug, argument));
    }

    /** Which of its kind at its path this one is; by where it moves to where one file is moved or linked twice. */
    private Place placeOf(int index) {
        Operation one = operations.get(index);
        Place place = Place.of(one.kind()).at(one.path().toString());
        if (one.to().isPresent()) {
            place = place.to(one.to().get().toString());
        }
        int number = (int)
                operations.subList(0, index + 1).stream().filter(one::equals).count();
        // One call, recorded twice.
        return place.nth(one.kind() == Kind.SET_ATTRIBUTES ? 1 : number);
    }
}
