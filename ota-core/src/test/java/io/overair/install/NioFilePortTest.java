package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the sentences are those of Unix")
class NioFilePortTest {
    @TempDir
    Path root;

    private final FilePort port = new NioFilePort();

    @Nested
    class Contract extends FilePortContract {
        @Override
        FilePort port() {
            return port;
        }

        @Override
        Path root() {
            return root;
        }

        @Override
        Closeable bind(Path what, Path place) throws IOException {
            return BindMount.of(what, place);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "vfat, RENAMES_ARE_NOT_ATOMIC",
        "exfat, RENAMES_ARE_NOT_ATOMIC",
        "fat32, RENAMES_ARE_NOT_ATOMIC",
        "nfs4, LOCKS_ARE_LOCAL",
        "cifs, LOCKS_ARE_LOCAL"
    })
    void weaknessOfAStoreIsKnownByItsType(String type, StoreWarning.Weakness weakness) {
        assertThat(NioFilePort.weaknesses(type)).containsExactly(weakness);
        assertThat(NioFilePort.weaknesses("ext4")).isEmpty();
    }

    @Test
    void refusedLinkMeansAStoreWithoutLinksInAnyLanguageUnlessJavaKnowsBetter() {
        assertThat(NioFilePort.leavesReasonOpen(new FileSystemException("a", "b", "Operation not permitted")))
                .isTrue();
        assertThat(NioFilePort.leavesReasonOpen(new FileSystemException("a", "b", "Die Operation ist nicht erlaubt")))
                .isTrue();
        assertThat(NioFilePort.leavesReasonOpen(new FileAlreadyExistsException("b")))
                .isFalse();
        assertThat(NioFilePort.leavesReasonOpen(new NoSuchFileException("a"))).isFalse();
        assertThat(NioFilePort.leavesReasonOpen(new AccessDeniedException("b"))).isFalse();
    }

    @Test
    void setIdAndStickyBitsOfAFolderAreSetAndShown() throws IOException {
        Path folder = Files.createDirectory(root.resolve("folder"));

        port.setAttributes(folder, new Attributes(03775, Attributes.NO_OWNER));

        assertThat(port.status(folder).attributes().mode()).isEqualTo(03775);
    }

    @Test
    void setIdAndStickyBitsOfAFileAreNotShown() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        Files.setAttribute(file, "unix:mode", 04755);

