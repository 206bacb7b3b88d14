package io.overair.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Another process that installs an update whose flasher goes on when the process is killed: arguments are the root and the
 * folder of the flasher.
 */
final class FlashingProgram {
    /**
     * Writes {@code begin} and {@code end} to {@code log}, and {@code overlap} if another of its kind is running. The first
     * tells {@code started}, a pipe, and runs until there is a file {@code go}; the next ones, known by a file {@code
     * again}, end at once.
     */
    private static final String FLASHER = """
            cd "$1"
            if [ -e pid ] && grep -q "^State:.[RSD]" "/proc/$(cat pid)/status"; then echo overlap >> log; fi
            echo $$ > pid
            echo begin >> log
            if [ ! -e again ]; then
                echo started > started
                while [ ! -e go ]; do sleep 0.05; done
            fi
            rm pid
            echo end >> log
            """;

    private FlashingProgram() {}

    public static void main(String[] arguments) throws IOException {
        update(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    private static void update(Path root, Path flasher) throws IOException {
        try (Installation installation = open(root, flasher, Duration.ofMinutes(1))) {
            Device.install(
                    installation,
                    Device.offer("1").file("a", "1").firmware("image").manifest());
        }
    }

    static Installation open(Path root, Path flasher, Duration limit) throws IOException {
        CommandFirmwareWriter writer = CommandFirmwareWriter.running(
                        List.of("sh", "-c", FLASHER, "sh", flasher.toString()))
                .withLimit(limit);
        return Installation.open(root, InstallationOptions.defaults().withFirmware(writer));
    }

    /** Runs until the flasher has begun, then is killed. */
    static void killWhileFlashing(Path root, Path flasher) throws Exception {
        Path started = flasher.resolve("started");
        new ProcessBuilder("mkfifo", started.toString()).start().waitFor();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FlashingProgram.class.getName(),
                        root.toString(),
                        flasher.toString())
                .inheritIO()
                .start();
        Files.readString(started);
        process.destroyForcibly().waitFor();
        Files.createFile(flasher.resolve("again"));
    }
}
