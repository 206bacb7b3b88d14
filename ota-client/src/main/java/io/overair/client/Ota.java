package io.overair.client;

import io.overair.install.InTrialException;
import io.overair.install.Installation;
import io.overair.install.IntegrityException;
import io.overair.install.Outcome;
import io.overair.install.UpdateTransaction;
import io.overair.install.UpdateUndoneException;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestException;
import io.overair.manifest.ManifestJson;
import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Brings a device up to date from whatever a {@link Transport} reaches.
 *
 * <pre>{@code
 * try (Installation installation = Installation.open(root);
 *         Transport transport = HttpTransport.to("http://192.168.4.1:8000")) {
 *     Ota ota = Ota.builder(transport, installation).build();
 *     ota.connect();
 *     if (ota.update() instanceof UpdateOutcome.Updated updated) {
 *         restartInto(updated.to());
 *     }
 * }
 * }</pre>
 *
 * <p>Every failure is an {@link IOException}, and after each the device has what it had before, unless the exception says
 * otherwise; what was fetched is kept, so that calling again goes on where this ended. An interrupt of the calling thread
 * ends an update until its commit point with an {@link InterruptedIOException}, the thread still being interrupted.
 *
 * <p>For one thread at a time. It closes neither transport nor installation.
 */
public final class Ota {
    private final Transport transport;
    private final Installation installation;
    private final RetryPolicy retry;
    private final Limits limits;
    private final Downgrades downgrades;
    private final Optional<LooseVersion> currentVersion;
    private final Consumer<UpdateEvent> listener;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final LongSupplier nanoTime;

    private Ota(Builder builder) {
        transport = builder.transport;
        installation = builder.installation;
        retry = builder.retry;
        limits = builder.limits;
        downgrades = builder.downgrades;
        currentVersion = builder.currentVersion;
        listener = builder.listener;
        sleeper = builder.sleeper;
        random = builder.random;
        nanoTime = builder.nanoTime;
    }

    /** Updates {@code installation} from what {@code transport} reaches; the caller closes both. */
    public static Builder builder(Transport transport, Installation installation) {
        return new Builder(transport, installation);
    }

    /**
     * Makes the peer reachable; see {@link Transport#connect}. Not tried again if it fails.
     *
     * @throws IOException if the peer cannot be reached
     */
    public void connect() throws IOException {
        transport.connect();
    }

    /**
     * Installs what the peer offers, whole or not at all.
     *
     * <p>Blocks until done; the listener is called on this thread. It is no error if there is nothing to do, and none if all
     * that is offered is a release that has failed on this device before: that is a {@link UpdateOutcome.Blocked}, not to be
     * mended by trying again.
     *
     * @throws InTrialException if something is offered while the release that is installed is on trial
     * @throws NoSuchResourceException if the peer has no manifest, or not all that its manifest names
     * @throws DownloadException if something did not arrive in as many tries as allowed, or is too large
     * @throws DowngradeRefusedException if an older version is offered and may not be installed
     * @throws ManifestException if what the peer sent is no manifest
     * @throws UpdateUndoneException if the update could not be completed and was taken back
     * @throws InterruptedIOException if the calling thread was interrupted; it still is
     * @throws IOException for everything that {@link Installation#begin}, {@link UpdateTransaction#stage} and
     *     {@link UpdateTransaction#commit} refuse
     */
    public UpdateOutcome update() throws IOException {
        tellEarlierChange();
        Optional<LooseVersion> from = current();
        Optional<Manifest> offered = offer();
        if (offered.isEmpty()) {
            return new UpdateOutcome.UpToDate(from);
        }
        Manifest manifest = offered.get();
        if (isBlocked(manifest.version())) {
            return new UpdateOutcome.Blocked(from, manifest.version());
        }
        checkSizes(manifest);
        long bytes = 0;
        try (UpdateTransaction transaction = installation.begin(manifest)) {
            Optional<FirmwareImage> firmware = firmwareToInstall(manifest);
            List<Target> missing = transaction.missing();
            listener.accept(new UpdateEvent.Begun(missing));
            for (Target target : missing) {
                bytes += download(target, transaction);
            }
            commit(transaction);
            UpdateOutcome.Updated outcome = new UpdateOutcome.Updated(
                    from,
                    manifest.version(),
                    (int) manifest.files().count(),
                    manifest.removed().size(),
                    bytes,
                    firmware,
                    installation.status().trial());
            listener.accept(new UpdateEvent.Committed(outcome));
            return outcome;
        }
    }

    /**
     * What the peer would have this device install; empty if the device is up to date, or if what is offered has failed on it
     * before, which the listener is told. Changes nothing, and so can be asked during a trial as well.
     *
     * @throws NoSuchResourceException if the peer has no manifest
     * @throws DownloadException if it did not arrive in as many tries as allowed
     * @throws DowngradeRefusedException if an older version is offered and may not be installed
     * @throws ManifestException if what the peer sent is no manifest: an empty answer, too, is what a
     *     Pycom server sends that died over the question, and never means that all is well
     * @throws InterruptedIOException if the calling thread was interrupted; it still is
     */
    public Optional<Manifest> checkForUpdate() throws IOException {
        Optional<Manifest> offered = offer();
        return offered.isPresent() && isBlocked(offered.get().version()) ? Optional.empty() : offered;
    }

