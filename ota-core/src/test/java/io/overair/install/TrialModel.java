package io.overair.install;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an installation is to answer and to know after each {@link TrialEvent}: the second opinion on {@link Trials},
 * {@link State} and {@link Rollback}, which knows no disk. Releases are numbers; 0 is none.
 *
 * @param known what can be seen
 * @param backups whether the way back leads anywhere
 * @param blockedBefore releases that were blocked before the one came that is installed
 * @param committed what will be known when an update that the disk broke off is brought to its end
 */
record TrialModel(Known known, Backups backups, SortedSet<Integer> blockedBefore, Optional<Known> committed) {
    static final int STARTS = 2;
    static final int MINUTES = 10;
    static final int HEALTHY_STARTS = 2;

    static final String DONE = "done";
    static final String IN_TRIAL = "in trial";
    static final String BLOCKED = "blocked";
    static final String NOT_ON_TRIAL = "not on trial";
    static final String NO_WAY_BACK = "no way back";
    static final String STUCK = "stuck";
    /** Another update is not over yet; the model has none that last. */
    static final String BUSY = "busy";

    static final TrialModel NEW = new TrialModel(
            new Known(0, 0, WayBack.NONE, new Last(Outcome.NONE, 0, "", Told.YES), Optional.empty(), new TreeSet<>()),
            Backups.THERE,
            new TreeSet<>(),
            Optional.empty());

    enum WayBack {
        OPEN,
        NONE
    }

    enum Backups {
        THERE,
        LOST
    }

    enum Told {
        YES,
        NO
    }

    /** How the last change ended, of which release, and why. */
    record Last(Outcome outcome, int release, String reason, Told told) {
        Last(Outcome outcome, int release, String reason) {
            this(outcome, release, reason, Told.NO);
        }
    }

    /** A trial; {@code rejection} is empty while there is hope. */
    record Trying(int starts, int minutes, int healthy, String rejection) {
        boolean isRejected() {
            return !rejection.isEmpty();
        }
    }

    /**
     * What can be seen of an installation. Written as {@code 2<1?2x3*}: release 2 with a way back to 1, on trial with two starts
     * left ({@code !} if it is rejected), 3 is blocked, and nobody was told of the last report.
     */
    record Known(
            int version, int previous, WayBack wayBack, Last last, Optional<Trying> trial, SortedSet<Integer> blocked) {

        Known with(Optional<Trying> other) {
            return new Known(version, previous, wayBack, last, other, blocked);
        }

        Known with(Last other) {
            return new Known(version, previous, wayBack, other, trial, blocked);
        }

        Known blocking(SortedSet<Integer> other) {
            return new Known(version, previous, wayBack, last, trial, other);
        }

        /** Without those that are out of date now that {@code release} stays. */
        private SortedSet<Integer> blockedAbove(int release) {
            return new TreeSet<>(blocked.tailSet(release + 1));
        }

        private SortedSet<Integer> blockedAnd(int release) {
            SortedSet<Integer> more = new TreeSet<>(blocked);
            if (release > 0) {
                more.add(release);
            }
            return more;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(name(version));
            if (wayBack == WayBack.OPEN) {
                text.append('<').append(name(previous));
            }
            if (trial.isPresent()) {
                Trying trying = trial.get();
                text.append(trying.isRejected() ? "!" : "?" + trying.starts());
                text.append(trying.minutes() < MINUTES ? "-" + trying.minutes() + "min" : "");
                text.append("+".repeat(trying.healthy()));
            }
            blocked.forEach(release -> text.append('x').append(release));
            return text.append(last.told() == Told.NO ? "*" : "").toString();
        }

        private static String name(int release) {
            return release == 0 ? "-" : String.valueOf(release);
        }
    }

    /** What was answered, and what is so then. */
    record Answer(String said, TrialModel then) {}

