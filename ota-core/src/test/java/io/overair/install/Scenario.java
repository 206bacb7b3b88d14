package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Something done to a disk that must come out whole, wherever it is cut.
 *
 * <pre>{@code
 * Path root = Path.of("/device");
 * CrashDisk before = new CrashDisk().with(root, Map.of("flash/main.py", "old", "sd/", "")).mount(root.resolve("sd"));
 * CrashDisk after = new CrashDisk().with(root, Map.of("flash/main.py", "new", "sd/", ""));
 * Scenario update = Scenario.of("one file changes", before,
 *         port -> installation(port).update(manifest),
 *         port -> installation(port).close(),
 *         Scenario.judgeByTree(root, before.tree(root), after.tree(root)));
 *
 * CrashReport report = CrashExplorer.explore(update, 2);
 * assertThat(report.foundFailures()).as(report.toString()).isFalse();
 * }</pre>
 *
 * @param disk what is there before; it is not changed
 * @param action what is done. When it returns, it has reported success
 * @param recovery what is done when the machine is up again. It must depend on the disk only
 * @param judge tells what recovery has made of the disk
 * @param outcome what must hold for good once {@code action} has returned
 * @param fault what stands between the disk and those who use it: nothing, or a {@link PlantedBug}
 */
record Scenario(
        String name,
        CrashDisk disk,
        Run action,
        Run recovery,
        Function<CrashDisk, Verdict> judge,
        Verdict outcome,
        UnaryOperator<FilePort> fault) {

    /** A program that reaches the disk through this port only. */
    interface Run {
        void on(FilePort port) throws IOException;
    }

    /** What fails with {@code expected}, and with nothing else. */
    static Run refused(Run action, Class<? extends IOException> expected) {
        return port -> {
            try {
                action.on(port);
            } catch (IOException e) {
                if (expected.isInstance(e)) {
                    return;
                }
                throw e;
            }
            throw new IllegalStateException("nobody refused");
        };
    }

    /** A scenario whose action ends in {@link Verdict#NEW}. */
    static Scenario of(String name, CrashDisk disk, Run action, Run recovery, Function<CrashDisk, Verdict> judge) {
        return new Scenario(name, disk, action, recovery, judge, Verdict.NEW, UnaryOperator.identity());
    }

    /** Tells by the whole tree below {@code root}, but for state folders. */
    static Function<CrashDisk, Verdict> judgeByTree(Path root, TreeImage before, TreeImage after) {
        if (before.equals(after)) {
            throw new IllegalArgumentException("nothing to tell the old tree from the new one by");
        }
        return disk -> {
            TreeImage found = disk.tree(root);
            return found.equals(before) ? Verdict.OLD : found.equals(after) ? Verdict.NEW : Verdict.TORN;
        };
    }

    /** For an action that reports to have changed nothing, or to have undone what it did. */
    Scenario endingIn(Verdict otherOutcome) {
        return new Scenario(name, disk, action, recovery, judge, otherOutcome, fault);
    }

    /** The same under another name. */
    Scenario named(String otherName) {
        return new Scenario(otherName, disk, action, recovery, judge, outcome, fault);
    }

    /** Held to another judge, who may ask for more. */
    Scenario judgedBy(Function<CrashDisk, Verdict> otherJudge) {
        return new Scenario(name, disk, action, recovery, otherJudge, outcome, fault);
    }

    /** With an action that makes this mistake, a {@link PlantedBug} as a rule; recovery makes none. */
    Scenario actingWith(UnaryOperator<FilePort> bug) {
        Run mistaken = port -> action.on(bug.apply(port));
        return new Scenario(name + ", " + bug, disk, mistaken, recovery, judge, outcome, fault);
    }

    Scenario with(UnaryOperator<FilePort> bug) {
        return new Scenario(name + ", " + bug, disk, action, recovery, judge, outcome, bug);
    }
}
