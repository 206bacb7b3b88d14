package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders and files of the same store that are mounted in the tree: a rename ends there, though no device number says so. */
class MountsInTheTreeTest {
    private static final Device DEVICE = Device.plain();
    private static final Path DATA = Path.of("/data");
    private static final Path SD = Device.ROOT.resolve("sd");

    private final CrashDisk disk =
            new CrashDisk().with(DATA, Map.of("a", "old", "gone", "gone")).with(SD, Map.of());

    private static Device.Offer offer() {
        return Device.offer("2").file("main", "new");
    }

    private void isRefused(Device.Offer offer, String path, String reason) throws IOException {
        TreeImage before = disk.tree(Device.ROOT);
        try (Installation installation = DEVICE.open(disk, "u")) {
            assertThatThrownBy(() -> installation.begin(offer.manifest()))
                    .isInstanceOfSatisfying(
                            ConflictException.class,
                            conflict -> assertThat(conflict.path()).isEqualTo(path))
                    .hasMessageContaining(reason);
        }
        assertThat(disk.tree(Device.ROOT)).isEqualTo(before);
    }

    @Nested
    class OnThisMachine {
        @TempDir
        Path folder;

        private Path root;
        private Path data;

        @BeforeEach
        void treeAndData() throws IOException {
            root = Files.createDirectory(folder.toRealPath().resolve("root"));
            data = Files.createDirectory(folder.resolve("data"));
            Files.createDirectory(root.resolve("sd"));
            Files.writeString(root.resolve("main"), "old");
        }

        private void update(Device.Offer offer) throws IOException {
            try (Installation installation = Installation.open(root)) {
                Device.install(installation, offer.manifest());
            }
        }

        @Test
        void filesBelowABindMountAreChangedAddedAndRemovedAndBroughtBack() throws IOException {
            Files.writeString(data.resolve("a"), "old");
            Files.createDirectory(data.resolve("old"));
            Files.writeString(data.resolve("old/gone"), "gone");
            try (Closeable mount = BindMount.of(data, root.resolve("sd"))) {
                assertThat(mount).isNotNull();

                update(offer().file("sd/a", "new").file("sd/deep/er", "more").without("sd/old/gone"));

                assertThat(root.resolve("main")).hasContent("new");
                assertThat(data.resolve("a")).hasContent("new");
                assertThat(data.resolve("deep/er")).hasContent("more");
                assertThat(data.resolve("old")).doesNotExist();
                try (Installation installation = Installation.open(root)) {
                    installation.rollBack();
                }
                assertThat(root.resolve("main")).hasContent("old");
                assertThat(data.resolve("a")).hasContent("old");
                assertThat(data.resolve("old/gone")).hasContent("gone");
                assertThat(data.resolve("deep")).doesNotExist();
            }
        }

        @Test
        void mountOnWhichAnotherIsMountedIsOneStore() throws IOException {
            Path other = Files.createDirectory(folder.resolve("other"));
            try (Closeable below = BindMount.of(other, root.resolve("sd"));
                    Closeable above = BindMount.of(data, root.resolve("sd"))) {
                assertThat(below).isEqualTo(above);

                update(offer().file("sd/a", "new"));

                assertThat(data.resolve("a")).hasContent("new");
                assertThat(other).isEmptyDirectory();
            }
        }

        @Test
        void rootThatIsItselfMountedIsNothingSpecial() throws IOException {
            try (Closeable mount = BindMount.of(root, root)) {
                assertThat(mount).isNotNull();

                update(offer().file("sd/a", "new"));

                assertThat(root.resolve("sd/a")).hasContent("new");
                assertThat(root.resolve("sd/.ota")).doesNotExist();
            }
        }

        @Test
        void mountThatHadAllThatItNeedsIsWaitedForWhenItIsGone() throws IOException {
            Files.writeString(data.resolve("a"), "a");
            try (Closeable mount = BindMount.of(data, root.resolve("sd"))) {
                assertThat(mount).isNotNull();
                update(offer().file("sd/a", "a"));
            }

            assertThatThrownBy(() -> update(Device.offer("3").file("sd/a", "newer")))
                    .isInstanceOf(MissingStoreException.class);
        }

