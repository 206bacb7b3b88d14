package io.overair.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The releases and firmware images there are. Implement it to keep them anywhere; nothing here assumes a local disk.
 *
 * <p>An implementation must be safe for use by many threads at once.
 */
public interface ReleaseRepository {
    /**
     * Every release, lowest first. Of releases whose versions compare as equal, {@code 1.0} and {@code 01.0}, the one
     * whose name sorts first by code point stands last, so that the last of the list is the one to offer.
     */
    List<Release> releases() throws IOException;

    /** Every firmware image, in the order of {@link #releases}. */
    List<FirmwareFile> firmware() throws IOException;

    /**
     * Both of one moment, so that no release is offered with the image of another. To be overridden where {@link #releases}
     * and {@link #firmware} may change in between.
     */
    default Catalogue catalogue() throws IOException {
        return new Catalogue(releases(), firmware());
    }

    /**
     * Opens what is served under {@code path}, such as {@code 1.0.1/flash/main.py}; the caller closes it. Empty if there
     * is nothing, if it is a directory, or if the path leads out of the repository.
     *
     * @param path names separated by {@code /}, not encoded in any way; it may come from anyone and hold anything
     */
    Optional<Content> open(String path) throws IOException;

    /**
     * The releases in a directory, laid out as the Pycom OTA example has it: a folder for each version with the files of
     * a device in it, and images named {@code firmware_VERSION.bin} or {@code .hex} beside them. Changes are seen within
     * a second, plus the time that hashing takes; a release is replaced as a whole by renaming folders. What cannot be
     * read counts as it was before, if it could be read then. What was hashed is
     * kept for as long as the release is there: some 620 bytes of memory for each file of a release that was asked for.
     *
     * @throws IOException if {@code root} is not a directory that can be read
     */
    static ReleaseRepository inDirectory(Path root) throws IOException {
        return inDirectory(root, DirectoryOptions.defaults());
    }

    /** As {@link #inDirectory(Path)}, with options. */
    static ReleaseRepository inDirectory(Path root, DirectoryOptions options) throws IOException {
        return new DirectoryRepository(root, options);
    }

    /**
     * Releases held in memory, for tests and for servers whose releases come from elsewhere.
     *
     * @param files content by path, laid out as for {@link #inDirectory(Path)}: {@code 1.0.1/flash/main.py},
     *     {@code firmware_1.0.1.bin}; copied
     * @throws IllegalArgumentException if a path in a release is none that a device could have
     */
    static ReleaseRepository inMemory(Map<String, byte[]> files) {
        return new InMemoryRepository(files);
    }
}
