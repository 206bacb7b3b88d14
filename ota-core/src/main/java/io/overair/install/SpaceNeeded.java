package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.TargetFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The room that an update needs on each file store, as far as that is known: before it is fetched, and once more when all of it is here. */
final class SpaceNeeded {
    /** Room for states and folders. */
    private static final long STATE_BYTES = 64 << 10;

    /** What a {@link Reserve} is larger than what is copied. */
    private static final long FOLDERS_BYTES = Reserve.ROOM_BYTES;

    /** Room for a line of each in the plan, the way back and the list of files. */
    private static final long LINE_BYTES = 1 << 10;

    /** Room for a line of the list of files alone. */
    private static final long LIST_LINE_BYTES = 256;

    private record Need(Path place, long bytes) {}

    private final FilePort port;
    private final InstallationOptions options;
    private final Map<Object, Need> byStore = new HashMap<>();

    private SpaceNeeded(FilePort port, InstallationOptions options) {
        this.port = port;
        this.options = options;
    }

    static SpaceNeeded of(
            Release release,
            Placement.Needs needs,
            Optional<FirmwareImage> firmware,
            Staging staging,
            InstallationOptions options,
            FilePort port)
            throws IOException {
        SpaceNeeded needed = new SpaceNeeded(port, options);
        Stores stores = needs.stores();
        long notes = STATE_BYTES + LINE_BYTES * needs.lines() + lists(release, stores.root(), port);
        needed.add(stores.root().mount(), notes);
        if (options.trial().isPresent()) {
            needed.add(stores.root().mount(), notes + Reserve.WORD_BYTES);
            for (StateFolder store : stores.all()) {
                needed.add(store.mount(), FOLDERS_BYTES + copiedBack(release, needs, store, staging));
            }
        }
        for (Map.Entry<TargetFile, DevicePath> missing : release.missing().entrySet()) {
            needed.add(stores.of(missing.getValue()).mount(), staging.stillToCome(missing.getKey()));
        }
        for (Map.Entry<StateFolder, Long> copies : needs.copies().entrySet()) {
            needed.add(copies.getKey().mount(), copies.getValue());
        }
        if (firmware.isPresent()) {
            needed.add(stores.root().mount(), staging.stillToCome(firmware.get()));
            Optional<Path> copies = options.firmware().flatMap(FirmwareWriter::copiesTo);
            if (copies.isPresent()) {
                needed.add(copies.get(), staging.knownSize(firmware.get()));
            }
        }
        return needed;
    }

    /** What is installed is listed as it was and as it will be. */
    private static long lists(Release release, StateFolder root, FilePort port) throws IOException {
        return 2 * port.status(root.installed()).size()
                + LIST_LINE_BYTES * release.present().size();
    }

    /** What {@link Preparation} reserves for a rollback besides notes: where backups are copies, so is all that it moves. */
    private static long copiedBack(Release release, Placement.Needs needs, StateFolder store, Staging staging) {
        long bytes = needs.backups().getOrDefault(store, 0L);
        if (bytes > 0) {
            for (Map.Entry<TargetFile, DevicePath> missing : release.missing().entrySet()) {
                if (needs.stores().of(missing.getValue()).equals(store)) {
                    bytes += staging.knownSize(missing.getKey());
                }
            }
        }
        return bytes;
    }

    private void add(Path place, long bytes) throws IOException {
        Path existing = place;
        while (port.status(existing).isAbsent()) {
            existing = Disk.parent(existing);
        }
        byStore.merge(
                port.status(existing).store(),
                new Need(existing, bytes),
                (first, second) -> new Need(first.place(), first.bytes() + second.bytes()));
    }

    /** @throws InsufficientSpaceException if a store has less room, or less than is to be left free would be left */
    void check() throws IOException {
        for (Need need : byStore.values()) {
            long required = need.bytes() + options.freeSpaceFloor();
            long usable = port.usableSpace(need.place());
            if (usable < required) {
                throw new InsufficientSpaceException("no room for the update below " + need.place(), required, usable);
            }
        }
    }
}
