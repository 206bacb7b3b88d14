package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The plan that undoes a committed one which cannot be brought to its end. It is made when it is needed, of the backups and
 * with room for itself alone, and is durable before it is followed.
 */
final class WayBackward {
    private final Tree tree;
    private final Disk disk;
    private final FilePort port;
    private final Plan plan;
    private final Stores stores;
    private final TransactionFolder folder;

    WayBackward(Tree tree, Plan plan, Stores stores) {
        this.tree = tree;
        this.disk = tree.disk();
        this.port = disk.port();
        this.plan = plan;
        this.stores = stores;
        this.folder = stores.root().transaction(plan.id());
    }

    /** The one that an earlier run has begun to follow. */
    static Optional<Plan> begun(Plan plan, StateFolder state) throws IOException {
        return state.readPlan(state.transaction(plan.id()).planBack());
    }

    /**
     * The way from the tree as it is now to the one before the plan, with the backups as staged files. Where that fails it can be
     * tried again.
     */
    Plan prepare() throws IOException {
        if (!port.status(folder.planBack()).isAbsent()) {
            throw new IOException("the way back is written down, but maybe not on the disk");
        }
        settleBackups();
        SortedMap<DevicePath, Planner.Wanted> wanted = plan.wantedBefore();
        Planner.Steps steps = Planner.plan(tree, disk::entry, wanted, plan.lastPut());
        for (TransactionFolder own : stores.transaction(plan.id())) {
            disk.makeFolder(own.backFiles());
            // What is moved into a folder whose own name is lost is lost with it.
            port.forceFolder(own.path());
        }
        List<Step> back = new ArrayList<>();
        for (Step step : steps.steps()) {
            if (step.staged().isPresent()) {
                TransactionFolder own = stores.of(step.place()).transaction(plan.id());
                int number = step.staged().getAsInt();
                port.move(own.backup(number), own.back(number));
            }
            back.add(step.withoutBackup());
        }
        plan.activation().ifPresent(step -> back.add(step.reversed()));
        for (TransactionFolder own : stores.transaction(plan.id())) {
            port.forceFolder(own.backFiles());
            port.forceFolder(own.oldFiles());
            port.forceFolder(own.path());
        }
        Plan planBack = new Plan(plan.id(), plan.to(), plan.from(), plan.stores(), List.copyOf(back));
        disk.writeAtomically(folder.planBack(), planBack.toText()::writeTo);
        return planBack;
    }

    /** Backups that were taken for a plan which was never written become backups again. */
    void settleBackups() throws IOException {
        for (TransactionFolder own : stores.transaction(plan.id())) {
            if (port.status(own.backFiles()).isFolder()) {
                for (String name : port.list(own.backFiles())) {
                    port.move(own.backFiles().resolve(name), own.oldFiles().resolve(name));
                }
                port.forceFolder(own.oldFiles());
                port.forceFolder(own.backFiles());
            }
        }
    }
}
