package io.overair.install;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@link FirmwareWriter} of which whatever goes wrong is an {@link IOException}. Anything else would pass by all that undoes an
 * update, and come again with each attempt to open the installation.
 */
final class CarefulWriter implements FirmwareWriter {
    private final FirmwareWriter writer;
    private final Optional<Path> copiesTo;
    private final WayBack wayBack;

    private CarefulWriter(FirmwareWriter writer, Optional<Path> copiesTo, WayBack wayBack) {
        this.writer = writer;
        this.copiesTo = copiesTo;
        this.wayBack = wayBack;
    }

    /**
     * {@code writer} for the installation that keeps {@code place} for it. What may not fail is asked for here, once.
     *
     * @throws IOException if it fails all the same; then nothing is known of what {@code writer} would do
     */
    static CarefulWriter of(FirmwareWriter writer, Path place) throws IOException {
        FirmwareWriter bound = call("rememberingAt", () -> writer.rememberingAt(place));
        return new CarefulWriter(bound, call("copiesTo", bound::copiesTo), call("wayBack", bound::wayBack));
    }

    @Override
    public FirmwareWriter rememberingAt(Path place) {
        return writer.rememberingAt(place);
    }

    @Override
    public Optional<Path> copiesTo() {
        return copiesTo;
    }

    @Override
    public WayBack wayBack() {
        return wayBack;
    }

    @Override
    public Optional<FirmwareSlot> active() throws IOException {
        return call("active", writer::active);
    }

    @Override
    public FirmwareSlot write(Path image, Digest sha256) throws IOException {
        return call("write", () -> writer.write(image, sha256));
    }

    @Override
    public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
        try {
            writer.activate(slot, image);
        } catch (IOException e) {
            throw e;
        } catch (Exception | LinkageError | AssertionError e) {
            // It may have come to that before or after the change: only an IOException says that there was none.
            throw new UncertainActivationException(failure("activate", e));
        }
    }

    @Override
    public boolean holds(FirmwareSlot slot) throws IOException {
        return call("holds", () -> writer.holds(slot));
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private static <T> T call(String method, Call<T> call) throws IOException {
        try {
            return Objects.requireNonNull(call.run(), "it returned null");
        } catch (IOException e) {
            throw e;
        } catch (Exception | LinkageError | AssertionError e) {
            // What is not declared in Java may be thrown all the same, by a writer in another language for example.
            throw failure(method, e);
        }
    }

    private static IOException failure(String method, Throwable cause) {
        return new IOException("%s of the firmware writer failed: %s".formatted(method, cause), cause);
    }
}
