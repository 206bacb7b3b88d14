package io.overair.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Another process that installs an update whose flasher goes on when the process is killed: arguments are the root, the
 * folder of the flasher, and the words of a command that is to run the flasher.
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
        String[] runner = Arrays.copyOfRange(arguments, 2, arguments.length);
        update(Path.of(arguments[0]), Path.of(arguments[1]), runner);
    }

    private static void update(Path root, Path flasher, String... runner) throws IOException {
        try (Installation installation = open(root, flasher, Duration.ofMinutes(1), runner)) {
            Device.install(
                    installation,
                    Device.offer("1").file("a", "1").firmware("image").manifest());
        }
    }

    static Installation open(Path root, Path flasher, Duration limit, String... runner) throws IOException {
        List<String> command = new ArrayList<>(List.of(runner));
        command.addAll(List.of("sh", "-c", FLASHER, "sh", flasher.toString()));
        CommandFirmwareWriter writer = CommandFirmwareWriter.running(command).withLimit(limit);
        return Installation.open(root, InstallationOptions.defaults().withFirmware(writer));
    }

    /** Runs until the flasher has begun, then is killed. */
    static void killWhileFlashing(Path root, Path flasher, String... runner) throws Exception {
        Path started = flasher.resolve("started");
        new ProcessBuilder("mkfifo", started.toString()).start().waitFor();
        List<String> program = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FlashingProgram.class.getName(),
                root.toString(),
                flasher.toString()));
        program.addAll(List.of(runner));
        Process process = new ProcessBuilder(program).inheritIO().start();
        Files.readString(started);
        process.destroyForcibly().waitFor();
        Files.createFile(flasher.resolve("again"));
    }
}
