package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.version.LooseVersion;
import java.util.Optional;

/** What there is to say about a release that is offered, but failed on this device before. */
record PassedOver(Optional<LooseVersion> current, LooseVersion release) {
    String toText() {
        return "blocked      %s failed here before%s; `ota unblock %s` lets it come again"
                .formatted(
                        release,
                        current.map(version -> ", " + version + " stays").orElse(""),
                        release);
    }

    void putInto(ObjectNode line) {
        current.ifPresent(version -> line.put("version", version.toString()));
        line.put("blocked", release.toString());
    }
}
