package io.overair.install;

import java.io.IOException;

/**
 * A {@link FirmwareWriter} does not know what runs after the next restart: the firmware from before, or what it was to make
 * active. Files of either release might not fit, so the change is not undone. It is {@linkplain
 * InstallationStatus.Phase#STUCK stuck}, and the activation is tried again when the installation is opened the next time.
 */
public final class UncertainActivationException extends IOException {
    private static final long serialVersionUID = 1;

    /** What happened instead of an answer. */
    public UncertainActivationException(IOException cause) {
        super("it is not known whether the firmware was made active: " + cause.getMessage(), cause);
    }
}
