package io.overair.tree;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Trees on disk, as the tests of this package need them. */
final class TestFiles {
    /** A clock by which every file made by a test is old enough to be trusted. */
    static final InstantSource LONG_AFTER = InstantSource.fixed(Instant.now().plus(Duration.ofDays(1)));

    /** Scans that trust what tests have just written. */
    static final ScanOptions OPTIONS = ScanOptions.defaults().clock(LONG_AFTER);

    private TestFiles() {}

    static Path write(Path root, String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /** What a tree of these paths and contents must look like. */
    static Map<DevicePath, FileEntry> files(String... pathsAndContents) {
        Map<DevicePath, FileEntry> files = new TreeMap<>();
        for (int i = 0; i < pathsAndContents.length; i += 2) {
            files.put(new DevicePath(pathsAndContents[i]), entry(pathsAndContents[i + 1]));
        }
        return files;
    }

    static FileEntry entry(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new FileEntry(bytes.length, List.of(Digest.ofContent(Digest.Algorithm.SHA256, bytes)));
    }

    static List<String> paths(FileTree tree) {
        return tree.files().keySet().stream().map(DevicePath::value).toList();
    }

    static Map<String, Omission.Reason> omissions(FileTree tree) {
        return tree.omissions().stream().collect(Collectors.toMap(Omission::path, Omission::reason));
    }

    static void link(Path link, Path target) throws IOException {
        Files.createDirectories(link.getParent());
        try {
            Files.createSymbolicLink(link, target);
        } catch (UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here");
        }
    }

    /** Counts how often each file is read. */
    static final class Reads implements ScanListener {
        private final Map<String, Integer> counts = new ConcurrentHashMap<>();

        @Override
        public void hashed(DevicePath path, long bytes) {
            counts.merge(path.value(), 1, Integer::sum);
        }

        Map<String, Integer> counts() {
            return counts;
        }
    }
}
