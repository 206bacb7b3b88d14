package io.overair.install;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Puts firmware where the device starts it from. An update writes the image before anything of the tree is changed,
 * makes it active when all files are in place, and switches back if the update is undone or rolled back.
 *
 * <p>Every method may be called again after a crash in the midst of it, with the same arguments, and must then end as if
 * it had been called once. Methods are called by one thread at a time. A failure is an {@link IOException}; one of
 * {@link #write} leaves the device as it was, one of {@link #activate} has the whole update undone, unless nobody knows what
 * is active then.
 *
 * <p>So are other exceptions, {@link LinkageError}, {@link AssertionError} and a {@code null} where something is to be returned: they
 * count as an {@link IOException} or, of {@link #activate}, as an {@link UncertainActivationException}, since nobody knows how far
 * it came. {@link #rememberingAt}, {@link #copiesTo} and {@link #wayBack} are called once, when an installation is opened; if one of
 * them fails, the installation has no writer until it is opened again, which its {@linkplain Installation#events events} tell.
 *
 * @see TwoSlotFiles
 * @see CommandFirmwareWriter
 */
public interface FirmwareWriter {

    /** What becomes of firmware when an update that brought it is rolled back. */
    enum WayBack {
        /** {@link #activate} makes the slot that ran before the active one again. */
        SWITCHES,
        /** It cannot be switched back, so there is no rollback. */
        REFUSED,
        /** It cannot be switched back; the files are rolled back without it. */
        STAYS
    }

    /**
     * This writer for one installation, which calls this before anything else.
     *
     * @param place a path that belongs to the writer alone, where it may make a file or folder for what it has to know after
     *     this program was killed. It is kept from one update to the next
     */
    default FirmwareWriter rememberingAt(Path place) {
        return this;
    }

    /** Where {@link #write} makes a copy of the image that takes room in a file store of the device, if it does. */
    default Optional<Path> copiesTo() {
        return Optional.empty();
    }

    /** What becomes of firmware in a rollback. */
    default WayBack wayBack() {
        return WayBack.SWITCHES;
    }

    /**
     * What runs after the next restart, also if the power fails now: what {@link #activate} was cut in is made durable before
     * this answers. Empty where the device cannot be asked; then {@link #activate} is repeated after a crash, even if it
     * had succeeded, and there is no way back from it: what to switch back to is not known.
     */
    Optional<FirmwareSlot> active() throws IOException;

    /**
     * Writes an image to a slot that does not run, and reads it back. When this returns the image is on the disk, not
     * only on its way there, and what was active still is.
     *
     * @return the slot that holds it now, with {@code sha256}
     */
    FirmwareSlot write(Path image, Digest sha256) throws IOException;

    /**
     * Makes {@code slot} the one that runs after the next restart. Where there is no way back from it, because the writer
     * cannot be {@linkplain #active asked} or cannot {@linkplain WayBack#SWITCHES switch}, this is the last that is done,
     * after all hooks have agreed.
     *
     * @param image the verified image, while there is a copy of it: on the way forward, not on the way back
     * @throws IOException if it could not be done; what was active still is
     * @throws UncertainActivationException if what is active now is not known; where there is no way back from it, this is
     *     called again when the installation is opened the next time
     */
    void activate(FirmwareSlot slot, Optional<Path> image) throws IOException;

    /** Whether {@code slot} holds what its digest says, read again; asked before a rollback switches to it. */
    boolean holds(FirmwareSlot slot) throws IOException;
}
