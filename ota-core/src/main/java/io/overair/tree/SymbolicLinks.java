package io.overair.tree;

/**
 * Which symbolic links a scan follows to the file they name. Links to directories below the root are never followed, as
 * with the Pycom OTA server; the root itself may be a link. What is not followed is an {@link Omission}.
 */
public enum SymbolicLinks {
    /** Those whose real path lies inside {@link ScanOptions#linkBoundary}. */
    INSIDE_BOUNDARY,
    /** All of them: for trees whose every link was made by someone who may read every file of the machine. */
    ANYWHERE,
    /** None. */
    NEVER
}
