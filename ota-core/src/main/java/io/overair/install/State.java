package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an installation knows about itself between two updates.
 *
 * <pre>
 * OTASTATE 1
 * phase idle
 * version 1.0.1
 * previous 1.0.0
 * outcome updated
 * way-back 8c5b5b13             the transaction whose backups lead to the previous version
 * way-back-firmware intact      or lost, once the slot that held it is being overwritten
 * layout in-place               or slots:1, with the number of old slots to keep
 * END …
 * </pre>
 */
record State(
        Optional<LooseVersion> version,
        Optional<LooseVersion> previous,
        Outcome outcome,
        Optional<String> wayBack,
        PreviousFirmware previousFirmware,
        Layout layout) {
    private static final String NAME = "OTASTATE";
    private static final String FORMAT = "1";

    /** An installation that was never updated. */
    static final State FIRST = new State(
            Optional.empty(),
            Optional.empty(),
            Outcome.NONE,
            Optional.empty(),
            PreviousFirmware.INTACT,
            Layout.IN_PLACE);

    State {
        wayBack.ifPresent(Ids::check);
    }

    enum PreviousFirmware {
        INTACT,
        LOST
    }

    /** After an update, whose transaction is now the way back. */
    static State updated(Optional<LooseVersion> from, LooseVersion to, String id, Layout layout) {
        return new State(Optional.of(to), from, Outcome.UPDATED, Optional.of(id), PreviousFirmware.INTACT, layout);
    }

    /** After a rollback: there is one step back, not two. */
    State rolledBackTo(Optional<LooseVersion> before, Layout layoutBefore) {
        return new State(
                before, Optional.empty(), Outcome.ROLLED_BACK, Optional.empty(), PreviousFirmware.INTACT, layoutBefore);
    }

    State withOutcome(Outcome other) {
        return new State(version, previous, other, wayBack, previousFirmware, layout);
    }

    State withPreviousFirmware(PreviousFirmware other) {
        return new State(version, previous, outcome, wayBack, other, layout);
    }

    byte[] toBytes() {
        return new SealedText()
                .line(NAME, FORMAT)
                .line("phase", "idle")
                .line("version", version)
                .line("previous", previous)
                .line("outcome", Words.of(outcome))
                .line("way-back", wayBack)
                .line("way-back-firmware", Words.of(previousFirmware))
                .line("layout", layout)
                .toBytes();
    }

    static State parse(byte[] bytes) throws IOException {
        List<List<String>> lines = SealedText.parse(bytes);
        try {
            List<String> head = lines.get(0);
            if (!head.get(0).equals(NAME) || !head.get(1).equals(FORMAT)) {
                throw new IOException("it is no state that this version understands");
            }
            Map<String, Optional<String>> values = new HashMap<>();
            for (List<String> line : lines.subList(1, lines.size())) {
                values.put(line.get(0), SealedText.optional(line.get(1)));
            }
            return new State(
                    value(values, "version").map(LooseVersion::parse),
                    value(values, "previous").map(LooseVersion::parse),
                    Words.parse(Outcome.class, value(values, "outcome").orElse("")),
                    value(values, "way-back"),
                    Words.parse(
                            PreviousFirmware.class,
                            value(values, "way-back-firmware").orElse("")),
                    value(values, "layout").map(Layout::parse).orElse(Layout.IN_PLACE));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("it is no state: " + e.getMessage(), e);
        }
    }

    private static Optional<String> value(Map<String, Optional<String>> values, String name) {
        return values.getOrDefault(name, Optional.empty());
    }
}
