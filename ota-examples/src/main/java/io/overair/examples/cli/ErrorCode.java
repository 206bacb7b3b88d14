package io.overair.examples.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Everything that can go wrong, with the code to search for and the exit status. Codes never change their meaning. */
enum ErrorCode {
    /** Options or arguments that make no sense. */
    USAGE("OTA-USE-001", 2),
    /** An address that nothing can listen on: in use, not of this machine, or not allowed. */
    CANNOT_LISTEN("OTA-NET-001", 2),
    NOT_FOUND("OTA-REPO-001", 3),
    NOT_READABLE("OTA-REPO-002", 3),
    NO_SUCH_RELEASE("OTA-REPO-003", 3),
    /** Reading failed in another way, as with files that would not hold still. */
    READING_FAILED("OTA-REPO-004", 3),
    NETWORK_NOT_FOUND("OTA-NET-002", 20),
    NETWORK_GAVE_UP("OTA-NET-003", 20),
    SERVER_REFUSED("OTA-SRV-001", 21),
    BAD_MANIFEST("OTA-SRV-002", 21),
    TOO_LARGE("OTA-SRV-003", 21),
    DOWNGRADE_REFUSED("OTA-SRV-004", 31),
    WRONG_CONTENT("OTA-HASH-001", 30),
    NOT_WRITABLE("OTA-DISK-001", 40),
    NO_SPACE("OTA-DISK-002", 40),
    DISK_FAILED("OTA-DISK-003", 40),
    LOCKED("OTA-DEV-001", 40),
    /** Something on the device where a release has something else. */
    IN_THE_WAY("OTA-DEV-002", 40),
    NO_FIRMWARE_WRITER("OTA-DEV-003", 2),
    NO_WAY_BACK("OTA-DEV-004", 3),
    /** A change that failed half-way and was taken back. */
    UNDONE("OTA-DEV-005", 40),
    /** A change that can be neither finished nor taken back. */
    STUCK("OTA-DEV-006", 42),
    UNTRUSTED_STATE("OTA-DEV-007", 42),
    IN_TRIAL("OTA-DEV-008", 11),
    /** A release that has failed on this device before. */
    BLOCKED("OTA-DEV-009", 41),
    NOT_ON_TRIAL("OTA-DEV-010", 3),
    VETOED("OTA-DEV-011", 40),
    /** A release that has failed just now, and was taken back. */
    UNHEALTHY("OTA-DEV-012", 41),
    /** A memory card, or the like, that is not there. */
    STORE_MISSING("OTA-DEV-013", 40),
    /** A name that is none of the memory cards, or the like, that a device has used. */
    UNKNOWN_STORE("OTA-DEV-014", 2),
    INTERRUPTED("OTA-INT-001", 130),
    /** The demo's device did not end up as it must. */
    DEMO_FAILED("OTA-BUG-002", 1),
    INTERNAL("OTA-BUG-001", 1);

    private final String code;
    private final int exitStatus;

    ErrorCode(String code, int exitStatus) {
        this.code = code;
        this.exitStatus = exitStatus;
    }

    String code() {
        return code;
    }

    int exitStatus() {
        return exitStatus;
    }

    /** The code for a problem that no verb knew more about. */
    static ErrorCode of(Throwable problem) {
        if (problem instanceof NoSuchFileException || problem instanceof NotDirectoryException) {
            return NOT_FOUND;
        }
        if (problem instanceof AccessDeniedException) {
            return NOT_READABLE;
        }
        if (problem instanceof IOException) {
            return READING_FAILED;
        }
        return problem instanceof InterruptedException ? INTERRUPTED : INTERNAL;
    }
}
