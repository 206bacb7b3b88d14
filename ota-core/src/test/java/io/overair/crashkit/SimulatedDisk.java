package io.overair.crashkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * A disk that can be cut off from power at any operation. Code that is to be proved reaches files through an interface of its
 * own, which a test implements by these operations: each stands for one or a few system calls.
 *
 * <p>Paths are absolute. What was not forced may be lost by a cut: bytes of a file until {@link #force}, names until
 * {@link #forceFolder} of the folder that holds them. Errors are those of {@code java.nio.file}.
 */
public interface SimulatedDisk {
    /** Whether there is a file, folder or link. */
    boolean exists(Path path) throws IOException;

    /** The bytes of a file. */
    byte[] read(Path file) throws IOException;

    /** The bytes of a file as text. */
    default String text(Path file) throws IOException {
        return new String(read(file), StandardCharsets.UTF_8);
    }

    /** The names in a folder, sorted. */
    List<String> list(Path folder) throws IOException;

    /** Makes a file; it is an error if there is anything of that name. */
    void create(Path file, byte[] bytes) throws IOException;

    /** Makes a file; it is an error if there is anything of that name. */
    default void create(Path file, String text) throws IOException {
        create(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes after the last byte of a file. */
    void append(Path file, byte[] bytes) throws IOException;

    /** Waits until the bytes of a file are on the disk; its name is not, for that see {@link #forceFolder}. */
    void force(Path file) throws IOException;

    /** Waits until the names in a folder are on the disk. */
    void forceFolder(Path folder) throws IOException;

    /** Gives a file another name, at once in place of a file that has it. */
    void move(Path from, Path to) throws IOException;

    /** Gives a file a second name. */
    void link(Path existing, Path added) throws IOException;

    /** Makes a symbolic link. */
    void symlink(Path link, String target) throws IOException;

    /** Removes the name of a file or link. */
    void delete(Path file) throws IOException;

    /** Makes a folder. */
    void makeFolder(Path folder) throws IOException;

    /** Removes an empty folder. */
    void deleteFolder(Path folder) throws IOException;

    /**
     * What is below a folder: content by relative path. A link has the value <code>-&gt; target</code>; the key of a folder
     * ends in a slash. What belongs to the updater, {@code .ota}, is left out.
     */
    SortedMap<String, String> tree(Path folder) throws IOException;
}
