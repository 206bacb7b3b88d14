package io.overair.install;

import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One update. Stage each {@linkplain #missing missing} target, then {@link #commit}; closing without commit leaves the
 * device as it was. Not safe for use by several threads.
 */
public final class UpdateTransaction implements Closeable {
    private enum Phase {
        OPEN,
        OVER
    }

    private final Installation installation;
    private final Manifest manifest;
    private final Release release;
    private final Optional<FirmwareImage> firmware;
    private final Staging staging;
    private Phase phase = Phase.OPEN;

    UpdateTransaction(
            Installation installation,
            Manifest manifest,
            Release release,
            Optional<FirmwareImage> firmware,
            Staging staging) {
        this.installation = installation;
        this.manifest = manifest;
        this.release = release;
        this.firmware = firmware;
        this.staging = staging;
    }

    /** What the device is to become. */
    public Manifest manifest() {
        return manifest;
    }

    /**
     * What has still to be staged, files first. Files whose content is where it belongs are not among them, nor is what an
     * earlier run staged.
     */
    public List<Target> missing() {
        List<Target> missing = new ArrayList<>(release.missing().keySet());
        firmware.ifPresent(missing::add);
        missing.removeIf(target -> staging.staged(target).isPresent());
        return missing;
    }

    /** How many bytes of a missing target are here, from an earlier attempt or an earlier run: where to go on. */
    public long held(Target target) {
        return staging.held(target);
    }

    /** How many bytes are here of all that is or was missing. */
    public long held() {
        return staging.held();
    }

    /**
     * Takes the content of a missing target, or the rest of it, and checks the whole. Reads {@code content} to its end
     * and does not close it. What it throws passes through unchanged, and what has come until then stays
     * {@linkplain #held held}; so does it if the thread is interrupted.
     *
     * @param offset where {@code content} begins: 0, or what is held
     * @throws IntegrityException if it is not what the manifest names; nothing of it is held any more
     * @throws InsufficientSpaceException if there is no room; the device is as it was, and nothing of any target is held
     * @throws java.io.EOFException if it ends before the size that the manifest names; what came is held
     * @throws IOException if it cannot be read or written; the device is as it was
     */
    public void stage(Target target, long offset, InputStream content) throws IOException {
        checkOpen();
        installation.checkOpen();
        staging.stage(target, offset, content);
    }

    /**
     * Makes the change: on return all of it is on the disk for good. The transaction is over, also after a failure; what
     * was staged is kept for the next one unless it was used.
     *
     * @throws HookVetoException if a hook did not want the change; the device is as it was, hooks that had started are undone
     * @throws UpdateUndoneException if something failed after the commit point, perhaps a hook, and the change was undone
     * @throws RollbackFailedException if the change can neither be made nor undone now; the next
     *     {@link Installation#open} tries again
     * @throws InsufficientSpaceException if there is no room; the device is as it was, and nothing of any target is held
     * @throws MissingStoreException if a card, or the like, has gone since; the device is as it was
     * @throws IOException if something failed before the commit point; the device is as it was
     * @throws IllegalStateException if a target is still missing, or the transaction is over
     */
    public void commit() throws IOException {
        checkOpen();
        if (!missing().isEmpty()) {
            throw new IllegalStateException(missing().size() + " targets are not staged");
        }
        try {
            installation.commit(release, firmware, staging);
        } catch (InsufficientSpaceException e) {
            staging.discardAfter(e);
            throw e;
        } finally {
            close();
        }
    }

    /** Ends the transaction. Without a {@link #commit} the device stays as it is; what was staged is kept for later. */
    @Override
    public void close() {
        if (phase == Phase.OPEN) {
            phase = Phase.OVER;
            installation.transactionIsOver();
        }
    }

    private void checkOpen() {
        if (phase == Phase.OVER) {
            throw new IllegalStateException("the transaction is over");
        }
    }
}
