package io.overair.install;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who holds a lock, as written down beside it: the lock itself must not be opened to learn that.
 *
 * <pre>
 * OTAHOLDER 1
 * holder 4711 1764000000000 ota%20update     process, when it was started (ms since 1970, - if not known), program
 * END 5f2c…                                  see {@link SealedText}
 * </pre>
 */
record LockHolder(long pid, Optional<Long> startedAt, String program) {
    private static final int LONGEST_PROGRAM = 100;

    /** This process. */
    static LockHolder self() {
        ProcessHandle process = ProcessHandle.current();
        return new LockHolder(process.pid(), startOf(process), programOf(process));
    }

    byte[] toBytes() throws IOException {
        return new SealedText()
                .line("OTAHOLDER", 1)
                .line("holder", pid, startedAt, program)
                .toBytes();
    }

    /** Empty if that is not what {@link #toBytes} writes: whoever it was is not known then, which does no harm. */
    static Optional<LockHolder> parse(byte[] bytes) {
        try {
            List<String> fields = SealedText.parse(bytes).get(1);
            return Optional.of(new LockHolder(
                    Long.parseLong(fields.get(1)),
                    SealedText.optional(fields.get(2)).map(Long::valueOf),
                    oneLine(SealedText.decode(fields.get(3)))));
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether that very process runs: one that was killed leaves its name behind, and its number may be another's by now. A
     * process of another container or machine cannot be seen from here.
     */
    boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> startedAt.isEmpty() || startOf(process).equals(startedAt))
                .isPresent();
    }

    @Override
    public String toString() {
        return "process " + pid + " (" + program + ")";
    }

    private static Optional<Long> startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli);
    }

    /** As the host calls it, or else its main class or jar; never its arguments, which may hold secrets. */
    private static String programOf(ProcessHandle process) {
        String given = System.getProperty(Installation.PROGRAM_PROPERTY, "");
        String command = System.getProperty("sun.java.command", "").strip();
        if (!given.isBlank()) {
            return oneLine(given);
        }
        if (!command.isEmpty()) {
            return oneLine(lastNameOf(command.split(" ", 2)[0]));
        }
        return oneLine(process.info().command().map(LockHolder::lastNameOf).orElse("java"));
    }

    private static String lastNameOf(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.substring(0, Math.min(line.length(), LONGEST_PROGRAM));
    }
}
