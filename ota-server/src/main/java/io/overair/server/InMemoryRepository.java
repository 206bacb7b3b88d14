package io.overair.server;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.tree.FileEntry;
import io.overair.tree.FileTree;
import io.overair.tree.ReleaseLayout;
import io.overair.version.LooseVersion;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Releases held in memory. */
final class InMemoryRepository implements ReleaseRepository {
    private final Map<String, Stored> files = new HashMap<>();
    private final List<Release> releases;
    private final List<FirmwareFile> firmware;

    InMemoryRepository(Map<String, byte[]> contents) {
        Map<String, Map<DevicePath, FileEntry>> trees = new HashMap<>();
        Map<String, FileEntry> images = new HashMap<>();
        contents.forEach((path, content) -> {
            Stored stored = Stored.copyOf(content);
            files.put(path, stored);
            int slash = path.indexOf('/');
            if (slash < 0) {
                images.put(path, stored.entry());
            } else {
                trees.computeIfAbsent(path.substring(0, slash), release -> new HashMap<>())
                        .put(new DevicePath(path.substring(slash + 1)), stored.entry());
            }
        });
        releases = ReleaseLayout.sorted(
                trees.entrySet().stream()
                        .map(tree ->
                                new InMemoryRelease(LooseVersion.parse(tree.getKey()), FileTree.of(tree.getValue()))),
                Release::version,
                release -> release.version().toString());
        firmware = ReleaseLayout.sorted(
                images.entrySet().stream().flatMap(image -> InMemoryFirmware.of(image.getKey(), image.getValue())),
                FirmwareFile::version,
                FirmwareFile::name);
    }

    @Override
    public List<Release> releases() {
        return releases;
    }

    @Override
    public List<FirmwareFile> firmware() {
        return firmware;
    }

    @Override
    public Optional<Content> open(String path) {
        return Optional.ofNullable(files.get(path)).map(StoredContent::new);
    }

    private record Stored(ByteBuffer bytes, FileEntry entry) {
        static Stored copyOf(byte[] content) {
            byte[] bytes = content.clone();
            List<Digest> digests = Stream.of(Digest.Algorithm.values())
                    .map(algorithm -> Digest.ofContent(algorithm, bytes))
                    .toList();
            return new Stored(ByteBuffer.wrap(bytes), new FileEntry(bytes.length, digests));
        }
    }

    private record InMemoryRelease(LooseVersion version, FileTree tree) implements Release {}

    private record InMemoryFirmware(LooseVersion version, String name, FileEntry entry) implements FirmwareFile {
        static Stream<FirmwareFile> of(String name, FileEntry entry) {
            return ReleaseLayout.firmwareVersion(name).stream()
                    .map(version -> new InMemoryFirmware(version, name, entry));
        }
    }

    private record StoredContent(Stored stored, SeekableByteChannel channel) implements Content {
        StoredContent(Stored stored) {
            this(stored, ReadOnlyChannel.of(stored.bytes()));
        }

        @Override
        public long size() {
            return stored.entry().size();
        }

        @Override
        public Optional<String> entityTag() {
            return stored.entry().digest(Digest.Algorithm.SHA256).map(Digest::hex);
        }

        @Override
        public void close() {
            // Memory needs no closing.
        }
    }
}
