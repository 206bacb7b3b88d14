package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What there is to say about an update that a server offers. */
record Offer(Optional<LooseVersion> current, Manifest manifest) {
    /** {@code 1.0.0 -> 1.0.1   2 new, 3 changed, 1 removed, firmware}. */
    String toText() {
        List<String> parts = new ArrayList<>();
        addCount(parts, manifest.added(), "new");
        addCount(parts, manifest.changed(), "changed");
        addCount(parts, manifest.removed(), "removed");
        manifest.firmware().ifPresent(image -> parts.add("firmware"));
        return "%s -> %s   %s"
                .formatted(
                        current.map(LooseVersion::toString).orElse("unknown version"),
                        manifest.version(),
                        parts.isEmpty() ? "no file differs" : String.join(", ", parts));
    }

    void putInto(ObjectNode line) {
        current.ifPresent(version -> line.put("from", version.toString()));
        line.put("to", manifest.version().toString())
                .put("added", manifest.added().size())
                .put("changed", manifest.changed().size())
                .put("removed", manifest.removed().size())
                .put("firmware", manifest.firmware().isPresent());
    }

    private static void addCount(List<String> parts, List<?> files, String what) {
        if (!files.isEmpty()) {
            parts.add(files.size() + " " + what);
        }
    }
}
