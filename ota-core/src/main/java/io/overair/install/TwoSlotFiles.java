package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Firmware in two files of one folder, {@code slot-a.img} and {@code slot-b.img}, of which a third, {@code active}, names
 * the one to start: {@code a} or {@code b} and a line feed. Whoever starts the firmware reads that file. It is replaced at
 * once, so after a cut it names the one slot or the other. Without it, {@code a} is active.
 */
public final class TwoSlotFiles implements FirmwareWriter {
    private static final String A = "a";
    private static final String B = "b";

    private final Disk disk;
    private final Path folder;

    private TwoSlotFiles(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /** The slots in {@code folder}, which is made with the first image if it is missing. */
    public static TwoSlotFiles inDirectory(Path folder) {
        return inDirectory(folder, Environment.real().port());
    }

    static TwoSlotFiles inDirectory(Path folder, FilePort port) {
        return new TwoSlotFiles(new Disk(port), folder.toAbsolutePath());
    }

    @Override
    public Optional<Path> copiesTo() {
        return Optional.of(folder);
    }

    @Override
    public Optional<FirmwareSlot> active() throws IOException {
        if (disk.port().status(folder).isFolder()) {
            // After a kill the name may be in memory only.
            disk.port().forceFolder(folder);
        }
        String name = activeName();
        Optional<Digest> sha256 = disk.port().status(file(name)).isFile()
                ? Optional.of(disk.digest(file(name), Digest.Algorithm.SHA256))
                : Optional.empty();
        return Optional.of(new FirmwareSlot(name, sha256));
    }

    @Override
    public FirmwareSlot write(Path image, Digest sha256) throws IOException {
        if (disk.port().status(folder).isAbsent()) {
            disk.port().makeFolder(folder);
            disk.port().forceFolder(Disk.parent(folder));
        }
        String name = activeName().equals(A) ? B : A;
        Path temporary = Disk.temporary(file(name));
        try {
            disk.copy(image, temporary);
            if (!disk.digest(temporary, Digest.Algorithm.SHA256).equals(sha256)) {
                throw new IOException("%s reads back other than it was written".formatted(temporary));
            }
        } catch (IOException e) {
            removeAfter(e, temporary);
            throw e;
        }
        disk.port().move(temporary, file(name));
        disk.port().forceFolder(folder);
        return new FirmwareSlot(name, Optional.of(sha256));
    }

    /** It may be what fills the disk. */
    private void removeAfter(IOException failure, Path temporary) {
        try {
            disk.removeFile(temporary);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    @Override
    public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
        if (!slot.name().equals(A) && !slot.name().equals(B)) {
            throw new IOException("there is no slot " + slot.name());
        }
        disk.writeAtomically(folder.resolve("active"), (slot.name() + "\n").getBytes(UTF_8));
    }

    /** Also true of the slot that was active before there was any image. */
    @Override
    public boolean holds(FirmwareSlot slot) throws IOException {
        FileStatus status = disk.port().status(file(slot.name()));
        return slot.sha256().isEmpty()
                ? status.isAbsent()
                : status.isFile()
                        && disk.digest(file(slot.name()), Digest.Algorithm.SHA256)
                                .equals(slot.sha256().get());
    }

    private String activeName() throws IOException {
        Optional<byte[]> content = disk.read(folder.resolve("active"));
        String name = content.map(bytes -> new String(bytes, UTF_8).strip()).orElse(A);
        if (!name.equals(A) && !name.equals(B)) {
            throw new IOException("%s names neither slot".formatted(folder.resolve("active")));
        }
        return name;
    }

    private Path file(String slot) {
        return folder.resolve("slot-" + slot + ".img");
    }
}
