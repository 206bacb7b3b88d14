package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.version.LooseVersion;
import java.util.Optional;

/** What there is to say about a device that has what the server would give it. */
record UpToDate(Optional<LooseVersion> version) {
    String toText() {
        return "up to date   "
                + version.map(LooseVersion::toString).orElse("the server has nothing for an unknown version");
    }

    void putInto(ObjectNode line) {
        version.ifPresent(it -> line.put("version", it.toString()));
    }
}
