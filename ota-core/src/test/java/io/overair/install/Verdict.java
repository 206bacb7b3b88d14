package io.overair.install;

/** What a tree is after a cut and recovery. */
enum Verdict {
    /** Exactly what it was before. */
    OLD,
    /** Exactly what it was to become. */
    NEW,
    /** Anything else. */
    TORN
}
