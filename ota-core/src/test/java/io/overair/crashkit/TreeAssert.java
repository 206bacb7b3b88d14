package io.overair.crashkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Says what is different between a tree of files and the one that there should be. */
public final class TreeAssert {
    private final String what;
    private final SortedMap<String, String> found;

    private TreeAssert(String what, SortedMap<String, String> found) {
        this.what = what;
        this.found = found;
    }

    /** The tree below a folder of this machine, without {@code .ota}. */
    public static TreeAssert assertThatTree(Path folder) throws IOException {
        SortedMap<String, String> found = new TreeMap<>();
        collect(folder, "", found);
        return new TreeAssert(folder.toString(), found);
    }

    /** The tree below a folder of a simulated disk, without {@code .ota}. */
    public static TreeAssert assertThatTree(SimulatedDisk disk, Path folder) throws IOException {
        return new TreeAssert(folder.toString(), disk.tree(folder));
    }

    private static void collect(Path folder, String prefix, Map<String, String> found) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.toList();
        }
        for (Path entry : entries) {
            String name = prefix + entry.getFileName();
            if (Files.isSymbolicLink(entry)) {
                found.put(name, "-> " + Files.readSymbolicLink(entry));
            } else if (!Files.isDirectory(entry)) {
                found.put(name, Files.readString(entry));
            } else if (!entry.endsWith(".ota")) {
                found.put(name + "/", "");
                collect(entry, name + "/", found);
            }
        }
    }

    /**
     * Requires these files and no others: content by relative path, a link as <code>-&gt; target</code>, a folder with a slash
     * at its end. Folders above what is named need not be.
     *
     * @throws AssertionError that names what is missing, other than it should be, or too much
     */
    public void isExactly(Map<String, String> expected) {
        SortedMap<String, String> due = new TreeMap<>(expected);
        for (String path : expected.keySet()) {
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                due.putIfAbsent(path.substring(0, slash + 1), "");
            }
        }
        StringBuilder differences = new StringBuilder();
        due.forEach((path, content) -> {
            if (!found.containsKey(path)) {
                differences.append("\n  missing: ").append(path);
            } else if (!content.equals(found.get(path))) {
                differences.append("\n  " + path + ": expected \"" + content + "\", found \"" + found.get(path) + "\"");
            }
        });
        found.keySet().stream()
                .filter(path -> !due.containsKey(path))
                .forEach(path -> differences.append("\n  too much: ").append(path));
        if (differences.length() > 0) {
            throw new AssertionError(what + " is not as it should be:" + differences);
        }
    }
}
