package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Hands the verified image to a command: a flasher, {@code rauc install}, {@code swupdate}. The command runs when the files
 * of the release are in place; if it ends with another status than 0, or not in time, the whole update is undone. Cut by
 * a crash, it runs again, so it has to bear that.
 *
 * <pre>{@code
 * CommandFirmwareWriter.running(List.of("rauc", "install", "{image}"))
 *         .asking(List.of("/usr/local/bin/active-image"))
 *         .switchingBackWith(List.of("rauc", "status", "mark-active", "other"));
 * }</pre>
 *
 * <p>Commands are run without a shell. {@code {image}} in an argument stands for the file of the image; if no argument has
 * it, the image comes on standard input. What a command prints is shown if it fails, the last of it.
 *
 * <p>If this program is killed the command may go on, without anybody who reads what it prints. It is waited for then, as long
 * as its limit says, and ended after that, before any other command runs. On Linux it is known by the variable {@code
 * OVERAIR_COMMAND} in its environment. On other systems, and if it runs as another user whose processes this program may not
 * look into, it is known by the number of its process alone, which a kill within the first moment leaves unknown: there, a
 * command that cannot bear two of itself takes a lock, as {@code flock} does for it. Immutable.
 */
public final class CommandFirmwareWriter implements FirmwareWriter {
    private static final String SLOT = "command";
    private static final String IMAGE = "{image}";
    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(10);

    /** How long a command waits at most until what it printed is read. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** More than a pipe holds, in bytes. */
    private static final int MOST_AT_ONCE = 1 << 20;

    /** How much of what a command printed last is shown if it fails. */
    private static final int SHOWN_BYTES = 2000;

    private final List<String> activate;
    private final List<String> ask;
    private final List<String> switchBack;
    private final WayBack wayBack;
    private final Duration limit;
    private final Optional<Path> memory;

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
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a name");
        }
        return new CommandFirmwareWriter(
                command, List.of(), List.of(), WayBack.REFUSED, DEFAULT_LIMIT, Optional.empty());
    }

    /**
     * Asks {@code command} what is active. It prints the SHA-256 of that image in hexadecimal; anything else means that it is
     * not known. Without this, or where it is not known, an update that is undone leaves the firmware as it is: the
     * command that brings it may have failed before it changed anything, and to switch back then would bring the image
     * before the one that was running.
     */
    public CommandFirmwareWriter asking(List<String> command) {
        return new CommandFirmwareWriter(activate, command, switchBack, wayBack, limit, memory);
    }

    /** Runs {@code command} to make the firmware before the active one again; it gets no image. */
    public CommandFirmwareWriter switchingBackWith(List<String> command) {
        return new CommandFirmwareWriter(activate, ask, command, WayBack.SWITCHES, limit, memory);
    }

    /** A rollback brings back the files alone; otherwise one is refused after an update that brought firmware. */
    public CommandFirmwareWriter stayingOnRollback() {
        return new CommandFirmwareWriter(activate, ask, List.of(), WayBack.STAYS, limit, memory);
    }

    /** Ends a command that takes longer than {@code duration}; it has failed then. */
    public CommandFirmwareWriter withLimit(Duration duration) {
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
        String answer = run(ask, Optional.empty()).strip();
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
        run(command, image);
    }

    /** Takes the word of the command that switches back. */
    @Override
    public boolean holds(FirmwareSlot slot) {
        return wayBack == WayBack.SWITCHES;
    }

    /** The program that started it may have been killed. */
    private void awaitEarlierCommand() throws IOException {
        if (memory.isPresent()) {
            Optional<CommandRun> earlier = CommandRun.read(memory.get());
            if (earlier.isPresent()) {
                earlier.get().awaitEnd(limit);
            }
            forget();
        }
    }

    /** What the command printed last. */
    private String run(List<String> command, Optional<Path> image) throws IOException {
        CommandRun run = CommandRun.about();
        remember(run);
        try {
            Process process = start(command, image, run);
            run = run.as(process.toHandle());
            remember(run);
            String output = outputOf(process, command.get(0));
            forget();
            return output;
        } catch (IOException e) {
            try {
                // What a failed command left behind would go on changing what is put back now.
                run.end();
                forget();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private void remember(CommandRun run) throws IOException {
        if (memory.isPresent()) {
            run.write(memory.get());
        }
    }

    private void forget() throws IOException {
        if (memory.isPresent()) {
            CommandRun.forget(memory.get());
        }
    }

    private static Process start(List<String> command, Optional<Path> image, CommandRun run) throws IOException {
        boolean named = command.stream().anyMatch(argument -> argument.contains(IMAGE));
        List<String> arguments = command.stream()
                .map(argument -> image.map(file -> argument.replace(IMAGE, file.toString()))
                        .orElse(argument))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        builder.environment().put(CommandRun.VARIABLE, run.id());
        image.filter(file -> !named).ifPresent(file -> builder.redirectInput(file.toFile()));
        Process process = builder.start();
        if (image.isEmpty() || named) {
            process.getOutputStream().close();
        }
        return process;
    }

    /** Reads while it waits: a full pipe would stop the command. Never more than is there, so it needs no thread. */
    private String outputOf(Process process, String name) throws IOException {
        byte[] last = {};
        try (InputStream output = process.getInputStream()) {
            long begin = System.nanoTime();
            boolean ended = false;
            while (!ended) {
                if (System.nanoTime() - begin > limit.toNanos()) {
                    throw new IOException("%s did not end within %s s".formatted(name, limit.toSeconds()));
                }
                ended = Uninterrupted.await(process::waitFor, PAUSE);
                last = lastOf(last, output.readNBytes(Math.min(output.available(), MOST_AT_ONCE)));
            }
        }
        String text = new String(last, UTF_8);
        if (process.exitValue() != 0) {
            throw new IOException("%s ended with status %d: %s".formatted(name, process.exitValue(), text.strip()));
        }
        return text;
    }

    private static byte[] lastOf(byte[] earlier, byte[] more) {
        byte[] all = Arrays.copyOf(earlier, earlier.length + more.length);
        System.arraycopy(more, 0, all, earlier.length, more.length);
        return Arrays.copyOfRange(all, Math.max(0, all.length - SHOWN_BYTES), all.length);
    }
}
