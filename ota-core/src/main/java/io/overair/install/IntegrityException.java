package io.overair.install;

import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import java.io.IOException;

/** The bytes that came are not those that the manifest names. They were thrown away; nothing was changed. */
public final class IntegrityException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Target target;
    private final String expected;
    private final String actual;

    IntegrityException(Target target, String expected, String actual) {
        super("%s: expected %s, got %s".formatted(name(target), expected, actual));
        this.target = target;
        this.expected = expected;
        this.actual = actual;
    }

    /** What should have come. */
    public Target target() {
        return target;
    }

    /** What the manifest says of it: a digest or a length. */
    public String expected() {
        return expected;
    }

    /** What came instead. */
    public String actual() {
        return actual;
    }

    /** What people know it by. */
    static String name(Target target) {
        return target instanceof TargetFile file ? file.path().value() : "firmware";
    }
}
