package io.overair.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.ManifestJson;
import io.overair.manifest.PercentCoding;
import io.overair.tree.FileEntry;
import io.overair.tree.FileTree;
import io.overair.tree.ReleaseLayout;
import io.overair.version.LooseVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The root of an update server, held in memory, and what such a server answers. */
public final class ServerRoot {
    private static final String QUESTION = "manifest.json?current_ver=";

    private final Map<String, byte[]> files = new TreeMap<>();

    public ServerRoot() {}

    public ServerRoot(Map<String, byte[]> files) {
        this.files.putAll(files);
    }

    public ServerRoot with(String path, String content) {
        return with(path, content.getBytes(UTF_8));
    }

    public ServerRoot with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    public byte[] file(String path) {
        return files.get(path);
    }

    /** What is served under {@code path}, which stands behind the first slash of a request; empty if there is nothing. */
    public Optional<byte[]> answer(String path) {
        if (path.startsWith(QUESTION)) {
            return Optional.of(manifest(PercentCoding.decode(path.substring(QUESTION.length()))));
        }
        return Optional.ofNullable(files.get(PercentCoding.decode(path)));
    }

    /** The same as a transport: a lambda will do. */
    public Transport transport() {
        return (reference, offset) -> {
            String path = Transport.pathOf(reference);
            byte[] content = answer(path).orElseThrow(() -> new NoSuchResourceException(path, "not there"));
            long start = offset <= content.length ? offset : 0;
            return new Download(
                    new ByteArrayInputStream(content, (int) start, content.length - (int) start),
                    start,
                    OptionalLong.of(content.length));
        };
    }

    public void layOut(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    private byte[] manifest(String current) {
        List<LooseVersion> releases = ReleaseLayout.sorted(
                files.keySet().stream()
                        .filter(path -> path.contains("/"))
                        .map(path -> path.substring(0, path.indexOf('/')))
                        .distinct()
                        .map(LooseVersion::parse),
                version -> version,
                LooseVersion::toString);
        LooseVersion latest = releases.get(releases.size() - 1);
        if (latest.toString().equals(current)) {
            return ManifestJson.upToDate();
        }
        Optional<LooseVersion> previous = releases.stream()
                .filter(release -> release.toString().equals(current))
                .findFirst();
        FileTree before = previous.map(this::tree).orElse(FileTree.of(Map.of()));
        Optional<FirmwareImage> image = files.keySet().stream()
                .filter(path -> ReleaseLayout.firmwareVersion(path).isPresent())
                .findFirst()
                .map(name -> ReleaseLayout.firmwareImage(name, entry(files.get(name))));
        return ManifestJson.write(
                ReleaseLayout.manifest(previous, before, latest, tree(latest), image), "http://ota.test:8000");
    }

    private FileTree tree(LooseVersion release) {
        Map<DevicePath, FileEntry> entries = new HashMap<>();
        files.forEach((path, content) -> {
            if (path.startsWith(release + "/")) {
                entries.put(new DevicePath(path.substring(release.toString().length() + 1)), entry(content));
            }
        });
        return FileTree.of(entries);
    }

    private static FileEntry entry(byte[] content) {
        return new FileEntry(content.length, List.of(Digest.ofContent(Digest.Algorithm.SHA1, content)));
    }
}
