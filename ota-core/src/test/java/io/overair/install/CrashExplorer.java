package io.overair.install;

import io.overair.crashkit.CrashReport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Cuts a scenario at every operation, in every way, and looks what recovery makes of it.
 *
 * <p>The action is run once, and the disk kept as it was before each change. From each of these, and from the end, come
 * the states after a kill and after every power cut; recovery is run on each, and the tree judged. With two cuts, recovery
 * is cut in the same way at each of its own changes. These things fail:
 *
 * <ul>
 *   <li>a tree that is neither the old nor the new one,
 *   <li>anything but the outcome once the action has returned,
 *   <li>after a later cut, another tree than the one a recovery that has returned had left,
 *   <li>a recovery, or an action, that throws or does not come to an end. Nothing is broken here, so that a recovery
 *       which gives up and calls itself stuck is one of them.
 * </ul>
 *
 * <p>A state met again is not recovered again unless something else is asked of it.
 */
final class CrashExplorer {
    private static final int STORIES = 5;

    private final Scenario scenario;
    private final int cuts;
    private final int mostFailures;

    /** By fingerprint of the disk, what has been asked of it already. */
    private final Map<Long, Set<Due>> known = new HashMap<>();

    private final List<String> stories = new ArrayList<>();
    private final long began = cpuNanos();
    private int places;
    private int old;
    private int renewed;
    private int torn;
    private int stuck;
    private int lost;

    private CrashExplorer(Scenario scenario, int cuts, int mostFailures) {
        this.scenario = scenario;
        this.cuts = cuts;
        this.mostFailures = mostFailures;
    }

    /** Every cut of the action; with two {@code cuts}, after each of them every cut of the recovery, and so on. */
    static CrashReport explore(Scenario scenario, int cuts) {
        return new CrashExplorer(scenario, cuts, Integer.MAX_VALUE).explore();
    }

    /** As {@link #explore}; the fingerprint of each state is added to {@code states}, which explorers may share. */
    static CrashReport explore(Scenario scenario, int cuts, Set<Long> states) {
        CrashExplorer explorer = new CrashExplorer(scenario, cuts, Integer.MAX_VALUE);
        CrashReport report = explorer.explore();
        states.addAll(explorer.known.keySet());
        return report;
    }

    /** So many {@code walks} through {@code cuts} cuts each, each cut of the recovery of the one before; random by {@code seed}. */
    static CrashReport wander(Scenario scenario, int cuts, int walks, long seed, Set<Long> states) {
        CrashExplorer explorer = new CrashExplorer(scenario, cuts, Integer.MAX_VALUE);
        CrashReport report = explorer.wander(walks, new Random(seed));
        states.addAll(explorer.known.keySet());
        return report;
    }

    /** As {@link #explore}, but only until the first failure: enough to know that there is one. */
    static CrashReport findFailure(Scenario scenario, int cuts) {
        return new CrashExplorer(scenario, cuts, 1).explore();
    }

    /**
     * Whether some cut of {@code scenario}, if its action makes this mistake, comes out wrong. It is looked for first where
     * what is done is no longer the same as without the mistake.
     */
    static boolean notices(UnaryOperator<FilePort> bug, Scenario scenario) {
        CrashExplorer explorer = new CrashExplorer(scenario.actingWith(bug), 1, 1);
        List<Operation> sound = Recording.endOf(scenario.disk(), scenario.action(), scenario.fault())
                .operations();
        Recording run = explorer.record();
        explorer.cut(
                run,
                commonStart(sound, run.operations()),
                Due.OLD_OR_NEW,
                explorer.atEnd(run),
                Optional.empty(),
                unused -> {});
        return explorer.failures() > 0;
    }

    private static int commonStart(List<Operation> one, List<Operation> other) {
        int same = 0;
        while (same < Math.min(one.size(), other.size()) && one.get(same).equals(other.get(same))) {
            same++;
        }
        return same;
    }

    /** What recovery must make of a state. */
    private enum Due {
        OLD,
        NEW,
        OLD_OR_NEW;

        static Due of(Verdict verdict) {
            return verdict == Verdict.OLD ? OLD : verdict == Verdict.NEW ? NEW : OLD_OR_NEW;
        }

        boolean isMetBy(Verdict verdict) {
            return verdict != Verdict.TORN && (this == OLD_OR_NEW || this == of(verdict));
        }
    }

    /** A disk after a cut, what must become of it, and how it came to be. */
    private record State(CrashDisk disk, Due due, Story story) {}

    /** A run up to a cut: what went before it, which of its operations happened, and what the cut did to the disk. */
    private record Story(
            Optional<Story> before, List<Operation> operations, CrashDisk cutDisk, Optional<PowerLoss> powerLoss) {
        @Override
        public String toString() {
            return before.map(Story::toString).orElse("")
                    + numbered(operations)
                    + "  --- "
                    + powerLoss
                            .map(loss -> "power cut; " + cutDisk.describe(loss))
                            .orElse("kill")
                    + "\n";
        }
    }

    private CrashReport explore() {
        Recording run = record();
        Due atEnd = atEnd(run);

        List<State> states = new ArrayList<>();
        cut(run, 0, Due.OLD_OR_NEW, atEnd, Optional.empty(), states::add);
        for (int cut = 2; cut <= cuts; cut++) {
            List<State> next = new ArrayList<>();
            // Nobody cuts again what comes after the last cut, and there is much of it.
            Consumer<State> whole = cut < cuts ? next::add : state -> {};
            for (State state : states) {
                cutRecovery(state, whole);
            }
            states = next;
        }
        return report();
    }