        @Test
        void fileThatIsMountedIsRefusedBeforeAnythingIsFetched() throws IOException {
            Path certificate = Files.writeString(folder.resolve("certificate"), "secret");
            try (Closeable mount = BindMount.of(certificate, root.resolve("main"));
                    Installation installation = Installation.open(root)) {
                assertThat(mount).isNotNull();

                assertThatThrownBy(() -> installation.begin(offer().manifest()))
                        .isInstanceOf(ConflictException.class)
                        .hasMessage("main: another file is mounted on it");
                installation
                        .begin(Device.offer("2").file("other", "new").manifest())
                        .close();
            }
        }

        @Test
        void rootInsideItselfIsRefused() throws IOException {
            try (Closeable mount = BindMount.of(root, root.resolve("sd"));
                    Installation installation = Installation.open(root)) {
                assertThat(mount).isNotNull();

                assertThatThrownBy(() ->
                                installation.begin(offer().file("sd/b", "2").manifest()))
                        .isInstanceOf(ConflictException.class)
                        .hasMessage("sd: it is the same folder as the root");
            }
        }
    }

    @Test
    void mountedFileIsNeitherReplacedNorRemoved() throws IOException {
        disk.with(Device.ROOT, Map.of("main", "old", "keep", "k")).bind(DATA.resolve("a"), Device.ROOT.resolve("main"));

        isRefused(offer(), "main", "another file is mounted on it");
        isRefused(Device.offer("2").without("main"), "main", "another file is mounted on it");
        isRefused(Device.offer("2").without("main").file("main/x", "x"), "main", "another file is mounted on it");
        DEVICE.update("v", Device.offer("2").file("keep", "new").manifest()).on(disk);
        DEVICE.update(
                        "w",
                        Device.offer("3")
                                .file("main", "old")
                                .file("keep", "newer")
                                .manifest())
                .on(disk.unmount(Device.ROOT.resolve("main")));
    }

    @Test
    void mountedFileThatIsTheReleasesIsLeftAlone() throws IOException {
        disk.with(Device.ROOT, Map.of("main", "old", "keep", "k")).bind(DATA.resolve("a"), Device.ROOT.resolve("main"));

        DEVICE.update(
                        "u",
                        Device.offer("2")
                                .file("main", "old")
                                .file("keep", "new")
                                .manifest())
                .on(disk);

        assertThat(disk.text(Device.ROOT.resolve("keep"))).isEqualTo("new");
    }

    @Test
    void folderWithTwoPathsIsRefusedOnlyIfTheReleaseNamesBoth() throws IOException {
        disk.with(Device.ROOT, Map.of("lib/py/x", "old")).bind(Device.ROOT.resolve("lib"), SD);

        isRefused(offer().file("lib/a", "1").file("sd/b", "2"), "sd", "it is the same folder as lib");
        isRefused(offer().file("lib/py/x", "old").file("sd/b", "2"), "sd", "it is the same folder as lib");
        DEVICE.update("v", offer().file("lib/py/x", "new").manifest()).on(disk);
        DEVICE.update("w", Device.offer("3").file("sd/py/x", "newer").manifest())
                .on(disk);

        assertThat(disk.text(Device.ROOT.resolve("lib/py/x"))).isEqualTo("newer");
    }

    @Test
    void stateFolderFromElsewhereIsRefused() throws IOException {
        disk.with(Device.ROOT.resolve(".ota"), Map.of()).with(DATA.resolve("state"), Map.of());
        disk.setAttributes(DATA.resolve("state"), new Attributes(0700, Attributes.NO_OWNER));
        disk.bind(DATA.resolve("state"), Device.ROOT.resolve(".ota"));

        isRefused(offer(), "/device/.ota", "no rename leads from there into the tree");
    }

    @Test
    void folderThatWasMountedOnItselfIsFinishedWithoutTheMount() throws IOException {
        disk.with(SD, Map.of("a", "old")).bind(SD, SD);
        CrashDisk cut = committed(offer().file("sd/a", "new")).unmount(SD);

        DEVICE.recover(cut);

        assertThat(cut.text(SD.resolve("a"))).isEqualTo("new");
    }

