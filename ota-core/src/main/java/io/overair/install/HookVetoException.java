package io.overair.install;

import java.io.IOException;

/**
 * A hook said no, failed, or did not end in time. Thrown by {@link UpdateTransaction#commit}, it means that the tree is as it
 * was, that hooks were undone and that what was staged is kept; as the cause of an {@link UpdateUndoneException}, that the
 * update was undone; by {@link Installation#restart}, that the update stays and the restart is put off.
 */
public final class HookVetoException extends IOException {
    private static final long serialVersionUID = 1;

    private final String hook;
    private final String reason;

    HookVetoException(String hook, Throwable cause) {
        this(hook, cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), cause);
    }

    private HookVetoException(String hook, String reason, Throwable cause) {
        super("hook %s: %s".formatted(hook, reason), cause);
        this.hook = hook;
        this.reason = reason;
    }

    /** Name of the hook. */
    public String hook() {
        return hook;
    }

    /** What it said. */
    public String reason() {
        return reason;
    }
}
