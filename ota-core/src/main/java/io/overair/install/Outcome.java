package io.overair.install;

/** How the last change of an installation ended. */
public enum Outcome {
    /** There was none. */
    NONE,
    /** A release was installed. If it is on {@linkplain Trial trial}, that is not the last word. */
    UPDATED,
    /** A release has passed its trial. */
    CONFIRMED,
    /** A release could not be installed whole; what was there before is there again. */
    UNDONE,
    /** The version before is back: it was asked for, or the release has not passed its trial. */
    ROLLED_BACK,
    /** A release has not passed its trial, but there is nothing left to go back to. */
    KEPT
}
