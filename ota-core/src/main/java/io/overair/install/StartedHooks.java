package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which hooks were started in an update, in that order.
 *
 * <pre>
 * OTAHOOKS 1 1.0.0 1.0.1        the versions before and after the update; - where not known
 * hook stop-the-meter           begun, perhaps ended
 * END …
 * </pre>
 */
record StartedHooks(Optional<LooseVersion> from, Optional<LooseVersion> to, List<String> names) {
    private static final String NAME = "OTAHOOKS";
    private static final String FORMAT = "1";
    private static final String HOOK = "hook";

    StartedHooks {
        names = List.copyOf(names);
    }

    static StartedHooks none(Optional<LooseVersion> from, Optional<LooseVersion> to) {
        return new StartedHooks(from, to, List.of());
    }

    StartedHooks and(String name) {
        List<String> more = new ArrayList<>(names);
        more.add(name);
        return new StartedHooks(from, to, more);
    }

    StartedHooks without(Set<String> others) {
        return new StartedHooks(
                from, to, names.stream().filter(name -> !others.contains(name)).toList());
    }

    byte[] toBytes() throws IOException {
        SealedText text = new SealedText().line(NAME, FORMAT, from, to);
        names.forEach(name -> text.line(HOOK, name));
        return text.toBytes();
    }

    static StartedHooks parse(byte[] bytes) throws IOException {
        List<List<String>> lines = SealedText.parse(bytes);
        try {
            List<String> head = lines.get(0);
            if (!head.get(0).equals(NAME) || !head.get(1).equals(FORMAT)) {
                throw new IOException("it is no list of hooks that this version understands");
            }
            List<String> names = new ArrayList<>();
            for (List<String> line : lines.subList(1, lines.size())) {
                names.add(SealedText.decode(line.get(1)));
            }
            return new StartedHooks(version(head.get(2)), version(head.get(3)), names);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("it is no list of hooks: " + e.getMessage(), e);
        }
    }

    private static Optional<LooseVersion> version(String field) {
        return SealedText.optional(field).map(LooseVersion::parse);
    }
}
