package io.overair.install;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What a disk may answer instead of doing what it is told, in the words of the real adapter. */
enum Fault {
    /** No space: for whatever makes something, names included; reading and removing go on. */
    ENOSPC,
    /** The medium fails, for reading as well. */
    EIO,
    /** Not allowed: for whatever names a path; what is open already goes on. */
    EACCES;

    boolean concerns(Operation operation) {
        return switch (this) {
            case ENOSPC ->
                switch (operation.kind()) {
                    case CREATE, WRITE, FORCE, FORCE_FOLDER, MOVE, LINK, SYMLINK, MAKE_FOLDER, COPY_USER_ATTRIBUTES ->
                        true;
                    default -> false;
                };
            case EIO -> true;
            case EACCES ->
                switch (operation.kind()) {
                    case WRITE, FORCE, USABLE_SPACE -> false;
                    default -> true;
                };
        };
    }

    IOException exception(Path path) {
        return switch (this) {
            case ENOSPC ->
                new InsufficientSpaceException(
                        "no room for " + path,
                        new FileSystemException(path.toString(), null, "No space left on device"));
            case EIO -> new FileSystemException(path.toString(), null, "Input/output error");
            case EACCES -> new AccessDeniedException(path.toString());
        };
    }
}
