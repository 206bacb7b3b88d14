package io.overair.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A tree of files as it is at one moment: by path relative to its root, what is there, with all that a release decides.
 *
 * <p>What belongs to the updater, {@code .ota} at any depth, is left out.
 */
record TreeImage(SortedMap<String, Entry> entries) {
    static final String STATE_FOLDER = ".ota";

    /** One file, folder or link; {@code content} and {@code target} are empty where there is no such thing. */
    record Entry(FileStatus.Kind kind, Attributes attributes, Bytes content, String target) {
        @Override
        public String toString() {
            String what = switch (kind) {
                case FILE -> content.toString();
                case LINK -> "-> " + target;
                default -> kind.name().toLowerCase(Locale.ROOT);
            };
            return "%s %s %s".formatted(mode(), attributes.owner(), what);
        }

        private String mode() {
            return attributes.mode() == Attributes.NO_MODE ? "-" : "%04o".formatted(attributes.mode());
        }
    }

    /** What {@code port} has below {@code root}; empty if there is no such folder. */
    static TreeImage of(FilePort port, Path root) throws IOException {
        SortedMap<String, Entry> entries = new TreeMap<>();
        if (port.status(root).isFolder()) {
            collect(port, root, "", entries);
        }
        return new TreeImage(entries);
    }

    private static void collect(FilePort port, Path folder, String prefix, Map<String, Entry> entries)
            throws IOException {
        for (String name : port.list(folder)) {
            if (name.equals(STATE_FOLDER)) {
                continue;
            }
            Path path = folder.resolve(name);
            FileStatus status = port.status(path);
            entries.put(
                    prefix + name,
                    new Entry(status.kind(), status.attributes(), content(port, path, status), status.target()));
            if (status.isFolder()) {
                collect(port, path, prefix + name + "/", entries);
            }
        }
    }

    private static Bytes content(FilePort port, Path path, FileStatus status) throws IOException {
        if (!status.isFile()) {
            return Bytes.NONE;
        }
        try (InputStream in = port.read(path)) {
            return Bytes.of(in);
        }
    }

    @Override
    public String toString() {
        return entries.entrySet().stream()
                .map(entry -> "  " + entry.getKey() + "  " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
