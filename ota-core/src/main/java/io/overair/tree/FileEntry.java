package io.overair.tree;

import io.overair.manifest.Digest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One file's content.
 *
 * @param size its length in bytes
 * @param digests what it hashes to: at least one, one for each algorithm that was asked for, in the order of
 *     {@link Digest.Algorithm}
 */
public record FileEntry(long size, List<Digest> digests) {
    public FileEntry {
        if (size < 0) {
            throw new IllegalArgumentException("a file of " + size + " bytes");
        }
        if (digests.isEmpty()) {
            throw new IllegalArgumentException("a file without a digest");
        }
        if (digests.stream().map(Digest::algorithm).distinct().count() != digests.size()) {
            throw new IllegalArgumentException("a file with two digests of one algorithm");
        }
        digests =
                digests.stream().sorted(Comparator.comparing(Digest::algorithm)).toList();
    }

    /** The digest made with {@code algorithm}, if that was asked for. */
    public Optional<Digest> digest(Digest.Algorithm algorithm) {
        return digests.stream()
                .filter(digest -> digest.algorithm() == algorithm)
                .findFirst();
    }

    /**
     * Whether both have the same content, by size and by the strongest digest both have.
     *
     * @throws IllegalArgumentException if they have no algorithm in common
     */
    boolean sameContentAs(FileEntry other) {
        int mine = digests.size() - 1;
        int theirs = other.digests.size() - 1;
        while (mine >= 0 && theirs >= 0) {
            int order = digests.get(mine)
                    .algorithm()
                    .compareTo(other.digests.get(theirs).algorithm());
            if (order == 0) {
                return size == other.size && digests.get(mine).equals(other.digests.get(theirs));
            }
            if (order > 0) {
                mine--;
            } else {
                theirs--;
            }
        }
        throw new IllegalArgumentException(
                "digests that cannot be compared: %s and %s".formatted(digests, other.digests));
    }
}
