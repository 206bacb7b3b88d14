package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What an update leaves on a real disk beside the content of files, and what an installation tells about it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "modes and owners are those of Unix")
class InstalledTreeTest {
    @TempDir
    Path root;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(root.resolve("flash/lib"));
        Files.writeString(root.resolve("flash/main.py"), "old");
        Files.writeString(root.resolve("flash/lib/gone.py"), "gone");
    }

    private void update(Device.Offer offer) throws IOException {
        try (Installation installation = Installation.open(root)) {
            Device.install(installation, offer.manifest());
        }
    }

    private void rollBack() throws IOException {
        try (Installation installation = Installation.open(root)) {
            installation.rollBack();
        }
    }

    private Object attribute(String path, String name) throws IOException {
        return Files.getAttribute(root.resolve(path), "unix:" + name);
    }

    private int mode(String path) throws IOException {
        return (int) attribute(path, "mode") & 07777;
    }

    @Nested
    class Attribute {
        @Test
        void modeOfAReplacedFileStaysAndANewOneIsReadByAll() throws IOException {
            Files.setAttribute(root.resolve("flash/main.py"), "unix:mode", 0750);

            update(Device.offer("2").file("flash/main.py", "new").file("flash/new/x", "x"));

            assertThat(mode("flash/main.py")).isEqualTo(0750);
            assertThat(mode("flash/new")).isEqualTo(0755);
            assertThat(mode("flash/new/x")).isEqualTo(0644);
        }

        @Test
        void setIdBitsAreNotHandedOnToNewContent() throws IOException {
            Files.setAttribute(root.resolve("flash/main.py"), "unix:mode", 06755);

            update(Device.offer("2").file("flash/main.py", "new"));

            assertThat(mode("flash/main.py")).isEqualTo(0755);
        }

        @Test
        void setIdBitsComeBackWithWhatHadThem() throws IOException {
            Files.setAttribute(root.resolve("flash/main.py"), "unix:mode", 06755);
            Files.setAttribute(root.resolve("flash/lib"), "unix:mode", 03775);

            update(Device.offer("2").file("flash/main.py", "new").without("flash/lib/gone.py"));
            assertThat(root.resolve("flash/lib")).doesNotExist();
            rollBack();

            assertThat(mode("flash/main.py")).isEqualTo(06755);
            assertThat(mode("flash/lib")).isEqualTo(03775);
        }

        @Test
        void readOnlyFileIsReplacedAndStaysReadOnly() throws IOException {
            Files.setAttribute(root.resolve("flash/main.py"), "unix:mode", 0444);

            update(Device.offer("2").file("flash/main.py", "new"));
            assertThat(root.resolve("flash/main.py")).hasContent("new");
            assertThat(mode("flash/main.py")).isEqualTo(0444);

            rollBack();
            assertThat(root.resolve("flash/main.py")).hasContent("old");
            assertThat(mode("flash/main.py")).isEqualTo(0444);
        }

        @Test
        void ownerOfAReplacedFileStaysAndANewOneBelongsToItsFoldersOwner() throws IOException {
            assumeTrue((int) attribute("", "uid") == 0, "only root gives files away");
            Files.setAttribute(root.resolve("flash/main.py"), "unix:uid", 1234);
            Files.setAttribute(root.resolve("flash"), "unix:uid", 5678);

            update(Device.offer("2")
                    .file("flash/main.py", "new")
                    .file("flash/x", "x")
                    .file("flash/new/y", "y"));

            assertThat(attribute("flash/main.py", "uid")).isEqualTo(1234);
            assertThat(attribute("flash/x", "uid")).isEqualTo(5678);
            assertThat(attribute("flash/new", "uid")).isEqualTo(5678);
        }
    }

    @Nested
    class Folders {
        @Test
        void foldersThatTheReleaseEmptiesGoAndOthersStay() throws IOException {
            Files.createDirectories(root.resolve("flash/empty"));
            Files.createDirectories(root.resolve("flash/with/empty"));
            Files.writeString(root.resolve("flash/with/gone"), "gone");

            update(Device.offer("2").without("flash/lib/gone.py").without("flash/with/gone"));

            assertThat(root.resolve("flash/lib")).doesNotExist();
            assertThat(root.resolve("flash/empty")).isEmptyDirectory();
            assertThat(root.resolve("flash/with/empty")).isEmptyDirectory();
        }

        @Test
        void folderWithForeignFilesStays() throws IOException {
            Files.writeString(root.resolve("flash/lib/mine"), "mine");

            update(Device.offer("2").without("flash/lib/gone.py"));

            assertThat(root.resolve("flash/lib/mine")).hasContent("mine");
        }

        @Test
        void programThatHasAReplacedFileOpenKeepsTheOldOne() throws IOException {
            try (var open = Files.newInputStream(root.resolve("flash/main.py"))) {
                update(Device.offer("2").file("flash/main.py", "new"));

                assertThat(new String(open.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("old");
            }
        }

        @Test
        void backupThatAProgramChangedInPlaceIsNoWayBack() throws IOException {
            Path main = root.resolve("flash/main.py");
            try (var writer = Files.newOutputStream(main, java.nio.file.StandardOpenOption.WRITE)) {
                update(Device.offer("2").file("flash/main.py", "new"));
                writer.write('X');
            }

            assertThatThrownBy(InstalledTreeTest.this::rollBack).isInstanceOf(NoWayBackException.class);

            assertThat(main).hasContent("new");
        }

        @Test
        void backupOfAFileThatIsWrittenInPlaceIsACopy() throws IOException {
            Path main = root.resolve("flash/main.py");
            InstallationOptions options = InstallationOptions.defaults()
                    .withWrittenInPlace(path -> path.equals(new DevicePath("flash/main.py")));
            try (Installation installation = Installation.open(root, options);
                    var writer = Files.newOutputStream(main, java.nio.file.StandardOpenOption.WRITE)) {
                Device.install(
                        installation,
                        Device.offer("2").file("flash/main.py", "new").manifest());
                writer.write('X');
                installation.rollBack();
            }

            assertThat(main).hasContent("old");
        }
    }

    @Nested
    class Telling {
        @Test
        void verifyTellsWhatIsNotAsItWasInstalled() throws IOException {
            update(Device.offer("2")
                    .file("a", "a")
                    .file("b", "b")
                    .file("c", "c")
                    .file("d", "d")
                    .file("flash/main.py", "old"));
            try (Installation installation = Installation.open(root)) {
                assertThat(installation.verify()).isEmpty();

                Files.writeString(root.resolve("a"), "A");
                Files.delete(root.resolve("b"));
                Files.setAttribute(root.resolve("c"), "unix:mode", 0600);
                Files.delete(root.resolve("d"));
                Files.createDirectory(root.resolve("d"));
                Files.writeString(root.resolve("flash/main.py"), "changed");

                assertThat(installation.verify())
                        .containsExactly(
                                new Difference(new DevicePath("a"), Difference.Kind.CHANGED),
                                new Difference(new DevicePath("b"), Difference.Kind.MISSING),
                                new Difference(new DevicePath("c"), Difference.Kind.PERMISSIONS_CHANGED),
                                new Difference(new DevicePath("d"), Difference.Kind.MISSING),
                                new Difference(new DevicePath("flash/main.py"), Difference.Kind.CHANGED));
            }
        }

        @Test
        void statusIsReadWithoutTheLock() throws IOException {
            assertThat(Installation.statusOf(root).lastChange().outcome()).isEqualTo(Outcome.NONE);
            assertThat(root.resolve(".ota")).doesNotExist();
            try (Installation holding = Installation.open(root)) {
                Device.install(
                        holding, Device.offer("2").file("flash/main.py", "new").manifest());

                InstallationStatus status = Installation.statusOf(root);

                assertThat(status.version().map(Object::toString)).contains("2");
                assertThat(status.phase()).isEqualTo(InstallationStatus.Phase.IDLE);
                assertThat(status.lastChange().outcome()).isEqualTo(Outcome.UPDATED);
                assertThat(status.wayBack()).isEqualTo(InstallationStatus.WayBack.OPEN);
                assertThat(status).isEqualTo(holding.status());
            }
        }

        @Test
        void statusAfterARollbackNamesNoWayBack() throws IOException {
            update(Device.offer("2").file("flash/main.py", "new"));
            rollBack();

            InstallationStatus status = Installation.statusOf(root);

            assertThat(status.lastChange().outcome()).isEqualTo(Outcome.ROLLED_BACK);
            assertThat(status.wayBack()).isEqualTo(InstallationStatus.WayBack.NONE);
            assertThat(status.previous()).isEqualTo(Optional.empty());
        }

        @Test
        void rootHasToBeAFolder() {
            assertThatThrownBy(() -> Installation.open(root.resolve("none"))).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> Installation.open(root.resolve("flash/main.py")))
                    .isInstanceOf(NotDirectoryException.class);
        }
    }

    @Nested
    class Recovering {
        private final CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of("a", "old", "lib/gone", "gone"));

        private Recovery afterACutAt(int change) throws IOException {
            CrashDisk cut = disk.copy();
            CuttingPort port = new CuttingPort(cut, change);
            Device.Offer offer = Device.offer("2").file("a", "new").without("lib/gone");
            try {
                Device.plain().update("u", offer.manifest()).on(port);
            } catch (PowerCut | IOException expected) {
                assertThat(port.hasCut()).isTrue();
            }
            try (Installation installation = Device.plain().open(cut.afterKill(), "r")) {
                return installation.recovery();
            }
        }

        @Test
        void cutsOneAfterTheOtherAreCleanedUpThenFinished() throws IOException {
            assertThat(afterACutAt(0)).isEqualTo(Recovery.NOTHING_TO_DO);
            Recovery last = Recovery.NOTHING_TO_DO;
            int finished = 0;
            for (int change = 1; change < 1000 && (finished == 0 || last == Recovery.FINISHED); change++) {
                Recovery next = afterACutAt(change);
                assertThat(next.ordinal() == last.ordinal()
                                || (last == Recovery.NOTHING_TO_DO && next == Recovery.CLEANED_UP)
                                || (last == Recovery.CLEANED_UP && next == Recovery.FINISHED)
                                || (last == Recovery.FINISHED && next == Recovery.NOTHING_TO_DO))
                        .as("%s, then %s", last, next)
                        .isTrue();
                finished += next == Recovery.FINISHED ? 1 : 0;
                last = next;
            }
            assertThat(finished).isGreaterThan(5);
            assertThat(afterACutAt(1000)).isEqualTo(Recovery.NOTHING_TO_DO);
        }

        @Test
        void stagedFileThatIsLostAfterTheCommitMeansBack() throws IOException {
            FilePort port = new InterceptingPort(disk) {
                @Override
                void around(Operation operation, Call call) throws IOException {
                    call.run();
                    if (operation.to().filter(to -> to.endsWith("plan")).isPresent()) {
                        disk.unlink(Device.ROOT.resolve(".ota/txn/u0/new/0"));
                        throw new PowerCut("after the commit point");
                    }
                }
            };
            assertThatThrownBy(() -> Device.plain()
                            .update("u", Device.offer("2").file("a", "new").manifest())
                            .on(port))
                    .isInstanceOf(PowerCut.class);

            try (Installation installation = Device.plain().open(disk.afterKill(), "r")) {
                assertThat(installation.recovery()).isEqualTo(Recovery.UNDONE);
                assertThat(installation.status().lastChange().outcome()).isEqualTo(Outcome.UNDONE);
            }
        }

        @Test
        void whatSomebodyWritesMeanwhileWhereAFileIsToBeRemovedIsKept() throws IOException {
            FilePort port = new InterceptingPort(disk) {
                @Override
                void around(Operation operation, Call call) throws IOException {
                    call.run();
                    if (operation.to().filter(to -> to.endsWith("plan")).isPresent()) {
                        disk.unlink(Device.ROOT.resolve("lib/gone"));
                        disk.with(Device.ROOT, Map.of("lib/gone", "written meanwhile"));
                    }
                }
            };

            Device.plain()
                    .update("u", Device.offer("2").without("lib/gone").manifest())
                    .on(port);

            assertThat(disk.status(Device.ROOT.resolve("lib")).isAbsent()).isTrue();
            assertThat(disk.text(Device.ROOT.resolve(".ota/txn/u0/old/0.late"))).isEqualTo("written meanwhile");
        }

        @Test
        void cardThatIsMissingIsWaitedForWithoutTouchingAnything() throws IOException {
            Path sd = Device.ROOT.resolve("sd");
            CrashDisk carded = new CrashDisk()
                    .with(Device.ROOT, Map.of("a", "old"))
                    .mount(sd)
                    .with(sd, Map.of("b", "old"));
            CuttingPort port = new CuttingPort(carded, 75);
            Device.Offer offer = Device.offer("2").file("a", "new").file("sd/b", "new");
            assertThatThrownBy(
                            () -> Device.plain().update("u", offer.manifest()).on(port))
                    .isInstanceOf(PowerCut.class);
            assertThat(carded.status(Device.ROOT.resolve(".ota/txn/u0/plan")).isFile())
                    .isTrue();
            CrashDisk without = carded.afterKill().unmount(sd);
            TreeImage before = without.tree(Device.ROOT);

            assertThatThrownBy(() -> Device.plain().recover(without))
                    .isInstanceOf(RollbackFailedException.class)
                    .hasMessageContaining("waiting for sd");

            assertThat(without.tree(Device.ROOT)).isEqualTo(before);
            assertThat(StatusReader.read(new Tree(new Disk(without), Device.ROOT), VersionFile.DEFAULT)
                            .phase())
                    .isEqualTo(InstallationStatus.Phase.STUCK);
            CrashDisk again = carded.afterKill();
            Device.plain().recover(again);
            assertThat(again.text(sd.resolve("b"))).isEqualTo("new");
        }
    }

    @Test
    void folderThatMayNotBeChangedIsRefusedBeforeAnythingIsFetched() throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of("locked/x", "old"));
        FilePort port = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                call.run();
            }

            @Override
            public boolean isWritable(Path folder) {
                return !folder.endsWith("locked");
            }
        };

        try (Installation installation = Device.plain().open(port, "u")) {
            assertThatThrownBy(() -> installation.begin(
                            Device.offer("2").file("locked/new/x", "x").manifest()))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("locked");
            installation
                    .begin(Device.offer("2").file("other/x", "x").manifest())
                    .close();
        }
    }
}
