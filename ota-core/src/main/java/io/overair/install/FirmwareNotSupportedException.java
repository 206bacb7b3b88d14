package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;

/**
 * There is firmware to be written, or to be activated by a change that was cut, and the installation was opened without a
 * {@link FirmwareWriter}, or with one that failed at once. Nothing was changed; open it with one that works.
 */
public final class FirmwareNotSupportedException extends IOException {
    private static final long serialVersionUID = 1;

    private FirmwareNotSupportedException(String message) {
        super(message);
    }

    static FirmwareNotSupportedException toInstall(LooseVersion version) {
        return new FirmwareNotSupportedException(
                "release " + version + " brings firmware, and this installation was opened without a firmware writer");
    }

    static FirmwareNotSupportedException toFinish(Plan plan) {
        return new FirmwareNotSupportedException(
                "the change %sthat was cut brings firmware: only with the firmware writer can it be finished"
                        .formatted(
                                plan.to().map(version -> "to " + version + " ").orElse("")));
    }
}
