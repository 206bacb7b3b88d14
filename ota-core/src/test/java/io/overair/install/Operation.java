package io.overair.install;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * One call of a {@link FilePort}.
 *
 * @param path what it is about; of a move or a link, what was there before
 * @param to the name that a move or a link gives
 */
record Operation(Kind kind, Path path, Optional<Path> to) {
    enum Kind {
        STATUS,
        MOUNTS,
        WEAKNESSES,
        LIST,
        READ,
        USABLE_SPACE,
        CREATE,
        APPEND,
        WRITE,
        FORCE,
        FORCE_FOLDER,
        MOVE,
        LINK,
        SYMLINK,
        UNLINK,
        REMOVE_FOLDER,
        MAKE_FOLDER,
        SET_ATTRIBUTES,
        COPY_USER_ATTRIBUTES,
        LOCK
    }

    Operation(Kind kind, Path path) {
        this(kind, path, Optional.empty());
    }

    /** Whether the disk may be another one afterwards, or more of it safe. */
    boolean changes() {
        return switch (kind) {
            case STATUS, MOUNTS, WEAKNESSES, LIST, READ, USABLE_SPACE, APPEND -> false;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + path
                + to.map(other -> " -> " + other).orElse("");
    }
}
