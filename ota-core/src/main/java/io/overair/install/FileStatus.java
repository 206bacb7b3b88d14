package io.overair.install;

/**
 * What is at a path.
 *
 * @param size in bytes, of a file; 0 for anything else
 * @param target the text of a link; empty for anything else
 * @param store different for paths whose names a rename cannot exchange, unless {@link FilePort#mounts} tells; of no
 *     meaning where nothing is
 * @param identity equal for two paths of the same file or folder; of no meaning where nothing is
 */
record FileStatus(Kind kind, long size, Attributes attributes, String target, Object store, Object identity) {
    enum Kind {
        ABSENT,
        FILE,
        FOLDER,
        LINK,
        /** A device, a pipe, a socket. */
        OTHER
    }

    static final FileStatus ABSENT = new FileStatus(Kind.ABSENT, 0, Attributes.NONE, "", "", "");

    boolean isAbsent() {
        return kind == Kind.ABSENT;
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    boolean isFolder() {
        return kind == Kind.FOLDER;
    }

    boolean isLink() {
        return kind == Kind.LINK;
    }
}
