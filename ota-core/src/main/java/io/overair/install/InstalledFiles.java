package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.io.InputStream;
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

    SealedText toText() {
        SealedText text = new SealedText().line(NAME, FORMAT);
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
            for (List<String> line = lines.next(); !line.equals(SealedLines.END); line = lines.next()) {
                files.put(new DevicePath(SealedText.decode(line.get(0))), (Entry.File)
                        Entry.parse(SealedText.decode(line.get(1))));
            }
            return new InstalledFiles(files);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ClassCastException e) {
            throw new SpoiltException("it is no list of files: " + e.getMessage(), e);
        }
    }
}
