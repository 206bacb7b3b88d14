package io.overair.tree;

import java.io.IOException;

/**
 * Files kept changing while they were read, so there is no moment of which a tree could tell. Nothing was returned and
 * nothing is spoilt: try again once whoever writes there is done, or replace the directory by rename instead of writing
 * into it.
 */
public final class TreeChangedException extends IOException {
    private static final long serialVersionUID = 1;

    private final String changed;

    /** Says what was seen to change, and how: the rest of a sentence that begins with {@code changed}. */
    public TreeChangedException(String changed, String how) {
        super("%s %s".formatted(changed, how));
        this.changed = changed;
    }

    /** The file or directory that was seen to change last. */
    public String changed() {
        return changed;
    }
}
