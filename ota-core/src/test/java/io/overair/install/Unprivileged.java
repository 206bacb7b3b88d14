package io.overair.install;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A port of an updater that is not root, to a disk on which all is made by {@link #SELF}: it may give that to its groups only. As
 * Linux has it, it may not link what is another's.
 */
final class Unprivileged extends InterceptingPort {
    private static final String USER = "2000:";

    /** Its user and its own group. */
    static final String SELF = USER + "2000";

    /** A group that it is in, besides its own. */
    static final int GROUP = 50;

    private static final Set<String> GROUPS = Set.of("2000", Integer.toString(GROUP));

    private final FilePort port;

    Unprivileged(FilePort port) {
        super(port);
        this.port = port;
    }

    @Override
    void around(Operation operation, Call call) throws IOException {
        if (operation.kind() == Operation.Kind.LINK && !isOwn(operation.path())) {
            throw new UnsupportedOperationException("Operation not permitted");
        }
        call.run();
    }

    @Override
    public void setAttributes(Path path, Attributes attributes) throws IOException {
        if (!isOwn(path) || !mayGiveTo(attributes.owner())) {
            throw new FileSystemException(path.toString(), null, "Operation not permitted");
        }
        super.setAttributes(path, attributes);
    }

    private static boolean mayGiveTo(String owner) {
        return owner.equals(Attributes.NO_OWNER)
                || (owner.startsWith(USER) && GROUPS.contains(owner.substring(USER.length())));
    }

    private boolean isOwn(Path path) throws IOException {
        return port.status(path).attributes().owner().startsWith(USER);
    }
}
