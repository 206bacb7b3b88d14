package io.overair.install;

import java.io.IOException;

/** It is unknown whether a change is on the disk: to force it once more would prove nothing. */
final class UncertainDiskException extends IOException {
    private static final long serialVersionUID = 1;

    UncertainDiskException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
