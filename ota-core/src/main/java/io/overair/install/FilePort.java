package io.overair.install;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * All that an installation does to a disk. Applying, recovery and state reach files through this door only, so that a
 * test can put a model of a disk behind it and cut the power between any two operations.
 *
 * <p>Paths are absolute; a link in the last component is never followed. Every operation is one system call as far as a
 * crash can tell, or made of ones of which only the last changes a name. What was not forced may be lost by a power
 * cut: the bytes and attributes of a file until its {@link Output#force}, names until {@link #forceFolder} of the
 * folder that holds them.
 */
interface FilePort {

    /** What is at {@code path}: {@link FileStatus#ABSENT} also if a parent is missing or no folder. */
    FileStatus status(Path path) throws IOException;

    /**
     * The files and folders on which something is mounted now, as far as this machine tells. No rename and no link leads
     * out of what is mounted, though it may be of the same store as its surroundings; nothing replaces or removes the
     * place itself.
     */
    Set<Path> mounts() throws IOException;

    /** What the store of {@code folder} cannot give, as far as this machine tells. */
    Set<StoreWarning.Weakness> weaknesses(Path folder) throws IOException;

    /** The names in {@code folder}, sorted. */
    List<String> list(Path folder) throws IOException;

    /** The bytes of a file; it is an error if {@code file} is a link. */
    InputStream read(Path file) throws IOException;

    /** Makes an empty file, for its owner only; it is an error if there is anything. */
    Output create(Path file) throws IOException;

    /** Opens a file to write after its last byte. */
    Output append(Path file) throws IOException;

    /** Waits until the names in {@code folder}, and its own attributes, are on the disk. */
    void forceFolder(Path folder) throws IOException;

    /** Gives what is at {@code from} the name {@code to}, at once in place of a file or link that has it. */
    void move(Path from, Path to) throws IOException;

    /**
     * Gives the file at {@code existing} another name.
     *
     * @throws UnsupportedOperationException where the file store has no such links
     */
    void link(Path existing, Path added) throws IOException;

    /** Makes a symbolic link whose text is {@code target}. */
    void symlink(Path link, String target) throws IOException;

    /** Removes the name of a file or link. */
    void unlink(Path file) throws IOException;

    /** Removes an empty folder. */
    void removeFolder(Path folder) throws IOException;

    /** Makes a folder for its owner only. */
    void makeFolder(Path folder) throws IOException;

    /** Sets owner, then mode, of a file or folder; what {@code attributes} does not know stays as it is. */
    void setAttributes(Path path, Attributes attributes) throws IOException;

    /**
     * Gives the file {@code to} the extended attributes of users that the file {@code from} has, and no others; nothing where
     * the store has none. Who may do what by an access control list, and labels of the system, are not among them.
     */
    void copyUserAttributes(Path from, Path to) throws IOException;

    /** Whether this program may list {@code folder}, and make and remove names in it. */
    boolean isWritable(Path folder) throws IOException;

    /** How many bytes can be written to the store of {@code path}. */
    long usableSpace(Path path) throws IOException;

    /**
     * Locks {@code file}, which is made if it is missing, against everybody else in this and other processes until the
     * result is closed; gives up at once.
     *
     * @throws InstallationLockedException if somebody else holds it
     */
    Closeable lock(Path file) throws IOException;

    /** A file that is being written. Closing it twice does nothing. */
    interface Output extends Closeable {
        /** Appends. */
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** Waits until bytes and attributes are on the disk. */
        void force() throws IOException;
    }
}
