package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * One look at the folders of a tree and at what is mounted in it, for as long as it takes to find out what has to be done.
 * Two paths of the same folder are refused: an update that names both would undo its own changes.
 */
final class Survey implements Tree.Look {
    private final Tree.Look look;
    private final Path root;
    private final Map<Object, Path> folders = new HashMap<>();

    Survey(FilePort port, Path root) throws IOException {
        this.look = Tree.Look.once(port);
        this.root = root;
    }

    @Override
    public FileStatus status(Path folder) throws IOException {
        FileStatus status = look.status(folder);
        if (status.isFolder()) {
            Path other = folders.putIfAbsent(status.identity(), folder);
            if (other != null && !other.equals(folder)) {
                throw new ConflictException(name(folder), "it is the same folder as " + name(other));
            }
        }
        return status;
    }

    private String name(Path folder) {
        return folder.equals(root) ? "the root" : root.relativize(folder).toString();
    }

    @Override
    public boolean isMounted(Path path) throws IOException {
        return look.isMounted(path);
    }
}