    Answer on(TrialEvent event) {
        int release = event.release();
        if (event.kind() == TrialEvent.Kind.OPEN) {
            return new Answer(DONE, opened());
        }
        if (event.kind() == TrialEvent.Kind.LOSE_BACKUPS) {
            return new Answer(
                    DONE,
                    known.wayBack() == WayBack.OPEN && committed.isEmpty()
                            ? new TrialModel(known, Backups.LOST, blockedBefore, committed)
                            : this);
        }
        if (committed.isPresent()) {
            return refuse(STUCK);
        }
        return switch (event.kind()) {
            case UPDATE -> install(release, Optional.empty());
            case TRY -> install(release, Optional.of(new Trying(STARTS, MINUTES, 0, "")));
            case BEGIN -> refusal(release).map(this::refuse).orElse(same(DONE));
            case BREAK -> breakOff(release);
            case CONFIRM -> notOnTrial(release).map(this::refuse).orElseGet(() -> say(DONE, confirmed()));
            case REJECT -> reject(release);
            case ROLL_BACK -> rollBack("a rollback was asked for", AfterRollback.ALLOW_AGAIN);
            case ROLL_BACK_AND_BLOCK -> rollBack("odd", AfterRollback.BLOCK);
            case START -> start();
            case GIVE_START_BACK ->
                whileThereIsHope(trying ->
                        new Trying(Math.min(trying.starts() + 1, STARTS), trying.minutes(), trying.healthy(), ""));
            case RUN_4_MINUTES -> whileThereIsHope(trying -> running(trying, 4));
            case RUN_10_MINUTES -> whileThereIsHope(trying -> running(trying, 10));
            case HEALTHY_START -> notOnTrial(release).map(this::refuse).orElseGet(this::healthyStart);
            case UNBLOCK -> unblock(release);
            case TOLD ->
                say(
                        DONE,
                        known.with(new Last(
                                known.last().outcome(),
                                known.last().release(),
                                known.last().reason(),
                                Told.YES)));
            case TOLD_OF_ANOTHER -> same(DONE);
            case OPEN, LOSE_BACKUPS -> throw new IllegalStateException("answered above");
        };
    }

    /** What is so when the device is opened the next time. */
    TrialModel opened() {
        if (committed.isPresent()) {
            return new TrialModel(committed.get(), Backups.THERE, known.blocked(), Optional.empty()).opened();
        }
        return known.trial().filter(Trying::isRejected).isPresent() ? takenBack() : this;
    }

    private TrialModel takenBack() {
        String reason = known.trial().orElseThrow().rejection();
        if (known.wayBack() == WayBack.OPEN && backups == Backups.THERE) {
            return rolledBack(reason, AfterRollback.BLOCK);
        }
        return seeing(new Known(
                known.version(),
                known.previous(),
                WayBack.NONE,
                new Last(Outcome.KEPT, known.version(), reason),
                Optional.empty(),
                known.blockedAnd(known.version())));
    }

    private TrialModel rolledBack(String reason, AfterRollback after) {
        SortedSet<Integer> blocked =
                after == AfterRollback.BLOCK ? known.blockedAnd(known.version()) : new TreeSet<>(known.blocked());
        if (known.trial().isEmpty()) {
            blocked.addAll(blockedBefore.headSet(known.version() + 1));
        }
        return new TrialModel(
                new Known(
                        known.previous(),
                        0,
                        WayBack.NONE,
                        new Last(Outcome.ROLLED_BACK, known.version(), reason),
                        Optional.empty(),
                        blocked),
                Backups.THERE,
                new TreeSet<>(),
                Optional.empty());
    }

    private Optional<String> refusal(int release) {
        if (known.trial().isPresent()) {
            return Optional.of(IN_TRIAL);
        }
        return known.blocked().contains(release) ? Optional.of(BLOCKED) : Optional.empty();
    }

    private Known updated(int release, Optional<Trying> trial) {
        return new Known(
                release,
                known.version(),
                WayBack.OPEN,
                new Last(Outcome.UPDATED, release, ""),
                trial,
                trial.isPresent() ? known.blocked() : known.blockedAbove(release));
    }

    private Answer install(int release, Optional<Trying> trial) {
        return refusal(release)
                .map(this::refuse)
                .orElseGet(() -> new Answer(
                        DONE,
                        new TrialModel(updated(release, trial), Backups.THERE, known.blocked(), Optional.empty())));
    }

