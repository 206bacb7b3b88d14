package io.overair.install;

import io.overair.install.Operation.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Why a mistake in the order of what is done cannot be noticed by anybody. Each is decided by what was recorded, from the
 * place of the mistake; the first that fits counts. Where none does, the mistake has to be noticed.
 */
enum Unnoticeable {
    NOTHING_TO_FORCE("nothing waits to be forced: the disk is the same before and after") {
        @Override
        boolean fits(Story story) {
            return story.is(Kind.FORCE_FOLDER)
                    && story.disk(0).fingerprint() == story.disk(1).fingerprint();
        }
    },
    TWO_FORCES("two forces in a row: what one of them alone leaves, a cut before both may leave as well") {
        @Override
        boolean fits(Story story) {
            return story.isSwap()
                    && (story.until().kind() == Kind.FORCE_FOLDER
                            || story.until().kind() == Kind.FORCE);
        }
    },
    NOT_READ(
            "what comes before the force now only writes the log, or a file that has not the name yet by which it is read") {
        @Override
        boolean fits(Story story) {
            Path written = story.isSwap() ? story.until().path() : Story.ROOT;
            boolean writes = story.isSwap()
                    && (story.until().kind() == Kind.CREATE || story.until().kind() == Kind.WRITE);
            return writes && (written.endsWith("log") || written.toString().endsWith(Disk.TEMPORARY));
        }
    },
    BEFORE_THE_COMMIT("without the name of the plan nothing of the transaction counts: recovery removes it") {
        @Override
        boolean fits(Story story) {
            boolean isOverBefore = story.place() < story.commit() && story.last() < story.commit();
            return story.is(Kind.FORCE_FOLDER)
                    ? isOverBefore
                            && (story.isPutOff() || story.isInState() && story.isForcedAgainBefore(story.commit()))
                    : story.isPutOff() && isOverBefore && !story.isSealedForItself();
        }
    },
    NEW_FILES("what is lost of the new files sends recovery back") {
        @Override
        boolean fits(Story story) {
            return !story.isPutOff()
                    && story.is(Kind.FORCE_FOLDER)
                    && story.path().endsWith("new")
                    && story.isOfATransaction();
        }
    },
    PLAN_IS_FOLLOWED_AGAIN(
            "until its end the plan is there: recovery puts what was lost, or goes back where its staged file is used up") {
        @Override
        boolean fits(Story story) {
            if (story.is(Kind.FORCE)) {
                return story.isPutOff()
                        && story.until().path().getParent().endsWith("new")
                        && story.last() < story.end();
            }
            boolean onTheWay = story.commit() < story.place() && story.last() < story.end();
            return story.is(Kind.FORCE_FOLDER)
                    && !story.isInState()
                    && onTheWay
                    && (story.isPutOff() || story.isForcedAgainBefore(story.end()));
        }
    },
    READ_ON_THE_WAY_BACK(
            "a way back that the run itself removes again is read only if it is taken, and noticed there") {
        @Override
        boolean fits(Story story) {
            boolean isBackup = story.path().endsWith("old")
                    || story.path().endsWith("installed.back")
                    || story.path().endsWith("state.back")
                    || story.operation()
                            .to()
                            .filter(to -> to.getParent().endsWith("old"))
                            .isPresent();
            return !story.isPutOff() && !story.goesBack() && story.isForgotten() && isBackup;
        }
    },
    STILL_EMPTY("the folder is empty yet, and is forced again when it is not") {
        @Override
        boolean fits(Story story) {
            return !story.isPutOff()
                    && story.is(Kind.FORCE_FOLDER)
                    && story.before().kind() == Kind.SET_ATTRIBUTES
                    && story.before().path().equals(story.path())
                    && story.isForcedAgainBefore(story.operations().size());
        }
    },
    ENDED_AGAIN("a plan that is there again is found done, and ended again") {
        @Override
        boolean fits(Story story) {
            return !story.isPutOff()
                    && story.is(Kind.FORCE_FOLDER)
                    && story.isOfATransaction()
                    && story.place() > Math.max(story.end(), story.endOfTheWayBack());
        }
    },
    LISTS_ARE_RESTORED("as long as a plan is there, what is known of the installation is put back again by recovery") {
        @Override
        boolean fits(Story story) {
            return story.isPutOff()
                    && story.until().kind() == Kind.MOVE
                    && story.until().to().filter(Story::isWhatIsKnown).isPresent()
                    && !story.isInState();
        }
    },
    WAY_BACK_IS_FOUND_AGAIN("the plan of the way back is made again, of what its first step leaves") {
        @Override
        boolean fits(Story story) {
            return story.isSwap()
                    && story.before()
                            .to()
                            .filter(to -> to.endsWith("plan.back"))
                            .isPresent();
        }
    },
    USES_UP_NOTHING("what comes before it only makes a folder, which the plan makes again") {
        @Override
        boolean fits(Story story) {
            return story.isSwap()
                    && story.is(Kind.FORCE_FOLDER)
                    && !story.isInState()
                    && story.place() > story.commit()
                    && story.until().kind() == Kind.MAKE_FOLDER;
        }
    },
    KNOWN_AS_BEFORE(
            "it puts back what is known of the old tree; before the end is told, forcing the folder they left keeps those names") {
        @Override
        boolean fits(Story story) {
            return story.is(Kind.FORCE_FOLDER)
                    && story.path().endsWith(StateFolder.NAME)
                    && story.goesBack()
                    && story.place() > story.end()
                    && story.before().to().filter(Story::isWhatIsKnown).isPresent();
        }
    },
    NOT_ON_THE_WAY("the folder is not on the way to where the next file is put") {
        @Override
        boolean fits(Story story) {
            return story.isSwap()
                    && story.is(Kind.FORCE_FOLDER)
                    && !story.isInState()
                    && story.place() > story.commit()
                    && story.until()
                            .to()
                            .filter(to -> !to.startsWith(story.path()))
                            .isPresent();
        }
    },
    NAMES_ARE_NOT_LOST(
            "a file never loses its old name before it has the new one: forcing either end of the move keeps it") {
        @Override
        boolean fits(Story story) {
            return !story.isPutOff()
                    && story.is(Kind.FORCE_FOLDER)
                    && story.isOfATransaction()
                    && story.place() > story.commit()
                    && (story.path().endsWith("back") || story.path().endsWith("old"));
        }
    };