    @Test
    void whatWasMountedSinceTheCutIsWaitedForWithoutTouchingAnything() throws IOException {
        disk.with(SD, Map.of("a", "old"));
        CrashDisk cut = committed(offer().file("sd/a", "new"));
        CrashDisk mounted = cut.copy().bind(SD, SD);
        TreeImage before = mounted.tree(Device.ROOT);

        assertThatThrownBy(() -> DEVICE.recover(mounted))
                .isInstanceOf(RollbackFailedException.class)
                .hasMessageContaining("waiting for /device/sd/a");

        assertThat(mounted.tree(Device.ROOT)).isEqualTo(before);
        DEVICE.recover(cut);
        assertThat(cut.text(SD.resolve("a"))).isEqualTo("new");
    }

    /** The disk, cut right after the commit point. */
    private CrashDisk committed(Device.Offer offer) {
        FilePort port = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                call.run();
                if (operation.to().filter(to -> to.endsWith("plan")).isPresent()) {
                    throw new PowerCut("after the commit point");
                }
            }
        };
        assertThatThrownBy(() -> DEVICE.update("u", offer.manifest()).on(port)).isInstanceOf(PowerCut.class);
        return disk.afterKill();
    }

    /** A card on which the library has put files. */
    @Nested
    class CardWithFilesOfTheInstallation {
        private static final Path OTHER = Path.of("/other");

        private final Device.Offer second =
                Device.offer("3").file("main", "newer").file("sd/a", "newer");

        @BeforeEach
        void update() throws IOException {
            disk.with(OTHER, Map.of("a", "of another")).bind(DATA, SD);
            DEVICE.update("u", offer().file("sd/a", "new").manifest()).on(disk);
        }

        private void isWaitedFor(Device.Offer offer) throws IOException {
            isWaitedFor(DEVICE, offer);
        }

        private void isWaitedFor(Device device, Device.Offer offer) throws IOException {
            TreeImage before = disk.tree(Device.ROOT);
            try (Installation installation = device.open(disk, "w")) {
                assertThatThrownBy(() -> installation.begin(offer.manifest()))
                        .isInstanceOfSatisfying(
                                MissingStoreException.class,
                                missing -> assertThat(missing.mount()).hasToString("sd"))
                        .hasMessageStartingWith("waiting for sd: ");
            }
            assertThat(disk.tree(Device.ROOT)).isEqualTo(before);
        }

        @Test
        void isWaitedForWhileItIsMissing() throws IOException {
            disk.unmount(SD);

            isWaitedFor(second);
            isWaitedFor(Device.offer("3").without("sd/gone"));
            isWaitedFor(Device.offer("3").file("sd", "a file"));

            DEVICE.update("v", second.manifest()).on(disk.bind(DATA, SD));
            assertThat(disk.text(SD.resolve("a"))).isEqualTo("newer");
            assertThat(disk.text(Device.ROOT.resolve("main"))).isEqualTo("newer");
        }

        @Test
        void isWaitedForWhileAnotherOneIsThere() throws IOException {
            disk.unmount(SD).bind(OTHER, SD);

            isWaitedFor(second);

            DEVICE.update("v", second.manifest()).on(disk.unmount(SD).bind(DATA, SD));
            assertThat(disk.text(OTHER.resolve("a"))).isEqualTo("of another");
        }

        @Test
        void isNotNeededForAReleaseThatHasNothingOnIt() throws IOException {
            disk.unmount(SD);

            DEVICE.update("v", Device.offer("2.1").file("main", "newer").manifest())
                    .on(disk);

            isWaitedFor(second);
        }

        @Test
        void isNeededForTheSwitchToSlots() throws IOException {
            disk.unmount(SD);

            isWaitedFor(
                    new Device(port -> InstallationOptions.defaults().withLayout(Layout.SLOTS)),
                    Device.offer("3").file("main", "newer"));
        }

        @Test
        void isNeededForAVersionFileOnIt() throws IOException {
            Device onCard =
                    new Device(port -> InstallationOptions.defaults().withVersionFile(new DevicePath("sd/version.py")));
            disk.unmount(SD);

            isWaitedFor(onCard, Device.offer("3").file("main", "newer"));
        }

        @Test
        void isWaitedForIfItIsTakenOutDuringTheDownload() throws IOException {
            try (Installation installation = DEVICE.open(disk, "v");
                    UpdateTransaction transaction = installation.begin(second.manifest())) {
                for (Target target : transaction.missing()) {
                    transaction.stage(target, 0, Device.stream(target.reference()));
                }
                disk.unmount(SD);

                assertThatThrownBy(transaction::commit).isInstanceOf(MissingStoreException.class);
            }
            assertThat(disk.text(Device.ROOT.resolve("main"))).isEqualTo("new");
        }

        @Test
        void isNeededForARollback() throws IOException {
            assertThat(status().wayBack()).isEqualTo(InstallationStatus.WayBack.OPEN);
            disk.unmount(SD);
            TreeImage before = disk.tree(Device.ROOT);

            assertThatThrownBy(() -> DEVICE.rollBack("b").on(disk))
                    .isInstanceOfSatisfying(
                            MissingStoreException.class,
                            missing -> assertThat(missing.mount()).hasToString("sd"));

            assertThat(disk.tree(Device.ROOT)).isEqualTo(before);
            assertThat(status().wayBack()).isEqualTo(InstallationStatus.WayBack.WAITING);
            DEVICE.rollBack("c").on(disk.bind(DATA, SD));
            assertThat(disk.text(SD.resolve("a"))).isEqualTo("old");
        }

        private final Device tried =
                new Device(port -> InstallationOptions.defaults().withTrial(Trial.of(2, Duration.ofMinutes(10))));
        private final Path itsReserve = SD.resolve(".ota/reserve");

        @Test
        void thatTheReleaseHasFilledCanBeUndoneAllTheSame() throws IOException {
            tried.update("v", second.manifest()).on(disk);
            FilePort full = new InterceptingPort(disk) {
                @Override
                void around(Operation operation, Call call) throws IOException {
                    boolean takesRoom = Fault.ENOSPC.concerns(operation) && operation.kind() != Operation.Kind.MOVE;
                    if (takesRoom
                            && operation.path().startsWith(SD)
                            && disk.status(itsReserve).isFile()) {
                        throw Fault.ENOSPC.exception(operation.path());
                    }
                    call.run();
                }
            };

            assertThat(disk.status(itsReserve).isFile()).isTrue();
            tried.rollBack("b").on(full);

            assertThat(disk.text(SD.resolve("a"))).isEqualTo("new");
            assertThat(disk.status(itsReserve).isAbsent()).isTrue();
        }

        @Test
        void hasItsRoomBackWhenTheReleaseIsConfirmed() throws IOException {
            tried.update("v", second.manifest()).on(disk);

            try (Installation installation = tried.open(disk, "c")) {
                installation.confirm(LooseVersion.parse(second.version()));
            }

            assertThat(disk.status(itsReserve).isAbsent()).isTrue();
        }

        @Test
        void hasItsRoomBackWhenNothingCameOfTheUpdate() throws IOException {
            FilePort failing = FaultyPort.forEver(
                    disk, Fault.EIO, 1, operation -> operation.path().endsWith("plan.tmp"));

            assertThatThrownBy(() -> tried.update("v", second.manifest()).on(failing))
                    .isInstanceOf(IOException.class);

            assertThat(disk.status(itsReserve).isAbsent()).isTrue();
        }

        @Test
        void rejectedReleaseIsTakenBackWhenItIsThereAgain() throws IOException {
            Device trying =
                    new Device(port -> InstallationOptions.defaults().withTrial(Trial.of(2, Duration.ofMinutes(10))));
            trying.update("v", second.manifest()).on(disk);
            try (Installation installation = trying.open(disk, "w")) {
                installation.reject(LooseVersion.parse(second.version()), "no");
            }
            disk.unmount(SD);
            Path reserve = Device.ROOT.resolve(".ota/reserve");

            try (Installation installation = trying.open(disk, "x")) {
                assertThat(installation.recovery()).isEqualTo(Recovery.STAYS);
            }
            assertThat(disk.status(reserve).isFile()).isTrue();
            trying.recover(disk.bind(DATA, SD));

            assertThat(disk.text(SD.resolve("a"))).isEqualTo("new");
            assertThat(disk.status(reserve).isAbsent()).isTrue();
        }

        @Test
        void isNamedByTheStatusWithTheFolderAndTheStoreThatBelongsThere() throws IOException {
            InstallationStatus.Store there = status().stores().get(0);
            disk.unmount(SD);
            InstallationStatus.Store missing = status().stores().get(0);
            disk.bind(OTHER, SD);
            InstallationStatus.Store replaced = status().stores().get(0);

            assertThat(there.mount()).hasToString("sd");
            assertThat(there.presence()).isEqualTo(InstallationStatus.Presence.THERE);
            assertThat(missing)
                    .isEqualTo(replaced)
                    .isEqualTo(new InstallationStatus.Store(
                            there.mount(), there.id(), InstallationStatus.Presence.MISSING));
        }

        @Test
        void thatCannotBeReadIsMissingAndHidesNothingElse() throws IOException {
            FilePort failing = FaultyPort.forEver(
                    disk, Fault.EIO, 1, operation -> operation.path().startsWith(SD.resolve(".ota")));

            InstallationStatus status =
                    StatusReader.read(new Tree(new Disk(failing), Device.ROOT), VersionFile.DEFAULT);

            assertThat(status.version()).contains(LooseVersion.parse("2"));
            assertThat(status.stores())
                    .extracting(InstallationStatus.Store::presence)
                    .containsExactly(InstallationStatus.Presence.MISSING);
        }

        @Test
        void isForgottenWithItsLastFile() throws IOException {
            DEVICE.update("v", Device.offer("3").without("sd/a").manifest()).on(disk);

            DEVICE.update("w", Device.offer("4").file("sd/b", "4").manifest()).on(disk.unmount(SD));

            assertThat(disk.text(SD.resolve("b"))).isEqualTo("4");
        }

        @Test
        void isKnownAgainAfterARollback() throws IOException {
            DEVICE.update("v", Device.offer("3").without("sd/a").manifest()).on(disk);
            DEVICE.rollBack("b").on(disk);
            disk.unmount(SD);

            isWaitedFor(second);
        }

        @Test
        void thatIsGoneForGoodIsReplacedByWhatIsThere() throws IOException {
            Device replaced =
                    new Device(port -> InstallationOptions.defaults().withReplacedStore(new DevicePath("sd")));
            disk.unmount(SD).bind(OTHER, SD);

            replaced.update("v", second.manifest()).on(disk);
            DEVICE.update("w", Device.offer("4").file("sd/a", "newest").manifest())
                    .on(disk);

            assertThat(disk.text(OTHER.resolve("a"))).isEqualTo("newest");
            disk.unmount(SD).bind(DATA, SD);
            isWaitedFor(second);
        }

        private void isLeftOut() throws IOException {
            assertThat(disk.text(Device.ROOT.resolve("main"))).isEqualTo("new");
            assertThat(disk.text(OTHER.resolve("a"))).isEqualTo("of another");
            assertThat(status().stores()).isEmpty();
            try (Installation installation = DEVICE.open(disk, "l")) {
                assertThat(installation.verify()).isEmpty();
                assertThat(installation.events()).anyMatch(event -> event.endsWith(" store-left-out mount=sd"));
            }
            DEVICE.update("w", second.manifest()).on(disk);
            assertThat(disk.text(OTHER.resolve("a"))).isEqualTo("newer");
        }

        @Test
        void thatIsGoneForGoodIsLeftOutOfARollback() throws IOException {
            Device replaced =
                    new Device(port -> InstallationOptions.defaults().withReplacedStore(new DevicePath("sd")));
            DEVICE.update("v", second.manifest()).on(disk);
            disk.unmount(SD).bind(OTHER, SD);

            replaced.rollBack("b").on(disk);

            isLeftOut();
        }

        @Test
        void thatIsGoneForGoodDoesNotKeepARejectedRelease() throws IOException {
            Device replaced =
                    new Device(port -> InstallationOptions.defaults().withReplacedStore(new DevicePath("sd")));
            tried.update("v", second.manifest()).on(disk);
            try (Installation installation = tried.open(disk, "x")) {
                installation.reject(LooseVersion.parse(second.version()), "no");
            }
            disk.unmount(SD).bind(OTHER, SD);

            try (Installation installation = replaced.open(disk, "y")) {
                assertThat(installation.recovery()).isEqualTo(Recovery.ROLLED_BACK);
                assertThat(installation.unblock(LooseVersion.parse(second.version())))
                        .isTrue();
            }

            isLeftOut();
        }

        @Test
        void thatIsStillThereIsBroughtBackThoughItWasSaidToBeGone() throws IOException {
            Device replaced =
                    new Device(port -> InstallationOptions.defaults().withReplacedStore(new DevicePath("sd")));
            DEVICE.update("v", second.manifest()).on(disk);

            replaced.rollBack("b").on(disk);

            assertThat(disk.text(SD.resolve("a"))).isEqualTo("new");
        }
    }

    /** A card whose files were the release's before the update. */
    @Nested
    class CardThatWasRightAlready {
        private final Device.Offer first = offer().file("sd/a", "old");
        private final Device.Offer second =
                Device.offer("3").file("main", "newer").file("sd/a", "newer");

        @Test
        void isWaitedForLikeOneThatWasChanged() throws IOException {
            disk.bind(DATA, SD);
            DEVICE.update("u", first.manifest()).on(disk);
            disk.unmount(SD);

            isWaitedFor(second, "the file store that belongs there is missing");

            DEVICE.update("v", second.manifest()).on(disk.bind(DATA, SD));
            assertThat(disk.text(DATA.resolve("a"))).isEqualTo("newer");
            assertThat(disk.text(Device.ROOT.resolve("main"))).isEqualTo("newer");
        }

        @Test
        void isToldFromAnotherOne() throws IOException {
            disk.with(Path.of("/other"), Map.of("a", "old")).bind(DATA, SD);
            DEVICE.update("u", first.manifest()).on(disk);
            disk.unmount(SD).bind(Path.of("/other"), SD);

            isWaitedFor(second, "another one is there");
        }

        private final List<Path> forced = new ArrayList<>();

        private final FilePort watched = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                call.run();
                if (operation.kind() == Operation.Kind.FORCE_FOLDER
                        && operation.path().startsWith(SD)) {
                    forced.add(operation.path());
                }
            }
        };

        /** That may be in memory only, if what gave it to the card was killed. */
        @Test
        void keepsTheIdThatItHasAndHasItForced() throws IOException {
            disk.bind(DATA, SD);
            StateFolder card = StateFolder.below(new Disk(disk), DATA);
            card.make();
            card.storeIdOr("known");

            DEVICE.update("u", first.manifest()).on(watched);

            assertThat(stores()).isEqualTo(Map.of(new DevicePath("sd"), Optional.of("known")));
            assertThat(forced).containsExactly(SD.resolve(".ota"), SD);
        }

        @Test
        void isNotForcedOnceItIsKnown() throws IOException {
            disk.bind(DATA, SD);
            DEVICE.update("u", first.manifest()).on(disk);

            DEVICE.update("v", Device.offer("2.1").file("main", "newer").manifest())
                    .on(watched);

            assertThat(forced).isEmpty();
            assertThat(stores()).containsOnlyKeys(new DevicePath("sd"));
        }

        @Test
        void isKnownThoughItIsReadOnlyButNotToldFromAnotherOne() throws IOException {
            disk.with(Path.of("/other"), Map.of("a", "old")).bind(DATA, SD);
            DEVICE.update("u", first.manifest()).on(readOnlyCard());
            assertThat(stores()).isEqualTo(Map.of(new DevicePath("sd"), Optional.empty()));

            disk.unmount(SD);
            isWaitedFor(second, "the file store that belongs there is missing");

            disk.bind(Path.of("/other"), SD);
            DEVICE.update("v", second.manifest()).on(disk);
            assertThat(disk.text(SD.resolve("a"))).isEqualTo("newer");
            assertThat(stores().get(new DevicePath("sd"))).isPresent();
        }

        private FilePort readOnlyCard() {
            return new InterceptingPort(disk) {
                @Override
                void around(Operation operation, Call call) throws IOException {
                    if (operation.kind() == Operation.Kind.MAKE_FOLDER
                            && operation.path().startsWith(SD)) {
                        throw new FileSystemException(operation.path().toString(), null, "Read-only file system");
                    }
                    call.run();
                }
            };
        }

        private Map<DevicePath, Optional<String>> stores() throws IOException {
            return StateFolder.below(new Disk(disk), Device.ROOT)
                    .readInstalled()
                    .stores();
        }
    }

    private void isWaitedFor(Device.Offer offer, String reason) throws IOException {
        TreeImage before = disk.tree(Device.ROOT);
        try (Installation installation = DEVICE.open(disk, "w")) {
            assertThatThrownBy(() -> installation.begin(offer.manifest()))
                    .isInstanceOfSatisfying(
                            MissingStoreException.class,
                            missing -> assertThat(missing.mount()).hasToString("sd"))
                    .hasMessageStartingWith("waiting for sd: ")
                    .hasMessageContaining(reason);
        }
        assertThat(disk.tree(Device.ROOT)).isEqualTo(before);
    }

    /** A card that was mounted over files which had been installed in the folder where it is now. */
    @Nested
    class CardOverFilesOfTheInstallation {
        private static final Path EMPTY = Path.of("/empty");

        @BeforeEach
        void updateAndMount() throws IOException {
            DEVICE.update("u", offer().file("sd/a", "a").file("sd/deep/b", "b").manifest())
                    .on(disk);
            disk.with(EMPTY, Map.of()).bind(EMPTY, SD);
        }

        private List<Difference> differences() throws IOException {
            try (Installation installation = DEVICE.open(disk, "d")) {
                return installation.verify();
            }
        }

        @Test
        void lacksThemAndAnUpdateThatNamesThemBringsThem() throws IOException {
            assertThat(differences())
                    .containsExactly(
                            new Difference(new DevicePath("sd/a"), Difference.Kind.MISSING),
                            new Difference(new DevicePath("sd/deep/b"), Difference.Kind.MISSING));

            DEVICE.update("v", offer().file("sd/a", "a").file("sd/deep/b", "b").manifest())
                    .on(disk);

            assertThat(differences()).isEmpty();
            assertThat(disk.text(EMPTY.resolve("a"))).isEqualTo("a");
            assertThat(disk.text(EMPTY.resolve("deep/b"))).isEqualTo("b");
            isWaitedForWithout(Device.offer("3").file("sd/a", "newer"));
        }

        private void isWaitedForWithout(Device.Offer offer) throws IOException {
            disk.unmount(SD);
            isWaitedFor(offer, "missing");
        }

        @Test
        void refusesAnUpdateThatLeavesOneOfThemHidden() throws IOException {
            isWaitedFor(Device.offer("3").file("sd/a", "newer"), "since sd/deep/b was installed, and hides it");
            isWaitedFor(Device.offer("3").file("main", "newer"), "since sd/a was installed, and hides it");
            assertThat(status().stores())
                    .containsExactly(new InstallationStatus.Store(
                            new DevicePath("sd"), Optional.empty(), InstallationStatus.Presence.HIDING));

            DEVICE.update("v", Device.offer("3").file("sd/a", "newer").manifest())
                    .on(disk.unmount(SD));
            assertThat(differences()).isEmpty();
        }

        @Test
        void isTakenWithCopiesOfThem() throws IOException {
            disk.with(EMPTY, Map.of("a", "a", "deep/b", "b"));

            DEVICE.update("v", Device.offer("3").file("main", "newer").manifest())
                    .on(disk);

            assertThat(differences()).isEmpty();
            isWaitedForWithout(Device.offer("4").file("sd/a", "newest"));
        }

        @Test
        void isTakenAsItIsIfThatIsWanted() throws IOException {
            Device replaced =
                    new Device(port -> InstallationOptions.defaults().withReplacedStore(new DevicePath("sd")));

            replaced.update("v", Device.offer("3").file("sd/a", "newer").manifest())
                    .on(disk);

            assertThat(disk.text(EMPTY.resolve("a"))).isEqualTo("newer");
            assertThat(differences())
                    .containsExactly(new Difference(new DevicePath("sd/deep/b"), Difference.Kind.MISSING));
        }

        @Test
        void isKnownOnceItIsWanted() throws IOException {
            Device replaced =
                    new Device(port -> InstallationOptions.defaults().withReplacedStore(new DevicePath("sd")));

            replaced.update("v", Device.offer("3").file("main", "newer").manifest())
                    .on(disk);
            DEVICE.update("x", Device.offer("4").file("main", "newest").manifest())
                    .on(disk);

            assertThat(disk.text(Device.ROOT.resolve("main"))).isEqualTo("newest");
            isWaitedForWithout(Device.offer("5").file("sd/a", "newest"));
        }

        @Test
        void isRefusedWhenItIsMountedDuringTheDownload() throws IOException {
            disk.unmount(SD);
            Device.Offer second = Device.offer("3").file("main", "newer");
            try (Installation installation = DEVICE.open(disk, "v");
                    UpdateTransaction transaction = installation.begin(second.manifest())) {
                for (Target target : transaction.missing()) {
                    transaction.stage(target, 0, Device.stream(target.reference()));
                }
                disk.bind(EMPTY, SD);

                assertThatThrownBy(transaction::commit).isInstanceOf(MissingStoreException.class);
            }
            assertThat(disk.text(Device.ROOT.resolve("main"))).isEqualTo("new");
        }

        @Test
        void makesNoDifferenceToFilesThatAreRemoved() throws IOException {
            DEVICE.update(
                            "v",
                            Device.offer("3")
                                    .without("sd/a")
                                    .without("sd/deep/b")
                                    .file("main", "newer")
                                    .manifest())
                    .on(disk);

            assertThat(differences()).isEmpty();
        }

        @Test
        void isNotLookedForBehindALink() throws IOException {
            Path other = Path.of("/elsewhere");
            disk.unmount(SD).mount(other);
            disk.with(other.resolve("deep"), Map.of());
            new Disk(disk).removeTree(SD);
            disk.symlink(SD, other.toString());

            DEVICE.update("v", Device.offer("3").file("main", "newer").manifest())
                    .on(disk);

            assertThat(disk.text(Device.ROOT.resolve("main"))).isEqualTo("newer");
        }
    }

    @Test
    void whatAStoreCannotGiveIsToldOnceTheStoreIsUsed() throws IOException {
        disk.mount(SD, CrashDisk.Lack.ATOMIC_RENAMES, CrashDisk.Lack.LINKS, CrashDisk.Lack.MODES);
        StoreWarning warning = new StoreWarning(SD, StoreWarning.Weakness.RENAMES_ARE_NOT_ATOMIC);

        DEVICE.update("u", offer().manifest()).on(disk);
        assertThat(warnings()).isEmpty();
        DEVICE.update("v", Device.offer("3").file("sd/a", "new").manifest()).on(disk);

        assertThat(warnings()).containsExactly(warning);
        assertThat(warning)
                .hasToString("/device/sd: on FAT, after a power cut, files may be lost or damaged; "
                        + "a killed program does no harm");
    }

    private List<StoreWarning> warnings() throws IOException {
        return status().warnings();
    }

    private InstallationStatus status() throws IOException {
        return StatusReader.read(new Tree(new Disk(disk), Device.ROOT), VersionFile.DEFAULT);
    }

    @Test
    void roomThatTwoMountsShareIsCountedOnce() throws IOException {
        disk.bind(DATA, SD).capacity(2 << 20);
        List<TargetFile> files =
                List.of(Sized.file("main", "m".repeat(600_000)), Sized.file("sd/b", "b".repeat(600_000)));
        Manifest manifest =
                new Manifest(LooseVersion.parse("2"), Optional.empty(), files, List.of(), List.of(), Optional.empty());

        try (Installation installation = DEVICE.open(disk, "u")) {
            assertThatThrownBy(() -> installation.begin(manifest)).isInstanceOf(InsufficientSpaceException.class);
        }
    }
}
