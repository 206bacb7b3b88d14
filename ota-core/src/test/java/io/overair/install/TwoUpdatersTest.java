package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One installation is changed by one updater at a time, wherever the other runs. */
class TwoUpdatersTest {
    private static final InstallationOptions IMPATIENT =
            InstallationOptions.defaults().withLockPatience(Duration.ZERO);
    private static final String SELF = "process " + ProcessHandle.current().pid();

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void device() throws IOException {
        root = UpdatingProgram.makeDevice(folder.resolve("device"));
    }

    /** Another process, which does what it is told, line by line. */
    private static final class Updater implements AutoCloseable {
        private final Process process = UpdatingProgram.start();
        private final PrintWriter commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        private final BufferedReader answers = process.inputReader();

        Updater() throws IOException {}

        void tell(String command) {
            commands.println(command);
        }

        String answer() throws IOException {
            return answers.readLine();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void ofTwoProcessesExactlyOneApplies() throws Exception {
        int rounds = System.getProperty("overair.proofs", "").equals("all") ? 200 : 20;
        try (Updater one = new Updater();
                Updater other = new Updater()) {
            for (int round = 0; round < rounds; round++) {
                Path contested = UpdatingProgram.makeDevice(folder.resolve("round" + round));

                one.tell("update " + contested);
                other.tell("update " + contested);

                assertThat(new String[] {one.answer(), other.answer()})
                        .containsExactlyInAnyOrder(UpdatingProgram.APPLIED, UpdatingProgram.NOTHING);
                assertThat(contested.resolve("flash/main.py")).hasContent("new main!");
            }
        }
    }

    @Test
    void whoWaitsTakesOverWhenTheHolderIsKilled() throws Exception {
        try (Updater holder = new Updater();
                Updater waiting = new Updater()) {
            holder.tell("wait 40 " + root);
            assertThat(holder.answer()).startsWith("before ");
            assertThatThrownBy(() -> Installation.open(root, IMPATIENT))
                    .isInstanceOfSatisfying(
                            InstallationLockedException.class,
                            locked -> assertThat(locked.holder()).startsWith("process " + holder.process.pid()));

            waiting.tell("update " + root);
            holder.kill();

            assertThat(waiting.answer()).isEqualTo(UpdatingProgram.APPLIED);
        }
        assertThat(root.resolve("flash/swap/file")).hasContent("in a folder");
    }

    @Test
    void secondInstanceInTheSameJvmIsRefusedAndToldWhoHoldsIt() throws IOException {
        try (Installation first = Installation.open(root)) {
            assertThatThrownBy(() -> Installation.open(root, IMPATIENT))
                    .isInstanceOfSatisfying(
                            InstallationLockedException.class,
                            locked -> assertThat(locked.holder()).startsWith(SELF));
            assertThat(first.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
        }

        Installation.open(root, IMPATIENT).close();
    }

    @Test
    void instanceOfAnotherClassLoaderIsRefusedAsWell() throws Exception {
        URL classes = Installation.class.getProtectionDomain().getCodeSource().getLocation();
        try (Installation first = Installation.open(root);
                URLClassLoader stranger =
                        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            assertThat(first.root()).isEqualTo(root.toRealPath());
            assertThatThrownBy(() -> openIn(stranger))
                    .cause()
                    .hasMessageContaining("is locked by " + SELF)
                    .extracting(cause -> cause.getClass().getName())
                    .isEqualTo(InstallationLockedException.class.getName());
        }
    }

    private void openIn(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> optionsType = loader.loadClass(InstallationOptions.class.getName());
        Object defaults = optionsType.getMethod("defaults").invoke(optionsType);
        Object options =
                optionsType.getMethod("withLockPatience", Duration.class).invoke(defaults, Duration.ZERO);
        Class<?> type = loader.loadClass(Installation.class.getName());
        Method open = type.getMethod("open", Path.class, optionsType);
        open.invoke(type, root, options);
    }

    @Test
    void closedInstallationChangesNothingAnyMore() throws IOException {
        Installation installation = Installation.open(root);
        UpdateTransaction transaction =
                installation.begin(Device.offer("2").without("flash/main.py").manifest());

        installation.close();

        assertThatThrownBy(transaction::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> installation.begin(UpdatingProgram.RELEASE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(installation::rollBack).isInstanceOf(IllegalStateException.class);
        assertThat(root.resolve("flash/main.py")).hasContent("old main");
    }
}
