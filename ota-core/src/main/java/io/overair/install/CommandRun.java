package io.overair.install;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One run of a command, as it can be found again by a program that did not start it: the one that did may have been killed
 * meanwhile, and the command goes on.
 *
 * <p>The file that tells of it is written before the command is started and once more when its process is known. Forced it is
 * not: after a power cut nothing runs any more.
 *
 * <pre>{@code
 * OTACOMMAND 1 <boot> <id> <pid> <started>     which start of the system, which run, process, epoch ms; or unknown
 * END <sha256>
 * }</pre>
 *
 * <p>On Linux a process belongs to the run if {@link #VARIABLE} says so in its environment, which it has from its first
 * moment and hands on to what it starts. Anywhere else, for processes into which this program may not look, and for a
 * command that begins by clearing its environment, it is the one of that number and time, with what it started.
 */
record CommandRun(String boot, String id, String pid, String started) {
    /** Holds the id of the run. */
    static final String VARIABLE = "OVERAIR_COMMAND";

    private static final String HEADER = "OTACOMMAND";
    private static final String FORMAT = "1";
    private static final String UNKNOWN = "unknown";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** More than Linux allows a program for its arguments and its environment by default. */
    private static final int LARGEST_ENVIRONMENT = 4 << 20;

    /** How long a process may take to end when it is asked to, and then when it is made to. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** One that is about to be started. */
    static CommandRun about() throws IOException {
        return new CommandRun(currentBoot(), UUID.randomUUID().toString(), UNKNOWN, UNKNOWN);
    }

    private static String currentBoot() throws IOException {
        return Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : UNKNOWN;
    }

    /** The same, now that its process is known. */
    CommandRun as(ProcessHandle process) {
        return new CommandRun(boot, id, Long.toString(process.pid()), started(process));
    }

    private static String started(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .map(String::valueOf)
                .orElse(UNKNOWN);
    }

    /** What {@code file} tells of; empty if nothing was running, or the system has been started anew since. */
    static Optional<CommandRun> read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        List<String> words;
        try {
            words = SealedText.parse(bytes).get(0);
        } catch (IOException cutByAPowerCut) {
            return Optional.empty();
        }
        if (words.size() != 6 || !words.get(0).equals(HEADER) || !words.get(1).equals(FORMAT)) {
            throw new UntrustedStateException(file, "it tells of no command");
        }
        CommandRun run = new CommandRun(words.get(2), words.get(3), words.get(4), words.get(5));
        return run.boot.equals(currentBoot()) ? Optional.of(run) : Optional.empty();
    }

    void write(Path file) throws IOException {
        Path temporary = Disk.temporary(file);
        Files.write(
                temporary,
                new SealedText().line(HEADER, FORMAT, boot, id, pid, started).toBytes());
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static void forget(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * Waits until no process of this run is left. Ends them if that takes longer than {@code limit}.
     *
     * @throws IOException if they cannot be ended
     */
    void awaitEnd(Duration limit) throws IOException {
        if (!hasEndedWithin(limit)) {
            end();
        }
    }

    /**
     * Ends all processes of this run.
     *
     * @throws IOException if that cannot be done
     */
    void end() throws IOException {
        processes().forEach(ProcessHandle::destroy);
        if (!hasEndedWithin(PATIENCE)) {
            processes().forEach(ProcessHandle::destroyForcibly);
            if (!hasEndedWithin(PATIENCE)) {
                throw new IOException("a firmware command cannot be ended: " + processes());
            }
        }
    }

    private boolean hasEndedWithin(Duration limit) {
        long begin = System.nanoTime();
        while (!processes().isEmpty()) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                return false;
            }
            Uninterrupted.sleep(PAUSE);
        }
        return true;
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(this::isOfThisRun)
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .filter(process -> !process.equals(ProcessHandle.current()))
                .filter(process -> process.isAlive() && !isZombie(process))
                .distinct()
                .toList();
    }

    private boolean isOfThisRun(ProcessHandle process) {
        return told(process, "environ").contains(VARIABLE + "=" + id)
                || (pid.equals(Long.toString(process.pid())) && started.equals(started(process)));
    }

    /** Whether it has ended, and its parent has not asked for its status yet. */
    private static boolean isZombie(ProcessHandle process) {
        // The state stands behind the name, which may hold anything.
        String stat = told(process, "stat");
        return stat.startsWith(") Z ", stat.lastIndexOf(')'));
    }

    /** What Linux tells of {@code process}; empty where there is no such thing, or it is none of our business. */
    private static String told(ProcessHandle process, String file) {
        try (InputStream input = Files.newInputStream(Path.of("/proc", Long.toString(process.pid()), file))) {
            return new String(input.readNBytes(LARGEST_ENVIRONMENT), ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
