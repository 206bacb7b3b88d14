package io.overair.install;

/** What becomes of a file that was changed on the device since it was installed, when a release brings another. */
public enum LocalChanges {
    /** The release's file takes its place; the changed one is kept as backup. */
    REPLACE,
    /** It stays; the release's file is put beside it, with {@code .ota-new} after its name. */
    KEEP,
    /** The release is refused with a {@link ConflictException}. */
    FAIL
}
