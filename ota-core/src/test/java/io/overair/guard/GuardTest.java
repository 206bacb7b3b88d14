package io.overair.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.install.Change;
import io.overair.install.CommandHook;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.InstallationStatus;
import io.overair.install.Layout;
import io.overair.install.Trial;
import io.overair.install.UpdateHook;
import io.overair.install.UpdateTransaction;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise 5 with real processes: whatever a release on trial does or does not do, the version before runs in the end. The
 * guard runs with nothing but the classes of ota-core; the application is a script that the update replaces.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the applications are shell scripts")
// In another thread, since nothing interrupts one that reads what a process says.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuardTest {
    private static final LooseVersion ONE = LooseVersion.parse("1");
    private static final LooseVersion TWO = LooseVersion.parse("2");
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private Path device;
    private final List<Process> started = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** The old version notes that it ran, and ends in order. */
    @BeforeEach
    void deviceWithAVersionThatWorks() throws IOException {
        device = Files.createDirectory(folder.resolve("device"));
        install(ONE, "echo one >> " + folder.resolve("ran"), InstallationOptions.defaults());
    }

    @AfterEach
    void endWhatIsLeft() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private void install(LooseVersion release, String script, InstallationOptions options) throws IOException {
        byte[] content = (script + "\n").getBytes(UTF_8);
        TargetFile file = new TargetFile(
                new DevicePath("main.sh"),
                "main.sh",
                List.of(Digest.ofContent(Digest.Algorithm.SHA256, content)),
                OptionalLong.empty());
        Manifest manifest =
                new Manifest(release, Optional.empty(), List.of(file), List.of(), List.of(), Optional.empty());
        try (Installation installation = Installation.open(device, options);
                UpdateTransaction transaction = installation.begin(manifest)) {
            transaction.stage(file, 0, new ByteArrayInputStream(content));
            transaction.commit();
        }
    }

    private void onTrial(String script, Trial trial) throws IOException {
        install(TWO, script, InstallationOptions.defaults().withTrial(trial));
    }

    private Process guard(String verb, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classesOf(Guard.class).toString(),
                Guard.class.getName(),
                verb,
                "--device",
                device.toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    /** Runs the application under the guard until both have ended. */
    private String run(String... options) throws IOException, InterruptedException {
        return saidBy(guard("run", withApplication(options)));
    }

    /** What it said until it ended in order. */
    private static String saidBy(Process process) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private String[] withApplication(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--", "/bin/sh", device.resolve("main.sh").toString()));
        return all.toArray(String[]::new);
    }

    private static Path classesOf(Class<?> program) {
        try {
            return Path.of(
                    program.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private InstallationStatus status() throws IOException {
        return Installation.statusOf(device);
    }

    private void assertThatTheOldVersionRan() throws IOException {
        assertThat(status().version()).contains(ONE);
        assertThat(status().blocked()).containsExactly(TWO);
        assertThat(folder.resolve("ran")).content().isEqualTo("one\n");
    }

    /** Reads what the guard and the application say until a line holds {@code words}. */
    private static void awaitLine(Process process, String words) {
        BufferedReader reader = process.inputReader(UTF_8);
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.contains(words)) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("nobody said: " + words);
    }

    @Test
    void releaseThatCrashesBeforeItsFirstLineIsTakenBack() throws Exception {
        onTrial("exit 7", Trial.of(2, LONG));

        assertThat(run()).contains("ended with status 7").contains("2 (it was not confirmed in any of its starts)");

        assertThatTheOldVersionRan();
    }

    @Test
    void releaseThatHangsIsTakenBackWhenItsTimeIsOver() throws Exception {
        onTrial("exec sleep 600", Trial.of(3, Duration.ofSeconds(1)));

        assertThat(run("--interval", "100ms")).contains("not healthy in time: the application did not confirm itself");

        assertThatTheOldVersionRan();
    }

    @Test
    void releaseThatFailsItsHealthCheckIsTakenBack() throws Exception {
        onTrial("exec sleep 600", Trial.of(3, Duration.ofSeconds(1)));

        assertThat(run("--interval", "100ms", "--health-command", "false"))
                .contains("not healthy in time: false ended with status 1");

        assertThatTheOldVersionRan();
    }

    @Test
    void releaseThatCannotReachTheServerIsTakenBack() throws Exception {
        onTrial("exec sleep 600", Trial.of(3, Duration.ofSeconds(5)));

        assertThat(run("--interval", "100ms", "--health-url", "http://127.0.0.1:%d/".formatted(closedPort())))
                .contains("not healthy in time: http://127.0.0.1");

        assertThatTheOldVersionRan();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A cut during each start; every one of them was counted before the application ran. */
    @Test
    void cutDuringEveryStartOfATrialEndsInTheOldVersion() throws Exception {
        onTrial("echo two started; exec sleep 600", Trial.of(2, LONG));

        for (int start = 1; start <= 2; start++) {
            Process cut = guard("run", withApplication());
            awaitLine(cut, "two started");
            assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(2 - start);
            cut.descendants().forEach(ProcessHandle::destroyForcibly);
            assertThat(cut.destroyForcibly().waitFor()).isNotZero();
        }

        assertThat(run()).contains("2 (it was not confirmed in any of its starts)");
        assertThatTheOldVersionRan();
    }

    @Test
    void healthyReleaseIsConfirmedAndRunsOn() throws Exception {
        onTrial("echo two started; exec sleep 600", Trial.of(2, LONG));
        Process process = guard("run", withApplication("--interval", "100ms", "--health-command", "true"));

        awaitLine(process, "nothing is on trial any more");

        assertThat(status().trial()).isEmpty();
        assertThat(status().version()).contains(TWO);
        assertThat(process.children()).hasSize(1);
    }

    @Test
    void guardThatIsStoppedEndsTheApplicationAndGivesTheStartBack() throws Exception {
        onTrial("echo two started; exec sleep 600", Trial.of(2, LONG));
        Process process = guard("run", withApplication());
        awaitLine(process, "two started");
        List<ProcessHandle> application = process.children().toList();

        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(application).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(2);
        assertThat(status().trial().orElseThrow().remaining()).isLessThan(LONG);
    }

    @Test
    void serviceManagerStartsThroughTheGuardAndStopsThroughIt() throws Exception {
        onTrial("true", Trial.of(2, LONG));

        assertThat(guard("start").waitFor()).isZero();
        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(1);

        assertThat(guard("stop").waitFor()).isZero();
        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(2);

        for (int start = 0; start < 3; start++) {
            assertThat(guard("start").waitFor()).isZero();
        }
        assertThat(status().version()).contains(ONE);
    }

    @ParameterizedTest
    @CsvSource({
        "success, exited, 0, 2",
        "success, killed, TERM, 2",
        "exit-code, exited, 143, 2",
        "exit-code, exited, 130, 2",
        "exit-code, exited, 1, 1",
        "signal, killed, SEGV, 1",
        "timeout, exited, 143, 1",
        "watchdog, exited, 143, 1"
    })
    void startOfAnApplicationThatWasStoppedIsGivenBack(String result, String code, String status, int startsLeft)
            throws Exception {
        onTrial("true", Trial.of(2, LONG));
        try (Installation installation = Installation.open(device)) {
            installation.countStart();
        }

        int exit = guard(
                GuardOptions.Verb.STOP,
                InstallationOptions.defaults(),
                Map.of("SERVICE_RESULT", result, "EXIT_CODE", code, "EXIT_STATUS", status));

        assertThat(exit).isZero();
        assertThat(status().trial().orElseThrow().startsLeft()).isEqualTo(startsLeft);
    }

    /** No file can be put in the place of a folder that somebody has filled. */
    private void putSomethingInTheWay() throws IOException {
        Files.delete(device.resolve("main.sh"));
        Files.createFile(Files.createDirectory(device.resolve("main.sh")).resolve("somebody's"));
    }

    @Test
    void rejectedReleaseThatCannotBeTakenBackIsNotRestarted() throws Exception {
        onTrial("true", Trial.of(2, LONG));
        try (Installation installation = Installation.open(device)) {
            installation.reject(TWO, "no");
        }
        putSomethingInTheWay();
        Path restarted = folder.resolve("restarted");

        Process watch = guard("watch", "--health-command", "true", "--restart", "touch " + restarted);

        awaitLine(watch, "is rejected, but cannot be taken back now");
        assertThat(watch.waitFor()).isZero();
        assertThat(restarted).doesNotExist();
        Process start = guard("start");
        awaitLine(start, "is rejected, but cannot be taken back now");
        assertThat(start.waitFor()).isZero();
    }

    @Test
    void releaseThatFailedWithNoWayBackAnyMoreStarts() throws Exception {
        onTrial("true", Trial.of(1, LONG));
        Files.delete(backupOfTheOldVersion());
        assertThat(guard("start").waitFor()).isZero();

        Process start = guard("start");

        awaitLine(start, "2 has failed, but there is no way back any more: it runs on");
        assertThat(start.waitFor()).isZero();
        assertThat(status().trial()).isEmpty();
        assertThat(status().version()).contains(TWO);
    }

    private Path backupOfTheOldVersion() throws IOException {
        try (Stream<Path> files = Files.walk(device.resolve(".ota"))) {
            return files.filter(file -> file.endsWith(Path.of("old", "0")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Runs out of memory when the tree is what it is to be. */
    private static final UpdateHook EATS_ALL_MEMORY = new UpdateHook() {
        @Override
        public String name() {
            return "glutton";
        }

        @Override
        public void afterApply(Change change) {
            throw new OutOfMemoryError("no more of it");
        }

        @Override
        public void onRollback(Change change) {
            afterApply(change);
        }
    };

    /** In this process, and so with what no command line can tell. */
    private int guard(GuardOptions.Verb verb, InstallationOptions installation, Map<String, String> environment)
            throws InterruptedException {
        GuardOptions options = new GuardOptions(
                verb,
                device,
                installation,
                Optional.empty(),
                Duration.ZERO,
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of());
        return new Guard(options, environment, new PrintStream(said, true, UTF_8)).run();
    }

    @Test
    void guardThatRunsOutOfMemoryLetsTheFilesOfOneReleaseStart() throws Exception {
        onTrial("true", Trial.of(1, LONG));
        assertThat(guard("start").waitFor()).isZero();

        int status =
                guard(GuardOptions.Verb.START, InstallationOptions.defaults().withHook(EATS_ALL_MEMORY), Map.of());

        assertThat(said.toString(UTF_8)).contains("OutOfMemoryError").contains("the files are those of one release");
        assertThat(status).isZero();
        assertThat(run()).isEmpty();
        assertThatTheOldVersionRan();
    }

    @Test
    void filesThatMayBeAMixtureDoNotStart() throws Exception {
        InstallationOptions glutton = InstallationOptions.defaults().withHook(EATS_ALL_MEMORY);
        assertThatThrownBy(() -> install(TWO, "true", glutton)).isInstanceOf(OutOfMemoryError.class);
        putSomethingInTheWay();

        Process start = guard("start");

        awaitLine(start, "the files may be a mixture of two releases: nothing starts");
        assertThat(start.waitFor()).isEqualTo(42);
    }

    @Test
    void applicationStartsAlthoughNobodyCanTellWhetherItIsOnTrial() throws Exception {
        Files.writeString(device.resolve(".ota/state"), "spoilt");

        assertThat(run()).contains("the files are those of one release: it starts");

        assertThat(folder.resolve("ran")).content().isEqualTo("one\n");
    }

    @Test
    void trialThatCannotBeReadWhenTheApplicationStartsIsWatchedAsSoonAsItCanBe() throws Exception {
        onTrial("exec sleep 600", Trial.of(3, Duration.ofSeconds(1)));
        Path state = device.resolve(".ota/state");
        String content = Files.readString(state);
        Files.writeString(state, "spoilt");
        Process process = guard("run", withApplication("--interval", "100ms"));
        awaitLine(process, "the trial cannot be watched: ");

        Files.writeString(state, content);

        assertThat(saidBy(process)).contains("2 (not healthy in time: ");
        assertThatTheOldVersionRan();
    }

    private void setModeOfTheState(String permissions) throws IOException {
        Files.setPosixFilePermissions(device.resolve(".ota"), PosixFilePermissions.fromString(permissions));
    }

    @Test
    void stateThatCannotBeWrittenForSomeTimeEndsNoWatch() throws Exception {
        onTrial("exec sleep 600", Trial.of(3, Duration.ofSeconds(3)));
        Process process = guard("run", withApplication("--interval", "100ms"));
        awaitLine(process, "not confirmed yet: the application did not confirm itself");
        setModeOfTheState("rwxr-xr-x");
        awaitLine(process, "not confirmed yet: its running time cannot be written down: ");

        setModeOfTheState("rwx------");

        assertThat(saidBy(process)).contains("2 (not healthy in time: ");
        assertThatTheOldVersionRan();
    }

    @Test
    void applicationThatWasEndedForARejectionThatCannotBeWrittenIsStartedAgain() throws Exception {
        onTrial("echo two started; exec sleep 600", Trial.of(3, Duration.ofSeconds(1)));
        Process process = guard("run", withApplication("--interval", "100ms"));
        awaitLine(process, "two started");
        setModeOfTheState("rwxr-xr-x");
        awaitLine(process, "not confirmed yet: what was found cannot be written down: ");
        awaitLine(process, "two started");

        setModeOfTheState("rwx------");

        assertThat(saidBy(process)).contains("2 (not healthy in time: ");
        assertThatTheOldVersionRan();
    }

    @Test
    void releaseWhoseProgramCannotBeStartedIsTakenBack() throws Exception {
        Path program = device.resolve("main.sh");
        install(ONE, "#!/bin/sh\necho one >> " + folder.resolve("ran"), InstallationOptions.defaults());
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        onTrial("#!/no/such/interpreter", Trial.of(2, LONG));

        assertThat(saidBy(guard("run", "--", program.toString()))).contains("the application does not start");

        assertThatTheOldVersionRan();
    }

    @Test
    void settledProgramThatCannotBeStartedIsNotTriedAgain() throws Exception {
        Process process = guard("run", "--", device.resolve("no such program").toString());

        awaitLine(process, "the application does not start");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    /** Opens the installation and never closes it. */
    static final class Hanging {
        private Hanging() {}

        public static void main(String[] arguments) throws Exception {
            try (Installation installation = Installation.open(Path.of(arguments[0]))) {
                System.err.println(installation.version() + " has opened the installation");
                Thread.currentThread().join();
            }
        }
    }

    private static ProcessBuilder hanging(Path device) {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classesOf(Guard.class) + ":" + classesOf(GuardTest.class),
                Hanging.class.getName(),
                device.toString());
    }

    @Test
    void releaseThatHangsWithTheInstallationOpenIsTakenBack() throws Exception {
        String words = "'" + String.join("' '", hanging(device).command()) + "'";
        onTrial("exec " + words, Trial.of(3, Duration.ofSeconds(5)));

        assertThat(run("--interval", "100ms")).contains("has opened the installation", "2 (not healthy in time: ");

        assertThatTheOldVersionRan();
    }

    @Test
    void watchEndsAReleaseThatHangsWithTheInstallationOpen() throws Exception {
        onTrial("true", Trial.of(3, Duration.ofSeconds(1)));
        Process application = hanging(device).redirectErrorStream(true).start();
        started.add(application);
        awaitLine(application, "has opened the installation");
        Path restarted = folder.resolve("restarted");

        Process watch = guard(
                "watch",
                "--health-command",
                "false",
                "--interval",
                "100ms",
                "--end",
                "kill " + application.pid(),
                "--restart",
                "touch " + restarted);

        assertThat(saidBy(watch)).contains("the release is rejected");
        assertThat(application.waitFor()).isEqualTo(128 + 15);
        assertThat(restarted).exists();
    }

    /** What it starts and does not hand its signals on to is ended with it. */
    @Test
    void everythingThatTheApplicationHasStartedEndsWithIt() throws Exception {
        // What outlives the guard must not keep this test waiting for the end of what they print.
        String sleeps = "sleep 50 > /dev/null 2>&1";
        onTrial(sleeps + " & echo started $!; " + sleeps + "; true", Trial.of(2, Duration.ofSeconds(1)));

        String said = run("--interval", "100ms");

        long left = Long.parseLong(Pattern.compile("started (\\d+)")
                .matcher(said)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1));
        assertThat(ProcessHandle.of(left).filter(ProcessHandle::isAlive)).isEmpty();
        assertThatTheOldVersionRan();
    }

    @Test
    void watchThatIsEndedWritesDownHowLongTheApplicationRan() throws Exception {
        onTrial("true", Trial.of(2, LONG));
        Process watch = guard("watch", "--health-command", "false");
        awaitLine(watch, "not confirmed yet");

        watch.destroy();

        assertThat(watch.waitFor()).isEqualTo(128 + 15);
        assertThat(status().trial().orElseThrow().remaining()).isLessThan(LONG);
    }

    @Test
    void settledReleaseStartsAndTheGuardEndsWithIt() throws Exception {
        run();

        assertThat(folder.resolve("ran")).content().isEqualTo("one\n");
    }

    /** As docs/guard.md has applications started: the link is there only while the files lie in slots. */
    @Test
    void applicationThatIsStartedThroughTheLinkIsTheRightOneBeforeAndAfterASwitchToSlots() throws Exception {
        String[] application = {
            "--", "/bin/sh", "-c", "cd %1$s/current 2>/dev/null || cd %1$s; exec /bin/sh main.sh".formatted(device)
        };
        Path ran = folder.resolve("ran");
        saidBy(guard("run", application));
        install(
                TWO,
                "echo two >> " + ran + "; exit 7",
                InstallationOptions.defaults().withLayout(Layout.SLOTS).withTrial(Trial.of(1, LONG)));

        assertThat(saidBy(guard("run", application))).contains("ended with status 7");

        assertThat(ran).content().isEqualTo("one\ntwo\none\n");
        assertThat(device.resolve("current")).doesNotExist();
    }

    /** What a hook of the command line has begun, and a kill has kept from being undone. */
    @Test
    void hookOfACutUpdateIsUndoneByTheGuard() throws Exception {
        cutAfter(CommandHook.named("command-line").withUndo(List.of("false")));

        Process start = guard("start", "--hook-undo", "touch " + folder.resolve("undone"));

        assertThat(start.waitFor()).isZero();
        assertThat(folder.resolve("undone")).exists();
    }

    @Test
    void hookThatTheGuardDoesNotHaveIsNamed() throws Exception {
        cutAfter(CommandHook.named("of-another-program").withUndo(List.of("false")));

        assertThat(saidBy(guard("start")))
                .contains("its hooks wait to be undone by a program that has them: of-another-program+undo");
    }

    private void cutAfter(UpdateHook started) {
        UpdateHook cut = new UpdateHook() {
            @Override
            public String name() {
                return "cut";
            }

            @Override
            public void beforeApply(Change change) {
                throw new OutOfMemoryError("no more of it");
            }
        };
        assertThatThrownBy(() -> install(
                        TWO,
                        "true",
                        InstallationOptions.defaults().withHook(started).withHook(cut)))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void hookIsToldThatTheVersionBeforeIsBack() throws Exception {
        onTrial("true", Trial.of(1, LONG));
        Path told = folder.resolve("told");

        assertThat(guard("start", "--hook-on-rollback", "touch " + told).waitFor())
                .isZero();
        assertThat(told).doesNotExist();
        assertThat(guard("start", "--hook-on-rollback", "touch " + told).waitFor())
                .isZero();

        assertThat(told).exists();
    }

    @Test
    void problemThatStaysIsToldOnce() throws Exception {
        onTrial("exec sleep 600", Trial.of(1, Duration.ofSeconds(1)));

        assertThat(run("--interval", "10ms"))
                .containsOnlyOnce("not confirmed yet: the application did not confirm itself");
    }

    @Test
    void healthyStartSaysHowManyMoreItTakes() throws Exception {
        onTrial("true", Trial.of(3, LONG).withHealthyStarts(3));

        Process watch = guard("watch", "--health-command", "true");

        assertThat(saidBy(watch))
                .contains("healthy in 1 of the 3 starts that it takes: the next one counts after a restart");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "file", "file/below"})
    void folderThatIsNotThereIsAWrongCommandLine(String name) throws Exception {
        Files.writeString(folder.resolve("file"), "no folder");
        device = folder.resolve(name);

        Process start = guard("start");

        awaitLine(start, "there is no folder " + device);
        assertThat(start.waitFor()).isEqualTo(2);
    }

    @Test
    void helpIsNoFailure() throws Exception {
        assertThat(saidBy(guard("start", "--help"))).startsWith("usage:");
    }

    @Test
    void wrongCommandLineIsExplained() throws Exception {
        Process process = guard("fly");

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .contains("no such verb: fly")
                .contains("usage:");
        assertThat(process.waitFor()).isEqualTo(2);
    }
}
