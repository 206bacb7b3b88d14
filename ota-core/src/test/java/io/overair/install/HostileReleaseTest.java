package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.overair.install.Device.Offer;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise 3 on a real disk: whatever a release asks for and whatever lies in its way, nothing outside the root changes, and
 * what is refused leaves the tree as it was.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links, pipes and modes are those of Unix")
class HostileReleaseTest {
    @TempDir
    Path folder;

    private Path root;
    private Path outside;

    @BeforeEach
    void aDeviceBesideSomethingThatIsNotItsBusiness() throws IOException {
        root = Files.createDirectory(folder.resolve("device"));
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        write("flash/main.py", "old");
        write("lib/ours.py", "ours");
    }

    @AfterEach
    void nothingOutsideHasChanged() throws IOException {
        assertThat(outside).isDirectoryContaining("glob:**/secret");
        assertThat(outside.resolve("secret")).hasContent("secret");
        try (Stream<Path> found = Files.list(outside)) {
            assertThat(found).hasSize(1);
        }
        try (Stream<Path> found = Files.list(folder)) {
            assertThat(found).hasSizeLessThanOrEqualTo(3);
        }
    }

    private void write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static Offer offer() {
        return Device.offer("2");
    }

    private void update(Offer offer) throws IOException {
        try (Installation installation = Installation.open(root)) {
            Device.install(installation, offer.manifest());
        }
    }

    /** Refused before anything is fetched, the path named, the tree as it was; and so it is where it would get slots. */
    private void isRefused(Offer offer, String path, String reason) throws IOException {
        SortedMap<String, String> before = tree();
        for (Layout layout : List.of(Layout.IN_PLACE, Layout.SLOTS)) {
            InstallationOptions options = InstallationOptions.defaults().withLayout(layout);
            try (Installation installation = Installation.open(root, options)) {
                Manifest manifest = offer.manifest();
                assertThatThrownBy(() -> installation.begin(manifest))
                        .isInstanceOfSatisfying(
                                ConflictException.class,
                                conflict -> assertThat(conflict.path()).isEqualTo(path))
                        .hasMessageContaining(reason);
                assertThat(installation.status().phase()).isEqualTo(InstallationStatus.Phase.IDLE);
            }
            assertThat(tree()).isEqualTo(before);
        }
    }

    private SortedMap<String, String> tree() throws IOException {
        return describe(root, path -> path.startsWith(root.resolve(".ota")));
    }

    private interface Filter {
        boolean leavesOut(Path path);
    }