        assertThat(port.status(file).attributes().mode()).isEqualTo(0755);
    }

    @Test
    void extendedAttributesOfUsersAreThoseOfTheOtherFileAfterwards() throws IOException {
        Path from = Files.createFile(root.resolve("from"));
        Path to = Files.createFile(root.resolve("to"));
        assumeTrue(
                Files.getFileStore(root).supportsFileAttributeView(UserDefinedFileAttributeView.class),
                "a store without extended attributes");
        Files.setAttribute(from, "user:origin", "factory".getBytes(UTF_8));
        Files.setAttribute(from, "user:empty", new byte[0]);
        Files.setAttribute(to, "user:origin", "a longer value".getBytes(UTF_8));
        Files.setAttribute(to, "user:other", "x".getBytes(UTF_8));

        port.copyUserAttributes(from, to);

        assertThat(Files.getFileAttributeView(to, UserDefinedFileAttributeView.class)
                        .list())
                .containsExactlyInAnyOrder("origin", "empty");
        assertThat((byte[]) Files.getAttribute(to, "user:origin")).isEqualTo("factory".getBytes(UTF_8));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "has a file system without extended attributes")
    void storeWithoutExtendedAttributesHasNoneToCopy() throws IOException {
        Path to = Files.createFile(root.resolve("to"));

        port.copyUserAttributes(Path.of("/proc/self/status"), to);

        assertThat(to).exists();
    }

    @Test
    void ownerIsSetAndThenTheMode() throws IOException {
        assumeTrue((int) Files.getAttribute(root, "unix:uid") == 0, "only root gives files away");
        Path file = Files.createFile(root.resolve("file"));
        Path link = Files.createSymbolicLink(root.resolve("link"), file);
        Attributes given = new Attributes(0640, "1234:5678");

        port.setAttributes(file, given);
        port.setAttributes(link, new Attributes(Attributes.NO_MODE, "8:9"));

        assertThat(port.status(file).attributes()).isEqualTo(given);
        assertThat(port.status(link).attributes().owner()).isEqualTo("8:9");
    }

    @Test
    void nothingIsCopiedFromOneStoreToAnother() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory), "no other store to write to");
        Path file = Files.createFile(root.resolve("file"));
        Path elsewhere = Files.createTempDirectory(memory, "overair");
        try {
            assumeTrue(!port.status(elsewhere).store().equals(port.status(root).store()), "one store only");

            assertThatExceptionOfType(AtomicMoveNotSupportedException.class)
                    .isThrownBy(() -> port.move(file, elsewhere.resolve("file")));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> port.link(file, elsewhere.resolve("file")));
            assertThat(elsewhere).isEmptyDirectory();
        } finally {
            Files.delete(elsewhere);
        }
    }

    @Nested
    class Locks {
        private Path file;

        @BeforeEach
        void stateFolder() throws IOException {
            Files.createDirectory(root.resolve(".ota"));
            file = root.resolve(".ota/lock");
        }

        @Test
        void holderIsNamedByProcessAndProgram() throws IOException {
            try (Closeable held = port.lock(file)) {
                assertThat(held).isNotNull();
                assertThatExceptionOfType(InstallationLockedException.class)
                        .isThrownBy(() -> port.lock(file))
                        .withMessageStartingWith(
                                "%s is locked by process %d (",
                                root, ProcessHandle.current().pid());
            }
        }

        @Test
        void holderThatCannotBeReadIsAnotherProcess() throws IOException {
            try (Closeable held = port.lock(file)) {
                assertThat(held).isNotNull();
                Files.delete(root.resolve(".ota/lock.owner"));

                assertThatExceptionOfType(InstallationLockedException.class)
                        .isThrownBy(() -> port.lock(file))
                        .withMessage("%s is locked by another process", root);
            }
        }

        @Test
        void holderCannotPutControlCharactersIntoTheMessage() throws IOException {
            try (Closeable held = port.lock(file)) {
                assertThat(held).isNotNull();
                Files.write(
                        root.resolve(".ota/lock.owner"),
                        new LockHolder(1, Optional.empty(), "\u001b[31mroot\ninit").toBytes());

                assertThatThrownBy(() -> port.lock(file))
                        .isInstanceOfSatisfying(
                                InstallationLockedException.class,
                                locked -> assertThat(locked.holder()).isEqualTo("process 1 ([31mroot init)"));
            }
        }

        @Test
        void holderIsForgottenWhenItLetsGo() throws IOException {
            port.lock(file).close();

            assertThat(root.resolve(".ota/lock.owner")).doesNotExist();
        }

        @Test
        void lockOfAnotherProcessIsRespectedUntilThatIsKilled() throws Exception {
            Process other = locking();
            try (BufferedReader answer = other.inputReader()) {
                assertThat(answer.readLine()).isEqualTo("held");

                assertThatThrownBy(() -> port.lock(file))
                        .isInstanceOfSatisfying(
                                InstallationLockedException.class,
                                locked -> assertThat(locked.holder()).startsWith("process " + other.pid()));
                other.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }

            port.lock(file).close();
        }

        @Test
        void anotherClassLoaderIsRefusedAndTakesNothingAway() throws Exception {
            URL classes =
                    NioFilePort.class.getProtectionDomain().getCodeSource().getLocation();
            Closeable held = port.lock(file);
            try (URLClassLoader stranger =
                    new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
                assertThatThrownBy(() -> lockIn(stranger))
                        .cause()
                        .extracting(cause -> cause.getClass().getName())
                        .isEqualTo(InstallationLockedException.class.getName());
                assertThat(answerOfAnotherProcess()).startsWith(root + " is locked by process ");

                held.close();
                lockIn(stranger).close();
            }
        }

        private Closeable lockIn(ClassLoader loader) throws ReflectiveOperationException {
            Class<?> type = Class.forName(NioFilePort.class.getName(), true, loader);
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            Method lock = type.getDeclaredMethod("lock", Path.class);
            lock.setAccessible(true);
            return (Closeable) lock.invoke(constructor.newInstance(), file);
        }

        private String answerOfAnotherProcess() throws Exception {
            Process other = locking();
            other.getOutputStream().close();
            try (BufferedReader answer = other.inputReader()) {
                return answer.readLine();
            } finally {
                other.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }
        }

        private Process locking() throws IOException {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            LockingProgram.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }
    }
}
