package io.overair.install;

/** How the last change of an installation ended. */
public enum Outcome {
    /** There was none. */
    NONE,
    /** A release was installed. */
    UPDATED,
    /** A release could not be installed whole; what was there before is there again. */
    UNDONE,
    /** {@link Installation#rollBack} brought the version before back. */
    ROLLED_BACK
}
