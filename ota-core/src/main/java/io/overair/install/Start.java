package io.overair.install;

/** What {@link Installation#countStart} found, and did: which version is started now. */
public enum Start {
    /** Nothing is on trial, or no longer: a release that has not passed, and from which there is no way back, stays. */
    SETTLED,
    /** A release is on trial, and this start is counted. */
    ON_TRIAL,
    /** A release has not passed its trial; the version before is back. */
    ROLLED_BACK
}
