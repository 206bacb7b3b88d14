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
 * END …
 * </pre>
 */
record State(
        Optional<LooseVersion> version,
        Optional<LooseVersion> previous,
        Outcome outcome,
        Optional<String> wayBack,
        PreviousFirmware previousFirmware) {
    private static final String NAME = "OTASTATE";
    private static final String FORMAT = "1";

    /** An installation that was never updated. */
    static final State FIRST =
            new State(Optional.empty(), Optional.empty(), Outcome.NONE, Optional.empty(), PreviousFirmware.INTACT);

    State {
        wayBack.ifPresent(Ids::check);
    }

    enum PreviousFirmware {
        INTACT,
        LOST
    }

    /** After an update, whose transaction is now the way back. */
    static State updated(Optional<LooseVersion> from, LooseVersion to, String id) {
        return new State(Optional.of(to), from, Outcome.UPDATED, Optional.of(id), PreviousFirmware.INTACT);
    }

    /** After a rollback: there is one step back, not two. */
    State rolledBackTo(Optional<LooseVersion> before) {
        return new State(before, Optional.empty(), Outcome.ROLLED_BACK, Optional.empty(), PreviousFirmware.INTACT);
    }

    State withOutcome(Outcome other) {
        return new State(version, previous, other, wayBack, previousFirmware);
    }

    State withPreviousFirmware(PreviousFirmware other) {
        return new State(version, previous, outcome, wayBack, other);
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
                            value(values, "way-back-firmware").orElse("")));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("it is no state: " + e.getMessage(), e);
        }
    }

    private static Optional<String> value(Map<String, Optional<String>> values, String name) {
        return values.getOrDefault(name, Optional.empty());
    }
}
