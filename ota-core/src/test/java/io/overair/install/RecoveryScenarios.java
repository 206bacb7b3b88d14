package io.overair.install;

import io.overair.install.Operation.Kind;
import java.util.List;
import java.util.function.Predicate;

/** Recovery as what is cut: from where an update or a rollback was killed in the midst of its work. */
final class RecoveryScenarios {
    private RecoveryScenarios() {}

    static List<Scenario> all() {
        return List.of(
                before(
                        "recovery of an update before its commit",
                        UpdateScenarios.replaceAddRemove(),
                        moveTo("plan"),
                        Verdict.OLD),
                committed(),
                after("recovery of an update half-way", UpdateScenarios.fileBecomesFolder(), moveTo("z"), Verdict.NEW),
                before(
                        "recovery of an update that only has to be ended",
                        UpdateScenarios.mountPoint(),
                        moveTo("done"),
                        Verdict.NEW),
                after("recovery of a rollback half-way", UpdateScenarios.rollback(), moveTo("main.py"), Verdict.NEW),
                after(
                        "recovery of firmware that is active already",
                        UpdateScenarios.firmwareWithFiles(),
                        moveTo("active"),
                        Verdict.NEW),
                onTheWayBackward(UpdateScenarios.firmwareThatCannotBeActivated()));
    }

    static Scenario committed() {
        return killedAfterItsCommit("recovery of an update that is committed", UpdateScenarios.replaceAddRemove());
    }

    static Scenario onTheWayBackward(Scenario undone) {
        return after("recovery on the way backward", undone, moveTo("plan.back"), undone.outcome());
    }

    /** Killed when its plan has its name, but nothing has been done yet. */
    static Scenario killedAfterItsCommit(String name, Scenario update) {
        return after(name, update, moveTo("plan"), Verdict.NEW);
    }

    private static Predicate<Operation> moveTo(String name) {
        return operation -> operation.kind() == Kind.MOVE
                && operation.to().filter(path -> path.endsWith(name)).isPresent();
    }

    private static Scenario before(String name, Scenario cut, Predicate<Operation> where, Verdict outcome) {
        return recovery(name, cut, where, 0, outcome);
    }

    private static Scenario after(String name, Scenario cut, Predicate<Operation> where, Verdict outcome) {
        return recovery(name, cut, where, 1, outcome);
    }

    /** {@code done} is how many of the operations from that one on had happened. */
    private static Scenario recovery(String name, Scenario cut, Predicate<Operation> where, int done, Verdict outcome) {
        Recording run = Recording.of(cut.disk(), cut.action(), cut.fault());
        int place = 0;
        while (!where.test(run.operations().get(place))) {
            place++;
        }
        CrashDisk killed = run.disks().get(place + done).afterKill();
        return Scenario.of(name, killed, cut.recovery(), cut.recovery(), cut.judge())
                .endingIn(outcome);
    }
}
