package io.overair.server;

import io.overair.manifest.DevicePath;
import io.overair.tree.FileTree;
import io.overair.version.LooseVersion;
import java.io.IOException;

/** The files a device has once it is on a version. */
public interface Release {
    /** The version; its text is also the first segment of the path that each of the files is served under. */
    LooseVersion version();

    /**
     * The files, with a SHA-1 and a SHA-256 digest each: all of one moment, never a mixture of two. The same object is
     * returned for as long as nothing changes. May read the disk and hash; safe for use by many threads at once, the
     * work is done once.
     *
     * @throws IOException if the files cannot be read, or would not hold still while they were read
     */
    FileTree tree() throws IOException;

    /**
     * Whether {@code path} is one of the files, without the wait that {@link #tree} may mean: to be overridden where files
     * have to be hashed for a tree.
     *
     * @throws IOException if that cannot be told
     */
    default boolean contains(DevicePath path) throws IOException {
        return tree().files().containsKey(path);
    }
}