    private final String argument;

    Unnoticeable(String argument) {
        this.argument = argument;
    }

    abstract boolean fits(Story story);

    static Optional<Unnoticeable> leftOut(Recording run, int place) {
        return of(new Story(run, place, place));
    }

    /** The operation at {@code place} is done only after the one at {@code until}. */
    static Optional<Unnoticeable> putOff(Recording run, int place, int until) {
        return of(new Story(run, place, until));
    }

    private static Optional<Unnoticeable> of(Story story) {
        return Stream.of(values()).filter(one -> one.fits(story)).findFirst();
    }

    @Override
    public String toString() {
        return argument;
    }

    /** What there is to be known about the mistake at a place: the run without it, and until when it lasts. */
    private record Story(Recording run, int place, int last) {
        static final Path ROOT = Path.of("/");

        List<Operation> operations() {
            return run.operations();
        }

        Operation operation() {
            return operations().get(place);
        }

        Operation before() {
            return operations().get(Math.max(0, place - 1));
        }

        Operation until() {
            return operations().get(last);
        }

        boolean isPutOff() {
            return last > place;
        }

        boolean isSwap() {
            return last == place + 1;
        }

        boolean is(Kind kind) {
            return operation().kind() == kind;
        }

        Path path() {
            return operation().path();
        }

        CrashDisk disk(int later) {
            return run.disks().get(place + later);
        }

        boolean isInState() {
            return path().toString().contains("/" + StateFolder.NAME);
        }

        boolean isOfATransaction() {
            return path().toString().contains("/txn/");
        }

        static boolean isWhatIsKnown(Path path) {
            return path.endsWith(".ota/installed") || path.endsWith(".ota/state");
        }

        /** Where the plan gets its name; before all where it has it already, or never gets one. */
        int commit() {
            return indexOf(one -> movesTo(one, "plan")).orElse(-1);
        }

        /** Where the plan ceases to be what counts: it is done, or there is a plan back. */
        int end() {
            return indexOf(one -> movesTo(one, "done") || movesTo(one, "plan.back"))
                    .orElse(-1);
        }

        int endOfTheWayBack() {
            return indexOf(one -> one.kind() == Kind.UNLINK && one.path().endsWith("plan"))
                    .orElse(-1);
        }

        private static boolean movesTo(Operation operation, String name) {
            return operation.kind() == Kind.MOVE
                    && operation.to().filter(to -> to.endsWith(name)).isPresent();
        }

        private Optional<Integer> indexOf(Predicate<Operation> wanted) {
            for (int i = 0; i < operations().size(); i++) {
                if (wanted.test(operations().get(i))) {
                    return Optional.of(i);
                }
            }
            return Optional.empty();
        }

        /** Whether the file is read without a plan. */
        boolean isSealedForItself() {
            return !isOfATransaction() && isInState() && !path().getParent().endsWith("part");
        }

        boolean goesBack() {
            return operations().stream().anyMatch(one -> movesTo(one, "plan.back"));
        }

        /** Whether the way back that was kept is removed in the end. */
        boolean isForgotten() {
            return operations().stream()
                    .anyMatch(one -> one.kind() == Kind.UNLINK && one.path().endsWith("done"));
        }

        boolean isForcedAgainBefore(int end) {
            return operations().subList(place + 1, Math.max(place + 1, end)).contains(operation());
        }
    }
}