    /** A plain update was reported when it was made. */
    private void tellEarlierChange() throws IOException {
        installation
                .unreported()
                .filter(report -> report.outcome() != Outcome.UPDATED)
                .ifPresent(report -> listener.accept(new UpdateEvent.EarlierChange(report)));
    }

    private Optional<Manifest> offer() throws IOException {
        Optional<LooseVersion> current = current();
        Optional<Manifest> offered = persistently(Optional.empty(), () -> ask(current));
        if (offered.isPresent()) {
            listener.accept(new UpdateEvent.Offered(current, offered.get()));
            checkDowngrade(current, offered.get().version());
        }
        return offered;
    }

    private boolean isBlocked(LooseVersion release) throws IOException {
        boolean blocked = installation.status().blocked().contains(release);
        if (blocked) {
            listener.accept(new UpdateEvent.Blocked(current(), release));
        }
        return blocked;
    }

    private Optional<LooseVersion> current() throws IOException {
        return currentVersion.isPresent() ? currentVersion : installation.version();
    }

    private Optional<Manifest> ask(Optional<LooseVersion> current) throws IOException {
        String version = current.map(LooseVersion::toString).orElse("");
        // A plus would do for the server, a %20 does for transports that know nothing of queries, too.
        String encoded = URLEncoder.encode(version, StandardCharsets.UTF_8).replace("+", "%20");
        Download download = fetch("manifest.json?current_ver=" + encoded, 0);
        try (Transfer transfer =
                new Transfer(download, "manifest", Long.MAX_VALUE, limits, nanoTime, (bytes, total, rate) -> {})) {
            return ManifestJson.read(transfer, limits.manifest());
        } catch (ManifestException e) {
            // Of an answer that ends with its connection, only its content tells that it broke off.
            if (e.isCutShort() && download.totalLength().isEmpty()) {
                throw new BrokenTransferException(e);
            }
            throw e;
        }
    }

    private void checkDowngrade(Optional<LooseVersion> current, LooseVersion offered) throws IOException {
        if (current.isEmpty() || offered.compareTo(current.get()) >= 0) {
            return;
        }
        switch (downgrades) {
            case FOLLOWED -> listener.accept(new UpdateEvent.Downgrade(current.get(), offered));
            case REFUSED -> throw new DowngradeRefusedException(current.get(), offered);
        }
    }

    /** Sizes that the manifest tells are judged before anything is fetched, the others while it arrives. */
    private void checkSizes(Manifest manifest) throws DownloadException {
        List<Target> targets = new ArrayList<>(manifest.files().toList());
        manifest.firmware().ifPresent(targets::add);
        for (Target target : targets) {
            if (target.size().orElse(0) > maxBytes(target)) {
                throw new DownloadException(nameOf(target), "more than " + maxBytes(target) + " bytes");
            }
        }
    }

    /** Where there is nothing to write firmware with, the transaction would not have begun unless the host wants it so. */
    private Optional<FirmwareImage> firmwareToInstall(Manifest manifest) {
        Optional<FirmwareImage> image = manifest.firmware();
        if (image.isPresent() && installation.options().firmware().isEmpty()) {
            listener.accept(new UpdateEvent.FirmwareSkipped(image.get()));
            return Optional.empty();
        }
        return image;
    }

    /** The number of bytes that came. */
    private long download(Target target, UpdateTransaction transaction) throws IOException {
        long bytes = persistently(Optional.of(target), () -> stage(target, transaction));
        listener.accept(new UpdateEvent.Staged(target));
        return bytes;
    }

    private long stage(Target target, UpdateTransaction transaction) throws IOException {
        long held = transaction.held(target);
        long most = Math.min(maxBytes(target), limits.maxUpdateBytes() - (transaction.held() - held));
        if (target.size().orElse(0) > most) {
            throw tooMuch(target);
        }
        Download download = fetch(target.reference(), held);
        try (Transfer transfer = new Transfer(download, nameOf(target), most, limits, nanoTime, progressOf(target))) {
            if (transfer.offset() != 0 && transfer.offset() != held) {
                throw new BrokenTransferException(new IOException(
                        "asked for bytes from %d on, got them from %d on".formatted(held, transfer.offset())));
            }
            transaction.stage(target, transfer.offset(), transfer);
            return transfer.received();
        } catch (EOFException shorterThanTheManifestSays) {
            throw new BrokenTransferException(shorterThanTheManifestSays);
        } catch (DownloadException tooLarge) {
            discard(target, transaction);
            throw most < maxBytes(target) ? tooMuch(target) : tooLarge;
        }
    }

    private DownloadException tooMuch(Target target) {
        return new DownloadException(
                nameOf(target), "more than %d bytes in the whole update".formatted(limits.maxUpdateBytes()));
    }

