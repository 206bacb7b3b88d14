package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an installation knows about itself between two updates. Each transition is a method here; none of them touches the
 * disk.
 *
 * <pre>
 * OTASTATE 1
 * phase trial                   or idle
 * version 1.0.1
 * previous 1.0.0
 * outcome updated 1.0.1 -       how the last change ended: of which release, and why
 * reporting due                 or done, once somebody was told
 * way-back 8c5b5b13             the transaction whose backups lead to the previous version
 * way-back-firmware intact      or lost, once the slot that held it is being overwritten
 * layout in-place               or slots:1, with the number of old slots to keep
 * trial 1.0.1 3 2 600000 0 1 -  release, starts in all and left, running time left in ms, healthy starts, those needed, rejection
 * blocked 0.9.9                 any number of these
 * END …
 * </pre>
 *
 * @param trial of {@code version}, while it goes on
 * @param blocked releases that are not to be tried again
 */
record State(
        Optional<LooseVersion> version,
        Optional<LooseVersion> previous,
        Report report,
        Reporting reporting,
        Optional<String> wayBack,
        PreviousFirmware previousFirmware,
        Layout layout,
        Optional<TrialStatus> trial,
        List<LooseVersion> blocked) {
    private static final String NAME = "OTASTATE";
    private static final String FORMAT = "1";
    private static final String BLOCKED = "blocked";
    private static final String OUTCOME = "outcome";
    private static final String TRIAL = "trial";

    /** An installation that was never updated. */
    static final State FIRST = new State(
            Optional.empty(),
            Optional.empty(),
            Report.NONE,
            Reporting.DONE,
            Optional.empty(),
            PreviousFirmware.INTACT,
            Layout.IN_PLACE,
            Optional.empty(),
            List.of());

    State {
        wayBack.ifPresent(Ids::check);
        blocked = List.copyOf(blocked);
    }

    enum PreviousFirmware {
        INTACT,
        LOST
    }

    /** Whether somebody was told of the last report. */
    enum Reporting {
        DUE,
        DONE
    }

    /** After an update, whose transaction {@code id} is now the way back. */
    State updated(Optional<LooseVersion> from, LooseVersion to, Layout layoutOfIt, String id, Optional<Trial> asked) {
        return new State(
                Optional.of(to),
                from,
                Report.of(Outcome.UPDATED, Optional.of(to)),
                Reporting.DUE,
                Optional.of(id),
                PreviousFirmware.INTACT,
                layoutOfIt,
                asked.map(how -> TrialStatus.begin(to, how)),
                asked.isPresent() ? blocked : blockedAbove(to));
    }

    /**
     * After a rollback to what was there in {@code before}: there is one step back, not two. A release that has not passed
     * its trial is blocked, and so are those again that this one had put out of date.
     */
    State rolledBack(Optional<LooseVersion> to, State before, Optional<String> reason, AfterRollback after) {
        List<LooseVersion> all = new ArrayList<>(blocked);
        if (trial.isEmpty()) {
            // Somebody has unblocked what is missing of the others.
            before.blocked.stream()
                    .filter(release -> !isBlocked(release))
                    .filter(release -> version.isPresent() && release.compareTo(version.get()) <= 0)
                    .forEach(all::add);
        }
        if (trial.isPresent() || after == AfterRollback.BLOCK) {
            version.filter(release -> !isBlocked(release)).ifPresent(all::add);
        }
        return new State(
                to,
                Optional.empty(),
                new Report(
                        Outcome.ROLLED_BACK,
                        version,
                        trial.flatMap(TrialStatus::rejection).or(() -> reason)),
                Reporting.DUE,
                Optional.empty(),
                PreviousFirmware.INTACT,
                before.layout,
                Optional.empty(),
                all);
    }

    /** After a change that could not be made whole and was undone. */
    State undone(Optional<LooseVersion> release) {
        return with(Report.of(Outcome.UNDONE, release), Reporting.DUE);
    }

    /** After the release on trial has passed it. */
    State confirmed() {
        return with(Report.of(Outcome.CONFIRMED, version), Reporting.DUE)
                .with(Optional.empty(), version.map(this::blockedAbove).orElse(blocked));
    }

    /** After the release on trial has not passed it, where there is no way back. */
    State kept(String reason) {
        return new State(
                version,
                previous,
                new Report(Outcome.KEPT, version, Optional.of(reason)),
                Reporting.DUE,
                Optional.empty(),
                previousFirmware,
                layout,
                Optional.empty(),
                blockedWith(version));
    }

    State with(TrialStatus other) {
        return with(Optional.of(other), blocked);
    }

    State unblocked(LooseVersion release) {
        return with(
                trial, blocked.stream().filter(other -> !isSame(other, release)).toList());
    }

    State reported() {
        return with(report, Reporting.DONE);
    }

    State withPreviousFirmware(PreviousFirmware other) {
        return new State(version, previous, report, reporting, wayBack, other, layout, trial, blocked);
    }

    private State with(Report otherReport, Reporting otherReporting) {
        return new State(
                version, previous, otherReport, otherReporting, wayBack, previousFirmware, layout, trial, blocked);
    }

    private State with(Optional<TrialStatus> otherTrial, List<LooseVersion> otherBlocked) {
        return new State(
                version, previous, report, reporting, wayBack, previousFirmware, layout, otherTrial, otherBlocked);
    }

    boolean isBlocked(LooseVersion release) {
        return blocked.stream().anyMatch(other -> isSame(other, release));
    }

    private List<LooseVersion> blockedWith(Optional<LooseVersion> release) {
        List<LooseVersion> more = new ArrayList<>(blocked);
        release.filter(other -> !isBlocked(other)).ifPresent(more::add);
        return more;
    }

    /** The lower ones are out of date: a higher one has come. */
    private List<LooseVersion> blockedAbove(LooseVersion release) {
        return blocked.stream().filter(other -> other.compareTo(release) > 0).toList();
    }

    /** Written in another way it is not another release. */
    private static boolean isSame(LooseVersion one, LooseVersion other) {
        return one.compareTo(other) == 0;
    }

    byte[] toBytes() throws IOException {
        SealedText text = new SealedText()
                .line(NAME, FORMAT)
                .line("phase", trial.isPresent() ? TRIAL : "idle")
                .line("version", version)
                .line("previous", previous)
                .line(OUTCOME, Words.of(report.outcome()), report.release(), report.reason())
                .line("reporting", Words.of(reporting))
                .line("way-back", wayBack)
                .line("way-back-firmware", Words.of(previousFirmware))
                .line("layout", layout);
        trial.ifPresent(status -> text.line(
                TRIAL,
                status.release(),
                status.starts(),
                status.startsLeft(),
                status.remaining().toMillis(),
                status.healthyStarts(),
                status.healthyStartsNeeded(),
                status.rejection()));
        blocked.forEach(release -> text.line(BLOCKED, release));
        return text.toBytes();
    }

    static State parse(byte[] bytes) throws IOException {
        List<List<String>> lines = SealedText.parse(bytes);
        try {
            List<String> head = lines.get(0);
            if (!head.get(0).equals(NAME) || !head.get(1).equals(FORMAT)) {
                throw new IOException("it is no state that this version understands");
            }
            Map<String, List<String>> values = new HashMap<>();
            List<LooseVersion> blocked = new ArrayList<>();
            for (List<String> line : lines.subList(1, lines.size())) {
                if (line.get(0).equals(BLOCKED)) {
                    blocked.add(LooseVersion.parse(SealedText.decode(line.get(1))));
                } else {
                    values.put(line.get(0), line.subList(1, line.size()));
                }
            }
            return new State(
                    version(values, "version"),
                    version(values, "previous"),
                    report(values.getOrDefault(OUTCOME, List.of())),
                    Words.parse(Reporting.class, word(values, "reporting")),
                    value(values, "way-back"),
                    Words.parse(PreviousFirmware.class, word(values, "way-back-firmware")),
                    value(values, "layout").map(Layout::parse).orElse(Layout.IN_PLACE),
                    Optional.ofNullable(values.get(TRIAL)).map(State::trial),
                    blocked);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("it is no state: " + e.getMessage(), e);
        }
    }

    private static Report report(List<String> fields) {
        return new Report(
                Words.parse(Outcome.class, fields.get(0)),
                SealedText.optional(fields.get(1)).map(LooseVersion::parse),
                SealedText.optional(fields.get(2)));
    }

    private static TrialStatus trial(List<String> fields) {
        return new TrialStatus(
                LooseVersion.parse(SealedText.decode(fields.get(0))),
                Integer.parseInt(fields.get(1)),
                Integer.parseInt(fields.get(2)),
                Duration.ofMillis(Long.parseLong(fields.get(3))),
                Integer.parseInt(fields.get(4)),
                Integer.parseInt(fields.get(5)),
                SealedText.optional(fields.get(6)));
    }

    private static Optional<LooseVersion> version(Map<String, List<String>> values, String name) {
        return value(values, name).map(LooseVersion::parse);
    }

    private static Optional<String> value(Map<String, List<String>> values, String name) {
        List<String> fields = values.get(name);
        return fields == null ? Optional.empty() : SealedText.optional(fields.get(0));
    }

    private static String word(Map<String, List<String>> values, String name) {
        return value(values, name).orElseThrow(() -> new IllegalArgumentException("it does not say " + name));
    }
}
