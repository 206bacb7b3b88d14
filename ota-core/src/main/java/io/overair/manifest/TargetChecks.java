package io.overair.manifest;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** What holds for every kind of {@link Target}. */
final class TargetChecks {
    private TargetChecks() {}

    static void checkReference(String reference) {
        if (reference.isBlank()) {
            throw new IllegalArgumentException("a target without a reference");
        }
        if (reference.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a reference with a control character");
        }
    }

    static void checkSize(OptionalLong size) {
        if (size.isPresent() && size.getAsLong() < 0) {
            throw new IllegalArgumentException("a size of " + size.getAsLong() + " bytes");
        }
    }

    static List<Digest> sortedDigests(List<Digest> digests) {
        if (digests.isEmpty()) {
            throw new IllegalArgumentException("a target without a digest");
        }
        if (digests.stream().map(Digest::algorithm).distinct().count() != digests.size()) {
            throw new IllegalArgumentException("a target with two digests of one algorithm");
        }
        return digests.stream().sorted(Comparator.comparing(Digest::algorithm)).toList();
    }
}