    private Recording record() {
        Recording run = Recording.of(scenario.disk(), scenario.action(), scenario.fault());
        places = run.operations().size();
        if (run.failure().isPresent()) {
            stuck++;
            tell("the action failed: " + run.failure().get(), numbered(run.operations()), run);
        }
        return run;
    }

    private Due atEnd(Recording run) {
        return run.failure().isPresent() ? Due.OLD_OR_NEW : Due.of(scenario.outcome());
    }

    private CrashReport report() {
        Duration cpu = Duration.ofNanos(cpuNanos() - began);
        return new CrashReport(scenario.name(), places, known.size(), old, renewed, torn, stuck, lost, cpu, stories);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private CrashReport wander(int walks, Random random) {
        Recording run = record();
        Due atEnd = atEnd(run);
        for (int walk = 0; walk < walks && failures() < mostFailures; walk++) {
            Optional<State> state = Optional.of(cutAnywhere(run, Due.OLD_OR_NEW, atEnd, Optional.empty(), random));
            for (int cut = 2; cut <= cuts && state.isPresent(); cut++) {
                state = isWhole(state.get()) ? Optional.of(cutRecoveryAnywhere(state.get(), random)) : Optional.empty();
            }
            state.ifPresent(last -> examine(last, unused -> {}));
        }
        return report();
    }

    private State cutAnywhere(Recording run, Due onTheWay, Due atEnd, Optional<Story> before, Random random) {
        int last = run.operations().size();
        int happened = random.nextInt(last + 1);
        Due due = happened == last ? atEnd : onTheWay;
        CrashDisk disk = run.disks().get(happened);
        List<PowerLoss> losses = disk.powerLosses();
        int way = random.nextInt(losses.size() + 1);
        Optional<PowerLoss> loss = way == losses.size() ? Optional.empty() : Optional.of(losses.get(way));
        CrashDisk after = loss.map(disk::after).orElseGet(disk::afterKill);
        return new State(after, due, new Story(before, run.operations().subList(0, happened), disk, loss));
    }

    /** Whether recovery makes of it what is due. */
    private boolean isWhole(State state) {
        boolean[] whole = {
            known.getOrDefault(state.disk().fingerprint(), Set.of()).contains(state.due())
        };
        examine(state, unused -> whole[0] = true);
        return whole[0];
    }

    private State cutRecoveryAnywhere(State state, Random random) {
        Recording recovery = Recording.of(state.disk(), scenario.recovery(), scenario.fault());
        Due reached = Due.of(scenario.judge().apply(recovery.end()));
        return cutAnywhere(recovery, state.due(), reached, Optional.of(state.story()), random);
    }

    /**
     * Examines every state after a cut of {@code run}, those after the {@code first} operations before the others; {@code
     * whole} gets those that recovery has made whole.
     */
    private void cut(Recording run, int first, Due onTheWay, Due atEnd, Optional<Story> before, Consumer<State> whole) {
        int last = run.operations().size();
        for (int i = 0; i <= last && failures() < mostFailures; i++) {
            int happened = (first + i) % (last + 1);
            Due due = happened == last ? atEnd : onTheWay;
            CrashDisk disk = run.disks().get(happened);
            List<Operation> operations = run.operations().subList(0, happened);
            Story kill = new Story(before, operations, disk, Optional.empty());
            examine(new State(disk.afterKill(), due, kill), whole);
            for (PowerLoss loss : disk.powerLosses()) {
                Story powerCut = new Story(before, operations, disk, Optional.of(loss));
                examine(new State(disk.after(loss), due, powerCut), whole);
            }
        }
    }

    private void cutRecovery(State state, Consumer<State> whole) {
        Recording recovery = Recording.of(state.disk(), scenario.recovery(), scenario.fault());
        Due reached = Due.of(scenario.judge().apply(recovery.end()));
        cut(recovery, 0, state.due(), reached, Optional.of(state.story()), whole);
    }

    private void examine(State state, Consumer<State> whole) {
        Set<Due> asked = known.computeIfAbsent(state.disk().fingerprint(), unknown -> EnumSet.noneOf(Due.class));
        boolean isNew = asked.isEmpty();
        if (failures() >= mostFailures || !asked.add(state.due())) {
            return;
        }
        Recording recovery = Recording.endOf(state.disk(), scenario.recovery(), scenario.fault());
        if (recovery.failure().isPresent()) {
            stuck++;
            tell("recovery failed: " + recovery.failure().get(), story(state, recovery), recovery);
            return;
        }
        Verdict verdict = scenario.judge().apply(recovery.end());
        if (isNew) {
            old += verdict == Verdict.OLD ? 1 : 0;
            renewed += verdict == Verdict.NEW ? 1 : 0;
        }
        if (state.due().isMetBy(verdict)) {
            whole.accept(state);
            return;
        }
        torn += verdict == Verdict.TORN ? 1 : 0;
        lost += verdict == Verdict.TORN ? 0 : 1;
        tell("the tree is " + verdict + ", due was " + state.due(), story(state, recovery), recovery);
    }

    private int failures() {
        return torn + stuck + lost;
    }

    private static String story(State state, Recording recovery) {
        return state.story() + numbered(recovery.operations());
    }

    private static String numbered(List<Operation> operations) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < operations.size(); i++) {
            text.append("%5d %s%n".formatted(i + 1, operations.get(i)));
        }
        return text.toString();
    }

    private void tell(String problem, String story, Recording run) {
        if (stories.size() < STORIES) {
            stories.add(scenario.name() + ": " + problem + "\n" + story + "Found:\n"
                    + run.end().tree(CrashDisk.ROOT));
        }
    }
}