    private Download fetch(String reference, long offset) throws IOException {
        Transfer.checkNotInterrupted();
        try {
            return transport.fetch(reference, offset);
        } catch (NoSuchResourceException askingAgainDoesNotHelp) {
            throw askingAgainDoesNotHelp;
        } catch (IOException e) {
            throw new BrokenTransferException(e);
        }
    }

    private Transfer.Observer progressOf(Target target) {
        return (bytes, total, rate) -> {
            OptionalLong known = target.size().isPresent() ? target.size() : total;
            listener.accept(new UpdateEvent.Progress(target, bytes, known, rate));
        };
    }

    /** What came of something too large is of no use to a later try, and there may be a lot of it. */
    private static void discard(Target target, UpdateTransaction transaction) throws IOException {
        try {
            transaction.stage(target, 0, InputStream.nullInputStream());
        } catch (IntegrityException emptyIsNotTheContent) {
            // As intended: now nothing is kept.
        }
    }

    private void commit(UpdateTransaction transaction) throws IOException {
        Transfer.checkNotInterrupted();
        try {
            transaction.commit();
        } catch (UpdateUndoneException e) {
            listener.accept(new UpdateEvent.RolledBack(
                    installation.version(), transaction.manifest().version(), e));
            throw e;
        }
    }

    /**
     * Tries as often as the policy says. Tried again is what broke on its way or arrived damaged; what the peer has not
     * got, what is too large and what the disk refuses would end the same way the next time.
     */
    private <T> T persistently(Optional<Target> target, Attempt<T> attempt) throws IOException {
        for (int failures = 1; ; failures++) {
            IOException cause;
            try {
                return attempt.run();
            } catch (BrokenTransferException e) {
                cause = e.reason();
            } catch (IntegrityException e) {
                cause = e;
            }
            checkNotInterrupted(cause);
            if (failures == retry.tries()) {
                throw new DownloadException(target.map(Ota::nameOf).orElse("manifest"), failures, cause);
            }
            Duration pause = retry.waitAfter(failures, random);
            listener.accept(new UpdateEvent.Retrying(target, failures, retry.tries(), pause, cause));
            sleep(pause);
        }
    }

    /** A transport that is interrupted reports that in its own way. */
    private static void checkNotInterrupted(IOException cause) throws IOException {
        try {
            Transfer.checkNotInterrupted();
        } catch (InterruptedIOException e) {
            e.initCause(cause);
            throw e;
        }
    }

    private void sleep(Duration pause) throws InterruptedIOException {
        try {
            sleeper.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Transfer.checkNotInterrupted();
        }
    }

    private long maxBytes(Target target) {
        return target instanceof FirmwareImage ? limits.maxImageBytes() : limits.maxFileBytes();
    }

    private static String nameOf(Target target) {
        return target instanceof TargetFile file ? file.path().value() : "firmware";
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run() throws IOException;
    }

    /** Waits. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /** Options, each with a default that suits most devices. */
    public static final class Builder {
        private final Transport transport;
        private final Installation installation;
        private RetryPolicy retry = RetryPolicy.defaults();
        private Limits limits = Limits.defaults();
        private Downgrades downgrades = Downgrades.FOLLOWED;
        private Optional<LooseVersion> currentVersion = Optional.empty();
        private Consumer<UpdateEvent> listener = event -> {};
        private Sleeper sleeper = time -> Thread.sleep(time.toMillis());
        private RandomGenerator random = RandomGenerator.getDefault();
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(Transport transport, Installation installation) {
            this.transport = transport;
            this.installation = installation;
        }

        /** How often a file is tried; {@link RetryPolicy#defaults} unless told otherwise. */
        public Builder retry(RetryPolicy policy) {
            this.retry = policy;
            return this;
        }

        /** What is too large or too slow; {@link Limits#defaults} unless told otherwise. */
        public Builder limits(Limits accepted) {
            this.limits = accepted;
            return this;
        }

        /** What becomes of offers of an older version; followed unless told otherwise. */
        public Builder downgrades(Downgrades policy) {
            this.downgrades = policy;
            return this;
        }

        /** What the peer is told the device is on; unless told otherwise {@link Installation#version}. */
        public Builder currentVersion(LooseVersion version) {
            this.currentVersion = Optional.of(version);
            return this;
        }

        /**
         * Who is told what happens, on the thread that updates. What it throws ends the update as any failure does, but
         * for {@link UpdateEvent.Committed}: then the update is complete.
         */
        public Builder listener(Consumer<UpdateEvent> told) {
            this.listener = told;
            return this;
        }

        Builder sleeper(Sleeper waits) {
            this.sleeper = waits;
            return this;
        }

        Builder random(RandomGenerator source) {
            this.random = source;
            return this;
        }

        Builder nanoTime(LongSupplier clock) {
            this.nanoTime = clock;
            return this;
        }

        /** What was described. */
        public Ota build() {
            return new Ota(this);
        }
    }
}
