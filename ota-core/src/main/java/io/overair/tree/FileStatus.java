package io.overair.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/** What is at a path, learnt by one question to the file store. */
record FileStatus(Kind kind, FileFingerprint fingerprint) {
    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        /** A pipe, a socket or a device: opening it may block for ever or do something. */
        SPECIAL
    }

    /** The only door in the JDK to change time and inode number; few names, since each costs time. */
    private static final String UNIX_ATTRIBUTES = "unix:mode,size,lastModifiedTime,ctime,ino";

    static FileStatus of(Path path, LinkOption... options) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? ofUnix(Files.readAttributes(path, UNIX_ATTRIBUTES, options))
                : ofAny(Files.readAttributes(path, BasicFileAttributes.class, options));
    }

    private static FileStatus ofUnix(Map<String, Object> attributes) {
        // The file type in st_mode, as POSIX systems have it.
        Kind kind = switch ((int) value(attributes, "mode") & 0170000) {
            case 0100000 -> Kind.FILE;
            case 0040000 -> Kind.DIRECTORY;
            case 0120000 -> Kind.LINK;
            default -> Kind.SPECIAL;
        };
        FileFingerprint fingerprint = new FileFingerprint(
                (long) value(attributes, "size"),
                (FileTime) value(attributes, "lastModifiedTime"),
                (FileTime) value(attributes, "ctime"),
                (long) value(attributes, "ino"));
        return new FileStatus(kind, fingerprint);
    }

    private static Object value(Map<String, Object> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name), name);
    }

    private static FileStatus ofAny(BasicFileAttributes attributes) {
        Kind kind = attributes.isRegularFile()
                ? Kind.FILE
                : attributes.isDirectory() ? Kind.DIRECTORY : attributes.isSymbolicLink() ? Kind.LINK : Kind.SPECIAL;
        Object key = attributes.fileKey();
        FileFingerprint fingerprint = new FileFingerprint(
                attributes.size(),
                attributes.lastModifiedTime(),
                attributes.creationTime(),
                key == null ? 0 : key.hashCode());
        return new FileStatus(kind, fingerprint);
    }
}
