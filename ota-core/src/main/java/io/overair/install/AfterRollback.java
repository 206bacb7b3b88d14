package io.overair.install;

/** What becomes of a release that is rolled back though it was not on trial. */
public enum AfterRollback {
    /** It may be installed again. */
    ALLOW_AGAIN,
    /** It is refused until a higher one comes, or until {@link Installation#unblock}. */
    BLOCK
}
