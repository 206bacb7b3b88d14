package io.overair.server;

/** Which files of a repository are served. */
public enum Exposure {
    /** Every one below the root, whether a manifest names it or not, as by the Pycom server. */
    EVERY_FILE,
    /** Only those that a manifest may name: the files of releases, and firmware images. */
    RELEASES_ONLY
}