    private Answer breakOff(int release) {
        return refusal(release)
                .map(this::refuse)
                .orElseGet(() -> new Answer(
                        STUCK,
                        new TrialModel(
                                known, backups, blockedBefore, Optional.of(updated(release, Optional.empty())))));
    }

    private Optional<String> notOnTrial(int release) {
        boolean hopeless = known.trial().filter(Trying::isRejected).isPresent();
        return known.version() != release || hopeless ? Optional.of(NOT_ON_TRIAL) : Optional.empty();
    }

    private Known confirmed() {
        if (known.trial().isEmpty()) {
            return known;
        }
        return known.with(Optional.empty())
                .with(new Last(Outcome.CONFIRMED, known.version(), ""))
                .blocking(known.blockedAbove(known.version()));
    }

    private Answer reject(int release) {
        if (known.trial().isEmpty() && known.blocked().contains(release) && known.version() != release) {
            return same(DONE);
        }
        if (known.trial().isEmpty() || notOnTrial(release).isPresent()) {
            return refuse(NOT_ON_TRIAL);
        }
        return say(DONE, rejected("bad"));
    }

    private Known rejected(String reason) {
        Trying trying = known.trial().orElseThrow();
        return known.with(Optional.of(new Trying(0, trying.minutes(), trying.healthy(), reason)));
    }

    private Answer rollBack(String reason, AfterRollback after) {
        if (known.wayBack() == WayBack.NONE || backups == Backups.LOST) {
            return refuse(NO_WAY_BACK);
        }
        if (known.trial().isEmpty()) {
            return new Answer(DONE, rolledBack(after == AfterRollback.BLOCK ? reason : "", after));
        }
        TrialModel hopeless = known.trial().get().isRejected() ? this : seeing(rejected(reason));
        return new Answer(DONE, hopeless.takenBack());
    }

    private Answer start() {
        if (known.trial().isEmpty()) {
            return same(Start.SETTLED.name());
        }
        Trying trying = known.trial().get();
        if (trying.isRejected()) {
            return same(Start.ON_TRIAL.name());
        }
        if (trying.starts() > 0) {
            return say(
                    Start.ON_TRIAL.name(),
                    known.with(Optional.of(new Trying(trying.starts() - 1, trying.minutes(), trying.healthy(), ""))));
        }
        TrialModel then =
                seeing(rejected("it was not confirmed in any of its starts")).takenBack();
        boolean back = then.known().last().outcome() == Outcome.ROLLED_BACK;
        return new Answer((back ? Start.ROLLED_BACK : Start.SETTLED).name(), then);
    }

    private interface Turn {
        Trying of(Trying trying);
    }

    private Answer whileThereIsHope(Turn turn) {
        Optional<Trying> trying = known.trial().filter(trial -> !trial.isRejected());
        return say(DONE, trying.isEmpty() ? known : known.with(trying.map(turn::of)));
    }

    private static Trying running(Trying trying, int minutes) {
        int left = trying.minutes() - minutes;
        return left > 0
                ? new Trying(trying.starts(), left, trying.healthy(), "")
                : new Trying(0, trying.minutes(), trying.healthy(), "it was not confirmed in time");
    }

    private Answer healthyStart() {
        if (known.trial().isEmpty()) {
            return same("true");
        }
        Trying trying = known.trial().get();
        if (trying.healthy() + 1 >= HEALTHY_STARTS) {
            return say("true", confirmed());
        }
        return say(
                "false",
                known.with(Optional.of(new Trying(trying.starts(), trying.minutes(), trying.healthy() + 1, ""))));
    }

    private Answer unblock(int release) {
        SortedSet<Integer> rest = new TreeSet<>(known.blocked());
        boolean was = rest.remove(release);
        return say(String.valueOf(was), known.blocking(rest));
    }

    private Answer refuse(String why) {
        return new Answer(why, this);
    }

    private Answer same(String said) {
        return new Answer(said, this);
    }

    private Answer say(String said, Known then) {
        return new Answer(said, seeing(then));
    }

    private TrialModel seeing(Known other) {
        return new TrialModel(other, backups, blockedBefore, committed);
    }

    @Override
    public String toString() {
        return committed.isPresent() ? STUCK : known.toString();
    }
}
