package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.overair.manifest.Manifest;
import io.overair.version.LooseVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long life of one device on a real disk: updates forth and back, on trial, and other updaters that are killed at it. What
 * is kept must not grow with age, neither on the disk nor in a process that lives long.
 *
 * <p>{@code -Doverair.proofs=all} makes it 500 updates, {@code -Doverair.seed} another life.
 */
class SoakTest {
    private static final long SEED = Long.getLong("overair.seed", 1);
    private static final int UPDATES = System.getProperty("overair.proofs", "").equals("all") ? 500 : 40;

    /** Of so many updates, one is tried by another process before, which is killed. */
    private static final int KILLED = 5;

    /** The last change of the longest action, or some later one: then it was made when the process is killed. */
    private static final int LATEST_KILL = 120;

    /** Two generations of a log, each until it is found to be large. */
    private static final long LARGEST_LOGS = 2 * ((256 << 10) + 4096);

    /** One reason is longer than another. */
    private static final long LONGER_WORDS = 256;

    private static final InstallationOptions TRYING = InstallationOptions.defaults()
            .withTrial(Trial.of(3, Duration.ofMinutes(10)))
            .withLockPatience(Duration.ofMinutes(1));

    /** A thread of Java closes what is left of a process when that has ended. One descriptor a kill would be many more. */
    private static final int OF_THE_LAST_CHILD = 4;

    /** What an updater that is idle keeps: on the disk, but for its log, and in its process. */
    private record Kept(long files, long bytes, long logBytes, long descriptors, long threads) {}

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private Path root;
    private TreeImage before;
    private TreeImage after;

    @BeforeEach
    void aDeviceThatWasUpdated() throws IOException {
        assumeThat(Path.of("/proc/self/fd")).as("descriptors can be counted").isDirectory();
        root = UpdatingProgram.makeDevice(folder.resolve("device"));
        install(UpdatingProgram.RELEASE);
        after = image();
        install(UpdatingProgram.BEFORE);
        before = image();
    }

    @Test
    void nothingGrowsHoweverOftenADeviceIsUpdatedAndItsUpdatersAreKilled() throws Exception {
        List<Kept> kept = new ArrayList<>();
        int kills = 0;
        for (int update = 0; update < UPDATES; update++) {
            boolean isOld = image().equals(before);
            if (random.nextInt(KILLED) == 0) {
                kill(isOld ? "wait" : random.nextBoolean() ? "wait-back" : "wait-undo");
                kills++;
            }
            update(isOld ? UpdatingProgram.RELEASE : UpdatingProgram.BEFORE);
            kept.add(kept());
        }

        Kept first = most(kept.subList(0, UPDATES / 2));
        Kept second = most(kept.subList(UPDATES / 2, UPDATES));
        System.out.printf(
                "%d updates, %d kills, seed %d; at most in the first half %s, in the second %s%n",
                UPDATES, kills, SEED, first, second);
        assertThat(second.files()).isLessThanOrEqualTo(first.files());
        assertThat(second.bytes()).isLessThan(first.bytes() + LONGER_WORDS);
        assertThat(second.descriptors()).isLessThan(first.descriptors() + OF_THE_LAST_CHILD);
        assertThat(second.threads()).isLessThanOrEqualTo(first.threads());
        assertThat(second.logBytes()).isLessThanOrEqualTo(LARGEST_LOGS);
    }

    /** Another updater begins what {@code command} says, and is killed somewhere in it. */
    private void kill(String command) throws Exception {
        Process process = UpdatingProgram.start();
        try (PrintWriter commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
                BufferedReader answers = process.inputReader()) {
            commands.println(command + " " + (1 + random.nextInt(LATEST_KILL)) + " " + root);
            assertThat(answers.readLine()).isNotNull();
        } finally {
            process.destroyForcibly().waitFor();
        }
        Installation.open(root, TRYING).close();
        assertThat(image()).isIn(before, after);
    }

    /** Installs it on trial, which ends in one of all ways, and leaves one of the two releases. */
    private void update(Manifest release) throws IOException {
        LooseVersion version = release.version();
        install(release);
        try (Installation installation = Installation.open(root, TRYING)) {
            installation.countStart();
            switch (random.nextInt(4)) {
                case 0 -> installation.confirm(version);
                case 1 -> installation.reject(version, "bad");
                case 2 -> installation.rollBack("by hand");
                default -> installation.countRunningTime(Duration.ofMinutes(10));
            }
        }
        try (Installation installation = Installation.open(root, TRYING)) {
            installation.unblock(version);
            assertThat(installation.status().trial()).isEmpty();
        }
        assertThat(image()).isIn(before, after);
    }

    private void install(Manifest release) throws IOException {
        try (Installation installation = Installation.open(root, TRYING)) {
            if (installation.status().trial().isPresent()) {
                installation.confirm(installation.version().orElseThrow());
            }
            Device.install(installation, release);
        }
    }

    private TreeImage image() throws IOException {
        return TreeImage.of(new NioFilePort(), root);
    }

    private Kept kept() throws IOException {
        List<Path> files = filesBelow(root.resolve(StateFolder.NAME));
        List<Path> logs = files.stream()
                .filter(file -> file.getFileName().toString().startsWith("log"))
                .toList();
        return new Kept(
                files.size() - logs.size(),
                bytes(files) - bytes(logs),
                bytes(logs),
                entries(Path.of("/proc/self/fd")),
                entries(Path.of("/proc/self/task")));
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }

    private static long bytes(List<Path> files) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        return bytes;
    }

    private static Kept most(List<Kept> all) {
        return new Kept(
                most(all, Kept::files),
                most(all, Kept::bytes),
                most(all, Kept::logBytes),
                most(all, Kept::descriptors),
                most(all, Kept::threads));
    }

    private static long most(List<Kept> all, ToLongFunction<Kept> figure) {
        return all.stream().mapToLong(figure).max().orElseThrow();
    }
}
