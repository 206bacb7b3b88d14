package io.overair.install;

import java.io.IOException;

/** When a hook is called. */
enum HookEvent {
    BEFORE_APPLY,
    AFTER_APPLY,
    BEFORE_RESTART,
    ON_ROLLBACK,
    UNDO;

    void tell(UpdateHook hook, Change change) throws IOException, InterruptedException {
        switch (this) {
            case BEFORE_APPLY -> hook.beforeApply(change);
            case AFTER_APPLY -> hook.afterApply(change);
            case BEFORE_RESTART -> hook.beforeRestart(change);
            case ON_ROLLBACK -> hook.onRollback(change);
            case UNDO -> hook.undo(change);
        }
    }
}
