package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that this library put into the tree, as it put them.
 *
 * <pre>
 * OTAINSTALLED 1
 * flash/main.py file:fd61…:310:644
 * END …
 * </pre>
 */
record InstalledFiles(SortedMap<DevicePath, Entry.File> files) {
    private static final String NAME = "OTAINSTALLED";
    private static final String FORMAT = "1";

    static final InstalledFiles NONE = new InstalledFiles(new TreeMap<>());

    InstalledFiles {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    byte[] toBytes() {
        SealedText text = new SealedText().line(NAME, FORMAT);
        files.forEach(text::line);
        return text.toBytes();
    }

    static InstalledFiles parse(byte[] bytes) throws IOException {
        List<List<String>> lines = SealedText.parse(bytes);
        try {
            List<String> head = lines.get(0);
            if (!head.get(0).equals(NAME) || !head.get(1).equals(FORMAT)) {
                throw new IOException("it is no list of files that this version understands");
            }
            SortedMap<DevicePath, Entry.File> files = new TreeMap<>();
            for (List<String> line : lines.subList(1, lines.size())) {
                files.put(new DevicePath(SealedText.decode(line.get(0))), (Entry.File)
                        Entry.parse(SealedText.decode(line.get(1))));
            }
            return new InstalledFiles(files);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ClassCastException e) {
            throw new IOException("it is no list of files: " + e.getMessage(), e);
        }
    }
}
