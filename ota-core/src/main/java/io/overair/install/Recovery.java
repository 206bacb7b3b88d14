package io.overair.install;

/** What opening an installation found of an earlier run, and did about it. */
public enum Recovery {
    /** Everything was in order. */
    NOTHING_TO_DO,
    /** A change was cut after its commit point; it was brought to its end. */
    FINISHED,
    /** A change was cut after its commit point and could not be brought to its end; it was undone. */
    UNDONE,
    /** A change was cut before its commit point; what was left of it is removed. */
    CLEANED_UP,
    /** A release that was rejected on trial was taken back; the version before is installed. */
    ROLLED_BACK,
    /** A release that was rejected on trial cannot be taken back now, and runs on; each open tries again. */
    STAYS,
    /** Files that a Pycom client, cut while it swapped them, had left under another name are back. */
    RESTORED
}
