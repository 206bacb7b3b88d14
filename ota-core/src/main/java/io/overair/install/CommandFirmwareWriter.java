package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hands the verified image to a command: a flasher, {@code rauc install}, {@code swupdate}. The command runs when the files
 * of the release are in place; if it ends with another status than 0, or not in time, the whole update is undone. Cut by
 * a crash, it runs again, so it has to bear that. If only this program was killed, the first run may still be going on then:
 * a command that cannot bear two of itself takes a lock, as {@code flock} does for it.
 *
 * <pre>{@code
 * CommandFirmwareWriter.running(List.of("rauc", "install", "{image}"))
 *         .switchingBackWith(List.of("rauc", "status", "mark-active", "other"));
 * }</pre>
 *
 * <p>Commands are run without a shell. {@code {image}} in an argument stands for the file of the image; if no argument has
 * it, the image comes on standard input. Immutable.
 */
public final class CommandFirmwareWriter implements FirmwareWriter {
    private static final String SLOT = "command";
    private static final String IMAGE = "{image}";
    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(10);

    /** How long the end of its output may take after a command has ended. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

    /** How much of what a command printed last is shown if it fails. */
    private static final int SHOWN_BYTES = 2000;

    private final List<String> activate;
    private final List<String> ask;
    private final List<String> switchBack;
    private final WayBack wayBack;
    private final Duration limit;

    private CommandFirmwareWriter(
            List<String> activate, List<String> ask, List<String> switchBack, WayBack wayBack, Duration limit) {
        this.activate = List.copyOf(activate);
        this.ask = List.copyOf(ask);
        this.switchBack = List.copyOf(switchBack);
        this.wayBack = wayBack;
        this.limit = limit;
    }

    /** Runs {@code command} with each image; cannot be asked, cannot switch back, allows ten minutes. */
    public static CommandFirmwareWriter running(List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a name");
        }
        return new CommandFirmwareWriter(command, List.of(), List.of(), WayBack.REFUSED, DEFAULT_LIMIT);
    }

    /**
     * Asks {@code command} what is active. It prints the SHA-256 of that image in hexadecimal; anything else means that it is
     * not known.
     */
    public CommandFirmwareWriter asking(List<String> command) {
        return new CommandFirmwareWriter(activate, command, switchBack, wayBack, limit);
    }

    /** Runs {@code command} to make the firmware before the active one again; it gets no image. */
    public CommandFirmwareWriter switchingBackWith(List<String> command) {
        return new CommandFirmwareWriter(activate, ask, command, WayBack.SWITCHES, limit);
    }

    /** A rollback brings back the files alone; otherwise one is refused after an update that brought firmware. */
    public CommandFirmwareWriter stayingOnRollback() {
        return new CommandFirmwareWriter(activate, ask, List.of(), WayBack.STAYS, limit);
    }

    /** Ends a command that takes longer than {@code duration}; it has failed then. */
    public CommandFirmwareWriter withLimit(Duration duration) {
        return new CommandFirmwareWriter(activate, ask, switchBack, wayBack, duration);
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
        if (image.isPresent()) {
            run(activate, image);
        } else {
            run(switchBack, Optional.empty());
        }
    }

    /** Takes the word of the command that switches back. */
    @Override
    public boolean holds(FirmwareSlot slot) {
        return wayBack == WayBack.SWITCHES;
    }

    private String run(List<String> command, Optional<Path> image) throws IOException {
        if (command.isEmpty()) {
            throw new IOException("there is no command to switch firmware back");
        }
        boolean named = command.stream().anyMatch(argument -> argument.contains(IMAGE));
        List<String> arguments = command.stream()
                .map(argument -> image.map(file -> argument.replace(IMAGE, file.toString()))
                        .orElse(argument))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        image.filter(file -> !named).ifPresent(file -> builder.redirectInput(file.toFile()));
        Process process = builder.start();
        if (image.isEmpty() || named) {
            process.getOutputStream().close();
        }
        Output output = new Output(process.getInputStream());
        Thread reader = new Thread(output, "firmware command");
        reader.setDaemon(true);
        reader.start();
        if (!uninterrupted(process::waitFor, limit)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IOException("%s did not end within %s s".formatted(command.get(0), limit.toSeconds()));
        }
        // A process that the command left behind may keep the pipe open for ever.
        uninterrupted(output.ended::await, LAST_OUTPUT);
        if (process.exitValue() != 0) {
            throw new IOException("%s ended with status %d: %s"
                    .formatted(
                            command.get(0), process.exitValue(), output.text().strip()));
        }
        return output.text();
    }

    private interface Wait {
        boolean await(long time, TimeUnit unit) throws InterruptedException;
    }

    /** An update that is committed is not cancelled: an interrupt is handed on when the wait is over. */
    private static boolean uninterrupted(Wait wait, Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The last of what a command prints, read as it comes: a full pipe would stop the command. */
    private static final class Output implements Runnable {
        final CountDownLatch ended = new CountDownLatch(1);
        private final InputStream stream;
        private final Deque<Byte> last = new ArrayDeque<>();

        Output(InputStream stream) {
            this.stream = stream;
        }

        @Override
        public void run() {
            byte[] buffer = new byte[1024];
            try (stream) {
                for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
                    add(buffer, length);
                }
            } catch (IOException closed) {
                // The pipe of a command that was ended; what it printed before is here.
            } finally {
                ended.countDown();
            }
        }

        private synchronized void add(byte[] bytes, int length) {
            for (int i = 0; i < length; i++) {
                if (last.size() == SHOWN_BYTES) {
                    last.removeFirst();
                }
                last.addLast(bytes[i]);
            }
        }

        synchronized String text() {
            byte[] bytes = new byte[last.size()];
            int length = 0;
            for (byte octet : last) {
                bytes[length++] = octet;
            }
            return new String(bytes, UTF_8);
        }
    }
}
