package io.overair.install;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One run of a command, as it can be found again by a program that did not start it: the one that did may have been killed
 * meanwhile, and the command goes on.
 *
 * <p>The folder of the run has up to three files. {@code output} is where the command prints, with {@code errors} beside it
 * for one whose answer counts; {@code run} is there before the command is started, and tells more when its process is known:
 *
 * <pre>{@code
 * OTACOMMAND 1 <boot> <id> <pid> <started>     which start of the system, which run, process, its start; or unknown
 * END <sha256>
 * }</pre>
 *
 * <p>On Linux a process belongs to the run if {@link #VARIABLE} says so in its environment, or if it prints to one of these.
 * It has both from its first moment and hands both on to what it starts; a script may clear the one ({@code env -i}) and
 * send what it prints elsewhere. For one that does both, for processes into which this program may not look, and anywhere
 * else it is the process of that number and start, with what that has started and not outlived.
 *
 * <p>The start is told in ticks since the system started where there is {@code /proc}, and else by the clock, which may be set.
 */
record CommandRun(Path folder, String boot, String id, String pid, String started) {
    /** Holds the id of the run. */
    static final String VARIABLE = "OVERAIR_COMMAND";

    private static final String HEADER = "OTACOMMAND";
    private static final String FORMAT = "1";
    private static final String UNKNOWN = "unknown";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** Where, counted from the state on, the ticks stand that had passed since the system started. */
    private static final int TICKS_AT_START = 19;

    /** More than Linux allows a program for its arguments and its environment by default. */
    private static final int LARGEST_ENVIRONMENT = 4 << 20;

    /** How long a process may take to end when it is asked to, and then when it is made to. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** One that is about to be started. */
    static CommandRun in(Path folder) throws IOException {
        return new CommandRun(folder, currentBoot(), UUID.randomUUID().toString(), UNKNOWN, UNKNOWN);
    }

    private static String currentBoot() throws IOException {
        return Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : UNKNOWN;
    }

    /** The same, now that its process is known. */
    CommandRun as(ProcessHandle process) {
        return new CommandRun(folder, boot, id, Long.toString(process.pid()), started(process));
    }

    private static String started(ProcessHandle process) {
        List<String> stat = stat(process);
        return stat.size() > TICKS_AT_START
                ? stat.get(TICKS_AT_START)
                : process.info()
                        .startInstant()
                        .map(Instant::toEpochMilli)
                        .map(String::valueOf)
                        .orElse(UNKNOWN);
    }

    /** What {@code folder} tells of; empty if nothing was running, or the system has been started anew since. */
    static Optional<CommandRun> read(Disk disk, Path folder) throws IOException {
        Path file = file(folder);
        Optional<byte[]> bytes = disk.read(file);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = SealedText.parse(bytes.get()).get(0);
        if (words.size() != 6 || !words.get(0).equals(HEADER) || !words.get(1).equals(FORMAT)) {
            throw new UntrustedStateException(file, "it tells of no command");
        }
        CommandRun run = new CommandRun(folder, words.get(2), words.get(3), words.get(4), words.get(5));
        return run.boot.equals(currentBoot()) ? Optional.of(run) : Optional.empty();
    }

    void write(Disk disk) throws IOException {
        disk.writeAtomically(
                file(folder),
                new SealedText().line(HEADER, FORMAT, boot, id, pid, started).toBytes());
    }

    private static Path file(Path folder) {
        return folder.resolve("run");
    }

    /** Where the command prints. */
    Path output() {
        return folder.resolve("output");
    }

    /** Where a command whose answer counts prints what does not belong to it. */
    Path errors() {
        return folder.resolve("errors");
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
            if (System.nanoTime() - begin > TimeUnit.NANOSECONDS.convert(limit)) {
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
                || prints(process, "fd/1")
                || prints(process, "fd/2")
                || (pid.equals(Long.toString(process.pid())) && started.equals(started(process)));
    }

    private boolean prints(ProcessHandle process, String descriptor) {
        Path printed = proc(process, descriptor);
        return isSame(printed, output()) || isSame(printed, errors());
    }

    private static boolean isSame(Path printed, Path file) {
        try {
            return Files.isSameFile(printed, file);
        } catch (IOException noneOfOurBusiness) {
            return false;
        }
    }

    /** Whether it has ended, and its parent has not asked for its status yet. */
    private static boolean isZombie(ProcessHandle process) {
        List<String> stat = stat(process);
        return !stat.isEmpty() && stat.get(0).equals("Z");
    }

    /** What Linux tells of {@code process} from its state on; empty where there is no such thing. */
    private static List<String> stat(ProcessHandle process) {
        String stat = told(process, "stat");
        // Before the state stands the name, which may hold anything.
        int name = stat.lastIndexOf(')');
        return name < 0 ? List.of() : List.of(stat.substring(name + 1).strip().split(" "));
    }

    /** What Linux tells of {@code process}; empty where there is no such thing, or it is none of our business. */
    private static String told(ProcessHandle process, String file) {
        try (InputStream input = Files.newInputStream(proc(process, file))) {
            return new String(input.readNBytes(LARGEST_ENVIRONMENT), ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static Path proc(ProcessHandle process, String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }
}
