package io.overair.install;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * A file store has too little room. The message names what there was no room for. What had been fetched of the update is
 * removed, so that the programs of the device have the room that it took; free space, then try again.
 */
public final class InsufficientSpaceException extends IOException {
    private static final long serialVersionUID = 1;
    private static final long UNKNOWN = -1;

    private final long required;
    private final long available;

    /** Where the store refused a write and nobody knows how much more would have come. */
    InsufficientSpaceException(String message, IOException cause) {
        super(message, cause);
        this.required = UNKNOWN;
        this.available = UNKNOWN;
    }

    InsufficientSpaceException(String message, long required, long available) {
        super(message + ": " + required + " bytes needed, " + available + " available");
        this.required = required;
        this.available = available;
    }

    /** Where a store has too little room for something whose size nobody knows. */
    InsufficientSpaceException(String message, long available) {
        super(message + ": " + available + " bytes available");
        this.required = UNKNOWN;
        this.available = available;
    }

    /** How many bytes the store must have room for; empty where that is not known. */
    public OptionalLong required() {
        return optional(required);
    }

    /** How many bytes it had room for when it was asked; empty where that is not known. */
    public OptionalLong available() {
        return optional(available);
    }

    private static OptionalLong optional(long bytes) {
        return bytes == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(bytes);
    }
}
