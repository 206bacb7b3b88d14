package io.overair.tree;

import static io.overair.tree.TestFiles.link;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trees and manifests recorded from the Pycom server: the differences between two scans say the same as it does. */
class RecordedTreesTest {
    @ParameterizedTest
    @CsvSource({"05-ignored, 1", "05-ignored, 0", "14-empty, 1", "17-links, 1", "18-broken-link, 1"})
    void differencesAreThoseOfTheManifest(String name, String deviceVersion, @TempDir Path root) throws IOException {
        Map<?, ?> vector = (Map<?, ?>) read("/vectors/manifests/" + name + ".json");
        plant((Map<?, ?>) vector.get("tree"), root);
        Map<?, ?> manifest = manifestFor(deviceVersion, (List<?>) vector.get("requests"));

        TreeDiff diff = treeOf(root, deviceVersion).diffTo(treeOf(root, "2"));

        assertThat(sha1Of(diff.added())).isEqualTo(targets(manifest, "new"));
        assertThat(sha1Of(diff.changed())).isEqualTo(targets(manifest, "update"));
        assertThat(diff.removed().keySet()).map(path -> (Object) path.value()).isEqualTo(manifest.get("delete"));
    }

    private static FileTree treeOf(Path root, String version) throws IOException {
        return version.equals("0")
                ? FileTree.of(Map.of())
                : FileTree.scan(
                        root.resolve(version),
                        ScanOptions.defaults().digests(Digest.Algorithm.SHA1).linkBoundary(root));
    }

    private static void plant(Map<?, ?> tree, Path root) throws IOException {
        for (Map.Entry<?, ?> entry : tree.entrySet()) {
            Path path = root.resolve((String) entry.getKey());
            if (entry.getValue() instanceof String content) {
                TestFiles.write(root, (String) entry.getKey(), content);
            } else if (((Map<?, ?>) entry.getValue()).get("symlink") instanceof String target) {
                link(path, Path.of(target));
            } else {
                Files.createDirectories(path);
            }
        }
    }

    /** What the real server answered, or where that was a mistake of its, what it should have. */
    private static Map<?, ?> manifestFor(String version, List<?> requests) {
        for (Object each : requests) {
            Map<?, ?> request = (Map<?, ?>) each;
            if (request.get("target").equals("/manifest.json?current_ver=" + version)) {
                Object answer = request.containsKey("desired") ? request.get("desired") : request.get("upstream");
                return (Map<?, ?>) ((Map<?, ?>) answer).get("manifest");
            }
        }
        throw new AssertionError("no manifest for " + version);
    }

    private static SortedMap<String, String> targets(Map<?, ?> manifest, String list) {
        SortedMap<String, String> targets = new TreeMap<>();
        for (Object each : (List<?>) manifest.get(list)) {
            Map<?, ?> target = (Map<?, ?>) each;
            targets.put((String) target.get("dst_path"), (String) target.get("hash"));
        }
        return targets;
    }

    private static SortedMap<String, String> sha1Of(SortedMap<DevicePath, FileEntry> files) {
        SortedMap<String, String> digests = new TreeMap<>();
        files.forEach(
                (path, file) -> digests.put("/" + path, file.digests().get(0).hex()));
        return digests;
    }

    private static Object read(String resource) throws IOException {
        try (InputStream content = RecordedTreesTest.class.getResourceAsStream(resource);
                JsonParser parser = new JsonFactory().createParser(content)) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> object = new TreeMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                object.put(name, value(parser));
            }
            return object;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(parser));
            }
            return array;
        }
        return parser.getText();
    }
}
