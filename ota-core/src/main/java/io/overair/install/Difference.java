package io.overair.install;

import io.overair.manifest.DevicePath;

/** A file that is not as it was installed. */
public record Difference(DevicePath path, Kind kind) {
    /** What became of the file. */
    public enum Kind {
        /** There is no such file. */
        MISSING,
        /** Its content is another. */
        CHANGED,
        /** Its content is the same, its permissions are not. */
        PERMISSIONS_CHANGED
    }
}
