package io.overair.install;

import io.overair.crashkit.CrashReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets the action of a scenario fail at every operation, with every {@link Fault}, once and from then on.
 *
 * <p>A fault may make the action throw an {@link IOException}, or not. Then it is lifted, and where that is asked for the
 * power is cut in every way as well; recovery is run, and the tree must be the old or the new one, and the scenario's
 * outcome if the action returned. A state met again is not recovered again.
 */
final class FaultExplorer {
    private static final int STORIES = 5;

    /** What comes after a fault. */
    enum Then {
        LIFTED,
        LIFTED_OR_POWER_CUT
    }

    /** How long a fault lasts. */
    enum Lasting {
        ONCE("once"),
        FOR_EVER("for ever");

        private final String words;

        Lasting(String words) {
            this.words = words;
        }
    }

    private final Scenario scenario;
    private final Then then;
    private final Set<Lasting> howLong;
    /** By fingerprint of the disk, whether success had been reported: what has been judged already. */
    private final Map<Long, Set<Boolean>> known = new HashMap<>();

    private final List<String> stories = new ArrayList<>();
    private final long began = cpuNanos();
    private int places;
    private int states;
    private int old;
    private int renewed;
    private int torn;
    private int stuck;
    private int lost;

    private FaultExplorer(Scenario scenario, Then then, Set<Lasting> howLong) {
        this.scenario = scenario;
        this.then = then;
        this.howLong = howLong;
    }

    static CrashReport explore(Scenario scenario, Then then) {
        return explore(scenario, then, EnumSet.allOf(Lasting.class));
    }

    static CrashReport explore(Scenario scenario, Then then, Set<Lasting> howLong) {
        return new FaultExplorer(scenario, then, howLong).explore();
    }

    private CrashReport explore() {
        for (Fault fault : Fault.values()) {
            for (Lasting lasting : howLong) {
                explore(fault, lasting);
            }
        }
        Duration cpu = Duration.ofNanos(cpuNanos() - began);
        return new CrashReport(
                scenario.name() + ", with faults", places, states, old, renewed, torn, stuck, lost, cpu, stories);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void explore(Fault fault, Lasting lasting) {
        boolean struck = true;
        for (int place = 1; struck; place++) {
            CrashDisk disk = scenario.disk().copy();
            FilePort within = scenario.fault().apply(disk);
            FaultyPort port = lasting == Lasting.ONCE
                    ? FaultyPort.once(within, fault, place, operation -> true)
                    : FaultyPort.forEver(within, fault, place, operation -> true);
            Optional<Throwable> thrown = run(port);
            struck = port.hasStruck();
            places += struck ? 1 : 0;
            String story = "%s %s, at operation %d: the action %s"
                    .formatted(
                            fault,
                            lasting.words,
                            place,
                            thrown.map(t -> "threw " + t).orElse("returned"));
            if (thrown.filter(t -> !(t instanceof IOException)).isPresent()) {
                stuck++;
                tell(story);
            }
            judge(disk.afterKill(), thrown.isEmpty(), story + "; fault lifted");
            List<PowerLoss> losses = then == Then.LIFTED ? List.of() : disk.powerLosses();
            for (PowerLoss loss : losses) {
                judge(disk.after(loss), thrown.isEmpty(), story + "; power cut; " + disk.describe(loss));
            }
        }
    }

    private Optional<Throwable> run(FilePort port) {
        try {
            scenario.action().on(port);
            return Optional.empty();
        } catch (IOException | RuntimeException | Error e) {
            return Optional.of(e);
        }
    }

    private void judge(CrashDisk disk, boolean reported, String story) {
        Set<Boolean> asked = known.computeIfAbsent(disk.fingerprint(), unknown -> new HashSet<>());
        if (!asked.add(reported)) {
            return;
        }
        states++;
        CrashDisk end = disk.copy();
        try {
            scenario.recovery().on(scenario.fault().apply(end));
        } catch (IOException | RuntimeException | Error e) {
            stuck++;
            tell(story + "; recovery failed: " + e);
            return;
        }
        Verdict verdict = scenario.judge().apply(end);
        old += verdict == Verdict.OLD ? 1 : 0;
        renewed += verdict == Verdict.NEW ? 1 : 0;
        boolean isLost = verdict != Verdict.TORN && reported && verdict != scenario.outcome();
        torn += verdict == Verdict.TORN ? 1 : 0;
        lost += isLost ? 1 : 0;
        if (verdict == Verdict.TORN || isLost) {
            tell(story + "; the tree is " + verdict + "\n" + end.tree(CrashDisk.ROOT));
        }
    }

    private void tell(String story) {
        if (stories.size() < STORIES) {
            stories.add(scenario.name() + ": " + story);
        }
    }
}
