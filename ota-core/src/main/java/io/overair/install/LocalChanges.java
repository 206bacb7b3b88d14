package io.overair.install;

/**
 * What becomes of a file that was changed on the device since it was installed, when a release brings another or removes
 * it. A rollback replaces such files only where the policy is {@link #REPLACE}, and is refused otherwise.
 */
public enum LocalChanges {
    /** The release's file takes its place; the changed one is kept as backup, until a rollback or the next update. */
    REPLACE,
    /** It stays; the release's file is put beside it, with {@code .ota-new} after its name. What a release removes stays. */
    KEEP,
    /** The release is refused with a {@link ConflictException}. */
    FAIL
}
