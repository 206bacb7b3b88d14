package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is written down of a slot before it is made. A folder without it is not ours.
 *
 * <pre>
 * OTASLOT 1 3                                its age: a later one has a higher number
 * flash/main.py file:fd61…:310:644           what the release before had here when this one was made of it
 * END …
 * </pre>
 */
record SlotNote(int number, SortedMap<DevicePath, Entry> before) {
    private static final String NAME = "OTASLOT";
    private static final String FORMAT = "1";

    SlotNote {
        before = Collections.unmodifiableSortedMap(new TreeMap<>(before));
    }

    SealedText toText() {
        SealedText text = new SealedText().line(NAME, FORMAT, number);
        before.forEach(text::line);
        return text;
    }

    static SlotNote parse(InputStream input) throws IOException {
        SealedLines lines = new SealedLines(input);
        try {
            List<String> head = lines.next();
            if (!head.get(0).equals(NAME) || !head.get(1).equals(FORMAT)) {
                throw new SpoiltException("it is no note about a slot that this version understands");
            }
            SortedMap<DevicePath, Entry> before = new TreeMap<>();
            for (List<String> line = lines.next(); !line.equals(SealedLines.END); line = lines.next()) {
                before.put(new DevicePath(SealedText.decode(line.get(0))), Entry.parse(SealedText.decode(line.get(1))));
            }
            return new SlotNote(Integer.parseInt(head.get(2)), before);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new SpoiltException("it is no note about a slot: " + e.getMessage(), e);
        }
    }
}