    private static SortedMap<String, String> describe(Path top, Filter filter) throws IOException {
        SortedMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(top)) {
            for (Path path : paths.filter(path -> !filter.leavesOut(path)).toList()) {
                tree.put(
                        top.relativize(path).toString(),
                        Files.isSymbolicLink(path)
                                ? "-> " + Files.readSymbolicLink(path)
                                : Files.isRegularFile(path) ? Files.readString(path) : "");
            }
        }
        return tree;
    }

    @Nested
    class Paths {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "../outside/secret", "flash/../../outside/secret", "//etc/passwd", "flash//x", "flash/.", "",
                    ".ota/state", ".OTA/state", "lib/.Ota/plan", "flash\\..\\x", "flash/a\u0000b", "flash/\u202Egpj.py"
                })
        void pathThatCouldLeadElsewhereCannotBeOffered(String path) {
            assertThatThrownBy(() -> offer().file(path, "x")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> offer().without(path)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void absolutePathAndPathsThatOnlyLookHostileStayInsideTheRoot() throws IOException {
            update(offer().file("/outside/secret", "mine")
                    .file("..a/b..", "dots")
                    .file(".otab/x", "x"));

            assertThat(root.resolve("outside/secret")).hasContent("mine");
            assertThat(root.resolve("..a/b..")).hasContent("dots");
            assertThat(root.resolve(".otab/x")).hasContent("x");
        }

        @Test
        void nameThatLeavesNoRoomForASuffixIsANameLikeAnyOther() throws IOException {
            String longest = "n".repeat(DevicePath.MAX_SEGMENT_BYTES);

            update(offer().file("flash/" + longest, "x").without("lib/" + longest));

            assertThat(root.resolve("flash/" + longest)).hasContent("x");
        }

        @Test
        void namesThatTheStoreCannotTellApartAreRefused() throws IOException {
            CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of("flash/main.py", "old"));
            TreeImage before = disk.tree(Device.ROOT);
            Manifest both = offer().file("lib/A.py", "1").file("lib/a.py", "2").manifest();
            Manifest renamed =
                    offer().without("flash/main.py").file("flash/Main.py", "2").manifest();
            Manifest harmless =
                    offer().file("lib/a.py", "1").file("lib/b.py", "2").manifest();

            try (Installation installation = Device.plain().open(folding(disk), "f")) {
                assertThatThrownBy(() -> installation.begin(both)).isInstanceOf(ConflictException.class);
                assertThatThrownBy(() -> installation.begin(renamed)).isInstanceOf(ConflictException.class);
                assertThat(disk.tree(Device.ROOT)).isEqualTo(before);
                Device.install(installation, harmless);
            }
            try (Installation installation = Device.plain().open(new CrashDisk().with(Device.ROOT, Map.of()), "f")) {
                Device.install(installation, both);
            }
        }

        @Test
        void namesThatOnlyAMountedStoreCannotTellApartAreRefusedThere() throws IOException {
            Path sd = Device.ROOT.resolve("sd");
            CrashDisk disk =
                    new CrashDisk().with(Device.ROOT, Map.of("a", "old")).mount(sd);
            Manifest onTheCard =
                    offer().file("sd/A.py", "1").file("sd/a.py", "2").manifest();
            Manifest beside = offer().file("A.py", "1")
                    .file("a.py", "2")
                    .file("sd/a.py", "3")
                    .manifest();

            try (Installation installation = Device.plain().open(folding(disk, sd), "f")) {
                assertThatThrownBy(() -> installation.begin(onTheCard))
                        .isInstanceOf(ConflictException.class)
                        .hasMessageContaining("this file store cannot tell it from sd/A.py");
                Device.install(installation, beside);
            }
        }

        private FilePort folding(FilePort disk) {
            return folding(disk, Path.of("/"));
        }

        /** The disk, as it would be if it did not tell cases apart in a folder. */
        private FilePort folding(FilePort disk, Path folder) {
            return (FilePort) Proxy.newProxyInstance(
                    FilePort.class.getClassLoader(), new Class<?>[] {FilePort.class}, (proxy, method, arguments) -> {
                        Object[] folded = Stream.ofNullable(arguments)
                                .flatMap(Arrays::stream)
                                .map(argument -> argument instanceof Path path && path.startsWith(folder)
                                        ? Path.of(path.toString().toLowerCase(Locale.ROOT))
                                        : argument)
                                .toArray();
                        try {
                            return method.invoke(disk, folded);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Nested
    class Links {
        @Test
        void linkAmongTheParentsIsRefused() throws IOException {
            Files.createSymbolicLink(root.resolve("flash/out"), outside);

            isRefused(offer().file("flash/out/secret", "forged"), "flash/out", "it is a link");
        }

        @Test
        void folderAmongTheParentsIsNot() throws IOException {
            Files.createDirectory(root.resolve("flash/out"));

            update(offer().file("flash/out/secret", "mine"));

            assertThat(root.resolve("flash/out/secret")).hasContent("mine");
        }

        @Test
        void nothingIsRemovedThroughALink() throws IOException {
            Files.createSymbolicLink(root.resolve("flash/out"), outside);

            update(offer().without("flash/out/secret").file("flash/x", "x"));

            assertThat(root.resolve("flash/out")).isSymbolicLink();
        }

        @Test
        void linkThatTookThePlaceOfAFolderToBeEmptiedIsNotRemoved() throws IOException {
            Files.createDirectory(root.resolve("emptied"));
            Files.writeString(root.resolve("emptied/gone"), "gone");
            try (Installation installation = Installation.open(root);
                    UpdateTransaction transaction = installation.begin(
                            offer().without("emptied/gone").file("x", "x").manifest())) {
                transaction.stage(transaction.missing().get(0), 0, Device.stream("x"));
                Files.move(root.resolve("emptied"), root.resolve("moved"));
                Files.createSymbolicLink(root.resolve("emptied"), outside);

                transaction.commit();
            }

            assertThat(root.resolve("emptied")).isSymbolicLink();
            assertThat(root.resolve("moved/gone")).hasContent("gone");
        }

        @Test
        void linkAtTheDestinationIsReplacedAndNotFollowed() throws IOException {
            Files.createSymbolicLink(root.resolve("flash/link"), outside.resolve("secret"));

            update(offer().file("flash/link", "mine"));

            assertThat(root.resolve("flash/link")).isRegularFile().hasContent("mine");
        }

        @Test
        void linkAtTheDestinationIsThereAgainAfterARollback() throws IOException {
            Files.createSymbolicLink(root.resolve("flash/link"), outside.resolve("secret"));
            SortedMap<String, String> before = tree();
            update(offer().file("flash/link", "mine"));

            try (Installation installation = Installation.open(root)) {
                installation.rollBack();
            }

            assertThat(tree()).isEqualTo(before);
        }

        @Test
        void linkPlantedBetweenBeginAndCommitIsRefused() throws IOException {
            try (Installation installation = Installation.open(root);
                    UpdateTransaction transaction = installation.begin(
                            offer().file("lib/secret", "forged").manifest())) {
                transaction.stage(transaction.missing().get(0), 0, Device.stream("forged"));
                Files.move(root.resolve("lib"), root.resolve("moved"));
                Files.createSymbolicLink(root.resolve("lib"), outside);

                assertThatThrownBy(transaction::commit)
                        .isInstanceOfSatisfying(
                                ConflictException.class,
                                conflict -> assertThat(conflict.path()).isEqualTo("lib"));
            }
            assertThat(root.resolve("lib")).isSymbolicLink();
        }

        @Test
        void linkPlantedAfterTheCommitPointIsNotFollowedEither() throws IOException {
            Path lib = root.resolve("lib");
            Path moved = root.resolve("moved");
            FilePort attacked = new InterceptingPort(new NioFilePort()) {
                @Override
                void around(Operation operation, Call call) throws IOException {
                    call.run();
                    if (operation.to().filter(to -> to.endsWith("plan")).isPresent()) {
                        Files.move(lib, moved);
                        Files.createSymbolicLink(lib, outside);
                    }
                }
            };
            Environment environment = new Environment(attacked, Clock.systemUTC(), Ids.random(), Thread::sleep);
            try (Installation installation = Installation.open(root, InstallationOptions.defaults(), environment)) {
                Manifest manifest = offer().file("lib/secret", "mine")
                        .without("lib/ours.py")
                        .manifest();

                assertThatThrownBy(() -> Device.install(installation, manifest))
                        .isInstanceOf(RollbackFailedException.class);
            }

            Files.delete(lib);
            Files.move(moved, lib);
            try (Installation installation = Installation.open(root)) {
                assertThat(installation.recovery()).isEqualTo(Recovery.FINISHED);
            }
            assertThat(lib.resolve("secret")).hasContent("mine");
        }
    }

    @Nested
    class ThingsInTheWay {
        @Test
        void pipeAtTheDestinationIsRefusedAndNeverOpened() throws Exception {
            Path pipe = root.resolve("flash/pipe");
            Process mkfifo;
            try {
                mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
            } catch (IOException e) {
                assumeTrue(false, "no mkfifo");
                return;
            }
            assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();

            isRefused(offer().file("flash/pipe", "x"), "flash/pipe", "neither file nor folder nor link");
            isRefused(offer().without("flash/pipe"), "flash/pipe", "neither file nor folder nor link");
        }

        @Test
        void socketAtTheDestinationIsRefused() throws IOException {
            try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                socket.bind(UnixDomainSocketAddress.of(root.resolve("flash/s")));

                isRefused(offer().file("flash/s", "x"), "flash/s", "neither file nor folder nor link");
            }
        }

        @Test
        void folderWithForeignFilesWhereAFileBelongsIsRefused() throws IOException {
            write("lib/foreign", "the user's");

            isRefused(offer().file("lib", "a file").without("lib/ours.py"), "lib", "foreign");
        }

        @Test
        void folderThatTheReleaseEmptiesGivesWay() throws IOException {
            Files.createDirectories(root.resolve("lib/empty/too"));

            update(offer().file("lib", "a file").without("lib/ours.py"));

            assertThat(root.resolve("lib")).hasContent("a file");
        }

        @Test
        void fileWhereAFolderBelongsIsRefused() throws IOException {
            isRefused(offer().file("flash/main.py/x", "x"), "flash/main.py", "it is a file");
        }

        @ParameterizedTest
        @ValueSource(strings = {"flash/OTA_VERSION.py/a", "flash/OTA_VERSION.py/a/b"})
        void folderWhereTheVersionIsWrittenIsRefused(String path) throws IOException {
            isRefused(offer().file(path, "x"), "flash/OTA_VERSION.py", "both a file and the folder of " + path);
        }

        @Test
        void fileThatTheReleaseRemovesGivesWay() throws IOException {
            update(offer().file("flash/main.py/x", "x").without("flash/main.py"));

            assertThat(root.resolve("flash/main.py/x")).hasContent("x");
        }
    }

    @Nested
    class Versions {
        @ParameterizedTest
        @ValueSource(strings = {"1'+__import__('os').system('reboot')+'", "1\"", "1\\", "1\n2", "1\u0000", "1\u0085"})
        void versionThatWouldBeCodeIsRefusedWhereItIsWrittenForThePycomClient(String version) throws IOException {
            isNoVersion(version, "quotes");
        }

        @Test
        void versionLongerThanADeviceReadsIsRefused() throws IOException {
            isNoVersion("1".repeat(129), "128");
        }

        private void isNoVersion(String version, String reason) throws IOException {
            Manifest manifest = Device.offer(version).file("flash/x", "x").manifest();
            SortedMap<String, String> before = tree();

            try (Installation installation = Installation.open(root)) {
                assertThatThrownBy(() -> installation.begin(manifest))
                        .isInstanceOf(ManifestException.class)
                        .hasMessageStartingWith("bad manifest: version: ")
                        .hasMessageContaining(reason);
            }
            assertThat(tree()).isEqualTo(before);
        }

        @ParameterizedTest
        @ValueSource(strings = {"1.0-rc1 (final)", "ä", "1'", "1\nEND 2", "%0A", "-"})
        void anyVersionIsRememberedWhereItIsWrittenNowhereElse(String version) throws IOException {
            InstallationOptions options = InstallationOptions.defaults().withoutVersionFile();
            try (Installation installation = Installation.open(root, options)) {
                Device.install(
                        installation, Device.offer(version).file("lib/x", "x").manifest());
            }

            try (Installation installation = Installation.open(root, options)) {
                assertThat(installation.version().map(Object::toString)).isEqualTo(Optional.of(version));
                assertThat(installation.events()).noneMatch(event -> event.startsWith("END"));
            }
        }
    }

    @Nested
    class PlantedStateFolders {
        @Test
        void linkIsNoStateFolder() throws IOException {
            Files.createSymbolicLink(root.resolve(".ota"), outside);

            isUntrusted(root.resolve(".ota"), "not a folder");
        }

        @ParameterizedTest
        @ValueSource(strings = {"rwxrwxrwx", "rwxr-x---", "rwx-----x"})
        void folderThatOthersMayEnterIsNone(String mode) throws IOException {
            Files.createDirectory(root.resolve(".ota"));
            Files.setPosixFilePermissions(root.resolve(".ota"), PosixFilePermissions.fromString(mode));

            isUntrusted(root.resolve(".ota"), "others have access");
        }

        @Test
        void folderOfAnotherUserIsNoneEvenIfHePlantedTheHoldersNameToo() throws IOException {
            assumeTrue((int) Files.getAttribute(root, "unix:uid") == 0, "only root gives files away");
            Installation.open(root).close();
            Files.createFile(root.resolve(".ota/lock.owner"));
            for (String planted : List.of(".ota/lock.owner", ".ota")) {
                Files.setAttribute(root.resolve(planted), "unix:uid", 1234);
            }

            isUntrusted(root.resolve(".ota"), "belongs to user 1234");
        }

        @Test
        void nothingIsMadeInAFolderOfAnotherUser() throws IOException {
            assumeTrue((int) Files.getAttribute(root, "unix:uid") == 0, "only root gives files away");
            assumeTrue(Files.exists(Path.of("/proc/self/status")), "the system does not say who runs this");
            Path folder = Files.createDirectory(
                    root.resolve(".ota"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path victim = Files.writeString(root.resolve("victim"), "untouched");
            Files.createSymbolicLink(folder.resolve("lock.owner"), victim);
            Files.setAttribute(folder, "unix:uid", 1234);

            isUntrusted(folder, "belongs to user 1234");

            assertThat(victim).hasContent("untouched");
            assertThat(folder.resolve("lock")).doesNotExist();
        }

        @Test
        void folderOfAnotherUserIsNoneEvenIfTheHoldersNameCannotBeReplaced() throws IOException {
            Installation.open(root).close();
            Files.createFile(
                    Files.createDirectory(root.resolve(".ota/lock.owner")).resolve("planted"));
            if ((int) Files.getAttribute(root, "unix:uid") == 0) {
                for (String planted : List.of(".ota/lock.owner/planted", ".ota/lock.owner")) {
                    Files.setAttribute(root.resolve(planted), "unix:uid", 1234);
                }
            }

            isUntrusted(root.resolve(".ota/lock.owner"), "cannot be replaced");
            isUntrusted(root.resolve(".ota/lock.owner"), "cannot be replaced");
            Files.delete(root.resolve(".ota/lock.owner/planted"));
            Installation.open(root).close();
        }

        @Test
        void folderMadeBeforehandByTheSameUserIsFine() throws IOException {
            Files.createDirectory(
                    root.resolve(".ota"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

            update(offer().file("lib/x", "x"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"state", "installed", "txn/cut/plan"})
        void spoiltFileStopsEverythingAndIsLeftAsItIs(String file) throws IOException {
            update(offer().file("lib/x", "x"));
            Path spoilt = root.resolve(".ota").resolve(file);
            Files.createDirectories(spoilt.getParent());
            Files.writeString(spoilt, "OTAPLAN 1 cut - - 0\nEND 0\n");

            isUntrusted(spoilt, "spoilt");
        }

        @Test
        void folderWhereThePlanBelongsStopsEverything() throws IOException {
            update(offer().file("lib/x", "x"));
            Path planted = Files.createDirectories(root.resolve(".ota/txn/cut/plan"));

            isUntrusted(planted, "no file");
        }

        @Test
        void planThatLeadsOutsideIsNotFollowed() throws IOException {
            update(offer().file("lib/x", "x"));
            Path plan = root.resolve(".ota/txn/cut/plan");
            Files.createDirectories(plan.getParent());
            for (String line :
                    List.of("0 del ../outside/secret absent absent - -", "0 del .ota/state absent absent - -")) {
                Files.write(plan, sealed("OTAPLAN 1 cut - - 1", "store 0 . 0", line));
                isUntrusted(plan, "spoilt");
            }
            Files.write(plan, sealed("OTAPLAN 1 cut - - 0", "store 0 ../outside 0"));
            isUntrusted(plan, "spoilt");
            Files.write(plan, sealed("OTAPLAN 1 .. - - 0", "store 0 . 0"));
            isUntrusted(plan, "spoilt");
            Files.write(plan, sealed("OTAPLAN 1 other - - 0", "store 0 . 0"));
            isUntrusted(plan, "belongs to another transaction");
        }

        private byte[] sealed(String... lines) throws IOException {
            SealedText text = new SealedText();
            for (String line : lines) {
                text.line((Object[]) line.split(" "));
            }
            return text.toBytes();
        }

        private void isUntrusted(Path what, String reason) throws IOException {
            Filter lock = path -> path.endsWith("lock") || path.endsWith("lock.owner");
            SortedMap<String, String> before = describe(root, lock);

            assertThatThrownBy(() -> Installation.open(root))
                    .isInstanceOfSatisfying(
                            UntrustedStateException.class,
                            untrusted -> assertThat(untrusted.path()).isEqualTo(what.toAbsolutePath()))
                    .hasMessageContaining(reason);

            assertThat(describe(root, lock)).isEqualTo(before);
        }
    }
}
