package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that this library put into the tree, as it put them, and the file stores besides the root's that it put them on.
 *
 * <pre>
 * OTAINSTALLED 1
 * store sd 0f63…                     where it is mounted, its id; - for one that takes none
 * flash/main.py file:fd61…:310:644
 * END …
 * </pre>
 *
 * @param stores id of each by the folder that it is mounted at, as long as there are files below that
 */
record InstalledFiles(SortedMap<DevicePath, Entry.File> files, SortedMap<DevicePath, Optional<String>> stores) {
    private static final String NAME = "OTAINSTALLED";
    private static final String FORMAT = "1";
    private static final String STORE = "store";

    static final InstalledFiles NONE = new InstalledFiles(new TreeMap<>());

    InstalledFiles {
        Set<DevicePath> paths = files.keySet();
        SortedMap<DevicePath, Optional<String>> used = new TreeMap<>(stores);
        used.keySet().removeIf(mount -> paths.stream().noneMatch(path -> Stores.isAt(mount, path)));
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        stores = Collections.unmodifiableSortedMap(used);
    }

    /** All on the store of the root. */
    InstalledFiles(SortedMap<DevicePath, Entry.File> files) {
        this(files, new TreeMap<>());
    }

    /** The same, without the files at and below {@code places}. */
    InstalledFiles without(Set<DevicePath> places) {
        SortedMap<DevicePath, Entry.File> others = new TreeMap<>(files);
        others.keySet().removeIf(path -> places.stream().anyMatch(place -> Stores.isAt(place, path)));
        return new InstalledFiles(others, stores);
    }

    /** The same, with the stores of a plan, {@code ids} by mount, as far as there are files on them. */
    InstalledFiles withStores(Map<String, String> ids) {
        SortedMap<DevicePath, Optional<String>> more = new TreeMap<>(stores);
        ids.forEach((mount, id) -> {
            if (!mount.equals(Plan.ROOT)) {
                more.put(new DevicePath(mount), Optional.of(id));
            }
        });
        return new InstalledFiles(files, more);
    }

    SealedText toText() {
        SealedText text = new SealedText().line(NAME, FORMAT);
        stores.forEach((mount, id) -> text.line(STORE, mount, id));
        files.forEach(text::line);
        return text;
    }

    static InstalledFiles parse(InputStream input) throws IOException {
        SealedLines lines = new SealedLines(input);
        try {
            List<String> head = lines.next();
            if (!head.get(0).equals(NAME) || !head.get(1).equals(FORMAT)) {
                throw new SpoiltException("it is no list of files that this version understands");
            }
            SortedMap<DevicePath, Entry.File> files = new TreeMap<>();
            SortedMap<DevicePath, Optional<String>> stores = new TreeMap<>();
            for (List<String> line = lines.next(); !line.equals(SealedLines.END); line = lines.next()) {
                // A file may have that name, too; its line has two words.
                if (line.get(0).equals(STORE) && line.size() == 3) {
                    stores.put(new DevicePath(SealedText.decode(line.get(1))), SealedText.optional(line.get(2)));
                } else {
                    files.put(new DevicePath(SealedText.decode(line.get(0))), (Entry.File)
                            Entry.parse(SealedText.decode(line.get(1))));
                }
            }
            return new InstalledFiles(files, stores);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ClassCastException e) {
            throw new SpoiltException("it is no list of files: " + e.getMessage(), e);
        }
    }
}
