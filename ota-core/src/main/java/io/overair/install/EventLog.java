package io.overair.install;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happened to an installation, one event a line: {@code <seq> <epoch-ms> <event> key=value…}, percent-encoded. Bounded:
 * when it has grown large, it becomes {@code log.1} in place of the older one. Nothing depends on it: what goes wrong
 * here is left alone, and a line that a cut tore is not read.
 */
final class EventLog {
    private static final int LARGEST_BYTES = 256 << 10;

    /** Each is written between two line ends; one that a cut tore lacks the second. */
    private static final Pattern WHOLE_LINE = Pattern.compile("(?m)^(\\d+ \\d+ .*)\n(?:\n|\\z)");

    private static final Pattern RECOVERY = Pattern.compile("^\\d+ \\d+ recovered .*result=([a-z-]+)");
    private static final Pattern NOT_TAKEN_BACK = Pattern.compile("(?:roll-back-failed|no-way-back) cause=(\\S*)");

    private final Disk disk;
    private final Path file;
    private final Path older;
    private final Clock clock;
    private long sequence = -1;

    EventLog(StateFolder folder, Clock clock) {
        this.disk = folder.disk();
        this.file = folder.log();
        this.older = file.resolveSibling("log.1");
        this.clock = clock;
    }

    /** Adds an event and forces it to the disk. {@code details} are names and values by turns. */
    void add(String event, Object... details) {
        try {
            if (sequence < 0) {
                sequence = lastSequence();
            }
            FileStatus status = disk.port().status(file);
            if (status.size() > LARGEST_BYTES) {
                disk.port().move(file, older);
                status = FileStatus.ABSENT;
            }
            try (FilePort.Output output =
                    status.isAbsent() ? disk.port().create(file) : disk.port().append(file)) {
                // Begins with a line end as well, lest a line that was torn takes this one with it.
                byte[] line = ("\n" + line(event, details) + "\n").getBytes(US_ASCII);
                output.write(line, 0, line.length);
                output.force();
            }
        } catch (IOException ignored) {
            // A full disk must not keep an update from being undone.
        }
    }

    /** The events, the oldest first. */
    List<String> read() throws IOException {
        List<String> events = new ArrayList<>(lines(older));
        events.addAll(lines(file));
        return events;
    }

    /** What recovery did when it last had something to do. */
    Optional<Recovery> lastRecovery() throws IOException {
        return read().stream()
                .flatMap(event -> RECOVERY.matcher(event).results())
                .reduce((first, second) -> second)
                .map(result -> Words.parse(Recovery.class, result.group(1)));
    }

    /** Why the release that was rejected last could not be taken back; empty if nobody has tried. */
    Optional<String> whyNotTakenBack() throws IOException {
        Optional<String> cause = Optional.empty();
        for (String event : read()) {
            Matcher failure = NOT_TAKEN_BACK.matcher(event);
            if (failure.find()) {
                cause = Optional.of(SealedText.decode(failure.group(1)));
            } else if (event.contains(" rejected release=")) {
                cause = Optional.empty();
            }
        }
        return cause;
    }

    private List<String> lines(Path part) throws IOException {
        String text = new String(disk.read(part).orElse(new byte[0]), US_ASCII);
        return WHOLE_LINE.matcher(text).results().map(line -> line.group(1)).toList();
    }

    private long lastSequence() throws IOException {
        List<String> events = read();
        if (events.isEmpty()) {
            return 0;
        }
        String last = events.get(events.size() - 1);
        int blank = last.indexOf(' ');
        try {
            return Long.parseLong(last.substring(0, Math.max(blank, 0)));
        } catch (NumberFormatException spoilt) {
            return events.size();
        }
    }

    private String line(String event, Object... details) {
        StringBuilder line = new StringBuilder()
                .append(++sequence)
                .append(' ')
                .append(clock.millis())
                .append(' ')
                .append(event);
        for (int i = 0; i < details.length; i += 2) {
            line.append(' ')
                    .append(details[i])
                    .append('=')
                    .append(SealedText.encode(Excerpt.of(String.valueOf(details[i + 1]))));
        }
        return line.toString();
    }
}
