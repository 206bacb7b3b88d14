package io.overair.install;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Hands the verified image to a command: a flasher, {@code rauc install}, {@code swupdate}. The command runs when the files
 * of the release are in place; if it ends with another status than 0 the whole update is undone. Cut by a crash, it runs
 * again, so it has to bear that.
 *
 * <pre>{@code
 * CommandFirmwareWriter.running(List.of("rauc", "install", "{image}"))
 *         .asking(List.of("/usr/local/bin/active-image"))
 *         .switchingBackWith(List.of("rauc", "status", "mark-active", "other"));
 * }</pre>
 *
 * <p>Commands are run without a shell. {@code {image}} in an argument stands for the file of the image; if no argument has
 * it, the image comes on standard input. What a command prints is shown if it fails: the last ten lines, at most 2,000
 * bytes. Meanwhile that is a file in the state folder, which is shortened when it has more than 1 MiB; that may be seen 50 ms
 * late, and a command that prints fast enough fills a small disk within these.
 *
 * <p>If this program is killed the command goes on. It is waited for then, as long as its limit says, and ended after that,
 * before any other command runs. On Linux it is known by the variable {@code OVERAIR_COMMAND} in its environment, and by where
 * it prints: it and all that it starts are found as long as they keep one of the two. What clears its environment
 * <em>and</em> sends its output elsewhere is found below the process that was started, while that one is there. On other
 * systems, and if it runs as another user whose processes this program may not look into, only that process is known, with
 * what is below it, and a kill within the first moment leaves it unknown: there, a command that cannot bear two of itself
 * takes a lock, as {@code flock} does for it. A process that is to stay when the command has ended sends its output elsewhere.
 *
 * <p>A command that ends with another status than 0 says by that what was active still is. One that does not end in time, or
 * that is killed, says nothing: unless it can be {@linkplain #asking asked} what is active and {@linkplain
 * #switchingBackWith switched back}, the update is not undone then, and it is run again when the installation is opened the
 * next time, see {@link UncertainActivationException}.
 *
 * <p>From then on only a run that ends with 0 leads out: another status says nothing of what the run before has done. Each open
 * has the command run once more, and throws a {@link RollbackFailedException} for as long as it fails; what is installed stays
 * {@linkplain InstallationStatus.Phase#STUCK stuck}, with the files of the new release in place. There is no other way to end
 * that: a person has to make the command succeed, by putting right what it says, or by bringing the device to the new
 * firmware by hand and having the command end with 0 where it finds that done. Immutable.
 */
public final class CommandFirmwareWriter implements FirmwareWriter {
    private static final String SLOT = "command";
    private static final String IMAGE = "{image}";
    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(10);

    private final List<String> activate;
    private final List<String> ask;
    private final List<String> switchBack;
    private final WayBack wayBack;
    private final Duration limit;
    private final Optional<Path> memory;
    private final Disk disk = new Disk(Environment.real().port());

    private CommandFirmwareWriter(
            List<String> activate,
            List<String> ask,
            List<String> switchBack,
            WayBack wayBack,
            Duration limit,
            Optional<Path> memory) {
        this.activate = List.copyOf(activate);
        this.ask = List.copyOf(ask);
        this.switchBack = List.copyOf(switchBack);
        this.wayBack = wayBack;
        this.limit = limit;
        this.memory = memory;
    }

    /** Runs {@code command} with each image; cannot be asked, cannot switch back, allows ten minutes. */
    public static CommandFirmwareWriter running(List<String> command) {
        checkHasName(command);
        return new CommandFirmwareWriter(
                command, List.of(), List.of(), WayBack.REFUSED, DEFAULT_LIMIT, Optional.empty());
    }

    private static void checkHasName(List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a name");
        }
    }

    /**
     * Asks {@code command} what is active. It prints the SHA-256 of that image in hexadecimal to its standard output; anything
     * else there means that it is not known. Its standard error is not read, but shown if it fails. Without this, or where
     * it is not known, there is no way back once the command that brings the image has been run: it may have failed before it
     * changed anything, and to switch back then would bring the image before the one that was running.
     */
    public CommandFirmwareWriter asking(List<String> command) {
        checkHasName(command);
        return new CommandFirmwareWriter(activate, command, switchBack, wayBack, limit, memory);
    }

    /** Runs {@code command} to make the firmware before the active one again; it gets no image. */
    public CommandFirmwareWriter switchingBackWith(List<String> command) {
        checkHasName(command);
        return new CommandFirmwareWriter(activate, ask, command, WayBack.SWITCHES, limit, memory);
    }

    /** A rollback brings back the files alone; otherwise one is refused after an update that brought firmware. */
    public CommandFirmwareWriter stayingOnRollback() {
        return new CommandFirmwareWriter(activate, ask, List.of(), WayBack.STAYS, limit, memory);
    }

    /** Ends a command that takes longer than {@code duration}; it has failed then. */
    public CommandFirmwareWriter withLimit(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("no time for a command: " + duration);
        }
        return new CommandFirmwareWriter(activate, ask, switchBack, wayBack, duration, memory);
    }

    @Override
    public FirmwareWriter rememberingAt(Path place) {
        return new CommandFirmwareWriter(activate, ask, switchBack, wayBack, limit, Optional.of(place));
    }

    @Override
    public WayBack wayBack() {
        return wayBack;
    }

    @Override
    public Optional<FirmwareSlot> active() throws IOException {
        if (ask.isEmpty()) {
            return Optional.empty();
        }
        awaitEarlierCommand();
        String answer = run(ask, Optional.empty(), CommandRun::errors);
        try {
            return Optional.of(new FirmwareSlot(SLOT, Optional.of(new Digest(Digest.Algorithm.SHA256, answer))));
        } catch (IllegalArgumentException notKnown) {
            return Optional.empty();
        }
    }

    /** Keeps the image for {@link #activate}. */
    @Override
    public FirmwareSlot write(Path image, Digest sha256) {
        return new FirmwareSlot(SLOT, Optional.of(sha256));
    }

    @Override
    public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
        List<String> command = image.isPresent() ? activate : switchBack;
        if (command.isEmpty()) {
            throw new IOException("there is no command to switch firmware back");
        }
        awaitEarlierCommand();
        try {
            run(command, image, CommandRun::output);
        } catch (CommandFailedException e) {
            throw e;
        } catch (IOException e) {
            throw new UncertainActivationException(e);
        }
    }

    /** Takes the word of the command that switches back. */
    @Override
    public boolean holds(FirmwareSlot slot) {
        return wayBack == WayBack.SWITCHES;
    }

    /** The program that started it may have been killed. */
    private void awaitEarlierCommand() throws IOException {
        if (memory.isPresent()) {
            Optional<CommandRun> earlier = CommandRun.read(disk, memory.get());
            if (earlier.isPresent()) {
                earlier.get().awaitEnd(limit);
            }
        }
    }

    /** What the command printed last. An interrupt does not cut it short. */
    private String run(List<String> words, Optional<Path> image, Function<CommandRun, Path> errors) throws IOException {
        CommandRun run = begin();
        Command command = command(words, image, run);
        StringBuilder printed = new StringBuilder();
        try {
            TimeLimit.run(
                    limit,
                    words.get(0),
                    () -> printed.append(command.run(
                            run.output(),
                            errors.apply(run),
                            process -> run.as(process).write(disk))));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts that thread before its time is over", e);
        } catch (IOException e) {
            try {
                // What a failed command left behind would go on changing what is put back now.
                CommandRun.read(disk, run.folder()).orElse(run).end();
                forget(run);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        forget(run);
        return printed.toString();
    }

    private CommandRun begin() throws CommandFailedException {
        try {
            if (memory.isPresent()) {
                // Not only emptied: what an earlier command left behind may go on printing to the old file.
                disk.removeTree(memory.get());
                disk.makeFolder(memory.get());
            }
            CommandRun run =
                    CommandRun.in(memory.isPresent() ? memory.get() : Files.createTempDirectory("overair-firmware"));
            disk.write(run.output(), new byte[0]);
            run.write(disk);
            return run;
        } catch (IOException e) {
            throw new CommandFailedException(e);
        }
    }

    private void forget(CommandRun run) {
        try {
            disk.removeTree(run.folder());
        } catch (IOException harmless) {
            // It tells of a process that is gone; what the command did is what counts.
        }
    }

    private static Command command(List<String> words, Optional<Path> image, CommandRun run) {
        boolean named = words.stream().anyMatch(word -> word.contains(IMAGE));
        return new Command(
                words.stream()
                        .map(word -> image.map(file -> word.replace(IMAGE, file.toString()))
                                .orElse(word))
                        .toList(),
                Map.of(CommandRun.VARIABLE, run.id()),
                image.filter(file -> !named));
    }
}
