package io.overair.install;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Set;

/**
 * A port of an updater that is not root, to a disk on which all is made by {@link #SELF}: it may give that to its groups only, or
 * leave it to the group that it has. As Linux has it, it may not link what is another's, a folder hands its group on by its
 * set-group-ID bit, and nobody may set that bit for a group that he is not in.
 */
final class Unprivileged extends InterceptingPort {
    private static final String USER = "2000:";

    /** Its user and its own group. */
    static final String SELF = USER + "2000";

    /** A group that it is in, besides its own. */
    static final int GROUP = 50;

    private static final int SET_GROUP_ID = 02000;

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
        if (operation.kind() == Operation.Kind.MAKE_FOLDER) {
            handGroupOn(operation.path());
        }
    }

    private void handGroupOn(Path folder) throws IOException {
        Attributes parent = port.status(Disk.parent(folder)).attributes();
        if ((parent.mode() & SET_GROUP_ID) != 0) {
            int mode = port.status(folder).attributes().mode() | SET_GROUP_ID;
            port.setAttributes(folder, new Attributes(mode, USER + group(parent.owner())));
        }
    }

    @Override
    public void setAttributes(Path path, Attributes attributes) throws IOException {
        String has = port.status(path).attributes().owner();
        String wanted = attributes.owner().equals(Attributes.NO_OWNER) ? has : attributes.owner();
        if (!isOwn(path) || !(wanted.equals(has) || (wanted.startsWith(USER) && isIn(wanted)))) {
            throw new FileSystemException(path.toString(), null, "Operation not permitted");
        }
        boolean clears = port.status(path).isFolder() && !isIn(wanted);
        int mode = clears ? attributes.mode() & ~SET_GROUP_ID : attributes.mode();
        super.setAttributes(path, new Attributes(mode, attributes.owner()));
    }

    private static boolean isIn(String owner) {
        return GROUPS.contains(group(owner));
    }

    private static String group(String owner) {
        return owner.substring(owner.indexOf(':') + 1);
    }

    private boolean isOwn(Path path) throws IOException {
        return port.status(path).attributes().owner().startsWith(USER);
    }
}
