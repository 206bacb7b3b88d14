package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Another process that updates real trees, one for each line of its input: {@code update <root>}, or {@code halt <n> <root>}
 * to end the JVM at once before the n-th change of the disk, or {@code wait <n> <root>} to say {@code before <operation>}
 * there and wait for being killed; {@code wait-back} and {@code wait-undo} install the release before, and roll back to it.
 * Answers {@code applied}, {@code nothing to do}, or the message of an exception.
 */
final class UpdatingProgram {
    static final Map<String, String> OLD = Map.of(
            "flash/main.py", "old main",
            "flash/lib/gone.py", "gone",
            "flash/swap", "a file",
            "flash/OTA_VERSION.py", "VERSION = '1.0.0'\n");
    static final Manifest RELEASE = Device.offer("1.0.1")
            .file("flash/main.py", "new main!")
            .file("flash/new/deep.py", "deep")
            .without("flash/lib/gone.py")
            .without("flash/swap")
            .file("flash/swap/file", "in a folder")
            .manifest();
    static final Manifest BEFORE = Device.offer("1.0.0")
            .file("flash/main.py", "old main")
            .without("flash/new/deep.py")
            .file("flash/lib/gone.py", "gone")
            .without("flash/swap/file")
            .file("flash/swap", "a file")
            .manifest();
    static final String APPLIED = "applied";
    static final String NOTHING = "nothing to do";

    private UpdatingProgram() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", 3);
            try {
                System.out.println(
                        switch (words[0]) {
                            case "update" -> update(Path.of(words[1]), new NioFilePort());
                            case "halt" -> update(Path.of(words[2]), endingBefore(words[1], UpdatingProgram::halt));
                            case "wait" ->
                                update(Path.of(words[2]), endingBefore(words[1], UpdatingProgram::waitForEnd));
                            case "wait-back" ->
                                change(words[2], words[1], installation -> Device.install(installation, BEFORE));
                            case "wait-undo" -> change(words[2], words[1], Installation::rollBack);
                            default -> throw new IOException("no such command: " + line);
                        });
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    static String update(Path root, FilePort port) throws IOException {
        Environment environment = new Environment(port, Clock.systemUTC(), Ids.random(), Thread::sleep);
        try (Installation installation = Installation.open(root, InstallationOptions.defaults(), environment)) {
            if (installation.version().equals(Optional.of(LooseVersion.parse("1.0.1")))) {
                return NOTHING;
            }
            Device.install(installation, RELEASE);
            return APPLIED;
        }
    }

    private interface Act {
        void on(Installation installation) throws IOException;
    }

    private static String change(String root, String end, Act act) throws IOException {
        FilePort port = endingBefore(end, UpdatingProgram::waitForEnd);
        Environment environment = new Environment(port, Clock.systemUTC(), Ids.random(), Thread::sleep);
        try (Installation installation =
                Installation.open(Path.of(root), InstallationOptions.defaults(), environment)) {
            act.on(installation);
            return APPLIED;
        }
    }

    /** A new device with the old release in {@code folder}. */
    static Path makeDevice(Path folder) throws IOException {
        Files.createDirectory(folder);
        for (Map.Entry<String, String> file : OLD.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return folder;
    }

    static Process start() throws IOException {
        return prepared().start();
    }

    static ProcessBuilder prepared() {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        UpdatingProgram.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private interface End {
        void before(Operation operation);
    }

    private static FilePort endingBefore(String change, End end) {
        return new InterceptingPort(new NioFilePort()) {
            private int left = Integer.parseInt(change);

            @Override
            void around(Operation operation, Call call) throws IOException {
                if (operation.changes() && --left == 0) {
                    end.before(operation);
                }
                call.run();
            }
        };
    }

    private static void halt(Operation operation) {
        Runtime.getRuntime().halt(1);
    }

    private static void waitForEnd(Operation operation) {
        System.out.println("before " + operation);
        try {
            System.in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
