package io.overair.server;

import io.overair.tree.FileEntry;
import io.overair.version.LooseVersion;
import java.io.IOException;

/** A firmware image in a repository. */
public interface FirmwareFile {
    /** The version in its name. */
    LooseVersion version();

    /** Its file name, {@code firmware_VERSION.bin} or {@code .hex}: also the path it is served under. */
    String name();

    /**
     * Its size and its SHA-1 and SHA-256 digests. The same object is returned for as long as nothing changes. May read
     * the disk and hash; safe for use by many threads at once, the work is done once.
     *
     * @throws IOException if the image cannot be read, or would not hold still while it was read
     */
    FileEntry entry() throws IOException;
}
