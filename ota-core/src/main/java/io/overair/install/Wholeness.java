package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Tells whether the files of an installation are those of one release, also while a change of them is unfinished. */
final class Wholeness {
    private final Tree tree;

    Wholeness(Tree tree) {
        this.tree = tree;
    }

    boolean isWhole() throws IOException {
        StateFolder state = StateFolder.below(tree.disk(), tree.root());
        for (String id : state.transactionIds()) {
            Optional<Plan> plan = state.readPlan(state.transaction(id).plan());
            if (plan.isPresent()
                    && !isAll(plan.get().firstOfEachPath(), Step::before)
                    && !isAll(plan.get().lastOfEachPath(), Step::after)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAll(Map<DevicePath, Step> steps, Function<Step, Entry> expected) throws IOException {
        for (Map.Entry<DevicePath, Step> step : steps.entrySet()) {
            Entry entry = expected.apply(step.getValue());
            boolean stays = entry == Entry.ABSENT && tree.status(step.getKey()).isFolder();
            if (!stays && !Entry.admits(entry, tree.entry(step.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
