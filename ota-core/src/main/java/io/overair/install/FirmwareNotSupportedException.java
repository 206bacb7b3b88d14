package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;

/** A manifest offers firmware to a device that has no {@link FirmwareWriter}. Nothing was changed. */
public final class FirmwareNotSupportedException extends IOException {
    private static final long serialVersionUID = 1;

    FirmwareNotSupportedException(LooseVersion version) {
        super("release " + version + " brings firmware, and this installation was opened without a firmware writer");
    }
}
