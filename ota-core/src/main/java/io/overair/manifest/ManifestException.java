package io.overair.manifest;

import java.io.IOException;

/**
 * What was received is no manifest that can be followed: not JSON, cut short, too large, of the wrong types, or
 * contradicting itself. Nothing was changed by reading it. Asking again helps only if the answer was damaged on the way.
 */
public final class ManifestException extends IOException {
    private static final long serialVersionUID = 1;

    private final String member;
    private final boolean cutShort;

    /** Says what is wrong with {@code member}, a path such as {@code update[3].hash}; empty for the document itself. */
    public ManifestException(String member, String problem) {
        super(message(member, problem));
        this.member = member;
        this.cutShort = false;
    }

    /** As above, with what revealed the problem. */
    public ManifestException(String member, String problem, Throwable cause) {
        this(member, problem, cause, false);
    }

    private ManifestException(String member, String problem, Throwable cause, boolean cutShort) {
        super(message(member, problem), cause);
        this.member = member;
        this.cutShort = cutShort;
    }

    static ManifestException cutShort(String member, Throwable cause) {
        return new ManifestException(member, "the document is cut short", cause, true);
    }

    /** The member that is wrong, such as {@code update[3].hash}; empty if it is the document as a whole. */
    public String member() {
        return member;
    }

    /** Whether the document ended in the middle, as when a connection breaks: then asking again may help. */
    public boolean isCutShort() {
        return cutShort;
    }

    private static String message(String member, String problem) {
        return member.isEmpty() ? "bad manifest: " + problem : "bad manifest: " + member + ": " + problem;
    }
}
