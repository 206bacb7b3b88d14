package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.install.CrashDisk.Lack;
import io.overair.install.Device.Offer;
import io.overair.manifest.DevicePath;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to an installation with slots. */
class SlotsTest {
    private static final Path ROOT = Device.ROOT;
    private static final Path CURRENT = ROOT.resolve("current");
    private static final Path RELEASES = ROOT.resolve("releases");
    private static final Device SLOTS = with(Layout.SLOTS);

    private CrashDisk disk = new CrashDisk().with(ROOT, Map.of("main", "1", "same", "same"));

    private static Device with(Layout layout) {
        return new Device(port -> InstallationOptions.defaults().withLayout(layout));
    }

    private static Offer main(String content) {
        return Device.offer(content).file("main", content);
    }

    private void update(String run, Offer offer) throws IOException {
        SLOTS.update(run, offer.manifest()).on(disk);
    }

    private Path slot() {
        return ROOT.resolve(disk.status(CURRENT).target());
    }

    private void isRefused(Offer offer, String path, String reason) throws IOException {
        TreeImage before = disk.tree(ROOT);

        assertThatThrownBy(() -> update("refused", offer))
                .isInstanceOfSatisfying(
                        ConflictException.class,
                        conflict -> assertThat(conflict.path()).isEqualTo(path))
                .hasMessageContaining(reason);

        assertThat(disk.tree(ROOT)).isEqualTo(before);
    }

    @Test
    void switchingLeavesTheFilesInPlaceWhereTheyAre() throws IOException {
        update("u", main("2"));

        assertThat(disk.text(ROOT.resolve("main"))).isEqualTo("1");
        assertThat(disk.text(CURRENT.resolve("main"))).isEqualTo("2");
        assertThat(disk.text(CURRENT.resolve("same"))).isEqualTo("same");
    }

    @Test
    void deviceKeepsItsLayoutWhereNoneIsSaid() throws IOException {
        update("u", main("2"));

        Device.plain().update("v", main("3").manifest()).on(disk);

        assertThat(disk.text(CURRENT.resolve("main"))).isEqualTo("3");
        assertThat(disk.list(RELEASES)).hasSize(2);
    }

    @Test
    void noUpdateLeadsFromSlotsToFilesInPlace() throws IOException {
        update("u", main("2"));
        TreeImage before = disk.tree(ROOT);

        assertThatThrownBy(() ->
                        with(Layout.IN_PLACE).update("v", main("3").manifest()).on(disk))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("leave the layout out of the options");

        assertThat(disk.tree(ROOT)).isEqualTo(before);
    }

    @Test
    void unchangedFileIsSharedAndChangedOneIsNot() throws IOException {
        update("u", main("2"));
        Path before = slot();
        update("v", main("3"));

        try (FilePort.Output both = disk.append(before.resolve("same"))) {
            both.write("!".getBytes(UTF_8), 0, 1);
        }

        assertThat(disk.text(CURRENT.resolve("same"))).isEqualTo("same!");
        assertThat(disk.text(before.resolve("main"))).isEqualTo("2");
        assertThat(disk.text(CURRENT.resolve("main"))).isEqualTo("3");
    }

    @Test
    void fileThatIsWrittenInPlaceIsSharedByNoTwoSlots() throws IOException {
        Device device = new Device(
                port -> InstallationOptions.defaults().withLayout(Layout.SLOTS).withWrittenInPlace(path -> true));
        device.update("u", main("2").manifest()).on(disk);
        Path before = slot();
        device.update("v", main("3").manifest()).on(disk);

        try (FilePort.Output one = disk.append(CURRENT.resolve("same"))) {
            one.write("!".getBytes(UTF_8), 0, 1);
        }

        assertThat(disk.text(before.resolve("same"))).isEqualTo("same");
    }

    @Test
    void asManyOldSlotsAreKeptAsTheLastUpdateWasTold() throws IOException {
        Device keeping = with(Layout.slotsKeeping(2));
        for (int version = 2; version <= 6; version++) {
            keeping.update("u" + version, main("" + version).manifest()).on(disk);
        }
        SLOTS.recover(disk);
        assertThat(contents()).containsExactlyInAnyOrder("4", "5", "6");

        update("v", main("7"));
        assertThat(contents()).containsExactlyInAnyOrder("6", "7");
    }

    @Test
    void slotThatCannotBeRemovedKeepsNoOtherFromIt() throws IOException {
        Device keeping = with(Layout.slotsKeeping(4));
        for (int version = 2; version <= 6; version++) {
            keeping.update("u" + version, main("" + version).manifest()).on(disk);
        }
        List<Path> stubborn = new ArrayList<>();
        FilePort port = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                Path path = operation.path();
                if (operation.kind() == Operation.Kind.UNLINK && path.startsWith(RELEASES)) {
                    if (stubborn.isEmpty()) {
                        stubborn.add(path.getParent());
                    }
                    if (path.startsWith(stubborn.get(0))) {
                        throw new IOException("it cannot be removed");
                    }
                }
                call.run();
            }
        };

        SLOTS.update("v", main("7").manifest()).on(port);

        assertThat(stubborn).hasSize(1);
        assertThat(contents()).hasSize(3).contains("6", "7");
    }

    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        for (String id : disk.list(RELEASES)) {
            contents.add(disk.text(RELEASES.resolve(id).resolve("main")));
        }
        return contents;
    }

    @Test
    void slotThatIsNotWhatItWasIsNoWayBack() throws IOException {
        update("u", main("2"));
        Path before = slot();
        update("v", main("3"));
        disk.unlink(before.resolve("main"));
        disk.with(before, Map.of("main", "x"));

        assertThatThrownBy(() -> SLOTS.rollBack("b").on(disk))
                .isInstanceOf(NoWayBackException.class)
                .hasMessageContaining("main");

        assertThat(disk.text(CURRENT.resolve("main"))).isEqualTo("3");
    }

    private static final Device TRIED = new Device(port ->
            InstallationOptions.defaults().withLayout(Layout.SLOTS).withTrial(Trial.of(1, Duration.ofMinutes(10))));

    private Outcome rejected() throws IOException {
        try (Installation installation = TRIED.open(disk, "j")) {
            installation.reject(LooseVersion.parse("3"), "bad");
        }
        TRIED.recover(disk);
        try (Installation installation = TRIED.open(disk, "k")) {
            return installation.status().lastChange().outcome();
        }
    }

    @Test
    void releaseOnTrialIsTakenBackThoughTheApplicationBeforeHasGoneOnWritingItsFiles() throws IOException {
        update("u", main("2"));
        Path before = slot();
        TRIED.update("v", main("3").manifest()).on(disk);
        disk.unlink(before.resolve("main"));
        disk.with(before, Map.of("main", "saved"));

        assertThat(rejected()).isEqualTo(Outcome.ROLLED_BACK);

        assertThat(disk.text(CURRENT.resolve("main"))).isEqualTo("saved");
    }

    @Test
    void releaseOnTrialStaysIfTheSlotBeforeIsMissing() throws IOException {
        update("u", main("2"));
        Path before = slot();
        TRIED.update("v", main("3").manifest()).on(disk);
        new Disk(disk).removeTree(before);

        assertThat(rejected()).isEqualTo(Outcome.KEPT);

        assertThat(disk.text(CURRENT.resolve("main"))).isEqualTo("3");
    }

    @Test
    void slotThatIsMissingIsNoWayBack() throws IOException {
        update("u", main("2"));
        Path before = slot();
        update("v", main("3"));
        new Disk(disk).removeTree(before);

        assertThatThrownBy(() -> SLOTS.rollBack("b").on(disk)).isInstanceOf(NoWayBackException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"current", "current/x", "releases", "releases/x"})
    void namesThatSlotsNeedHaveToBeFree(String taken) throws IOException {
        disk.with(ROOT, Map.of(taken, "somebody else's"));

        isRefused(main("2"), taken.replace("/x", ""), "slots need this name");
    }

    @Test
    void whatSomebodyElsePutBesideTheSlotsIsNotRemoved() throws IOException {
        update("u", main("2"));
        disk.with(RELEASES, Map.of("foreign/x", "x"));

        SLOTS.recover(disk);

        assertThat(disk.text(RELEASES.resolve("foreign/x"))).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-> elsewhere", "-> releases/none", "-> releases/../x", "a file"})
    void linkThatLeadsElsewhereIsNotFollowed(String planted) throws IOException {
        update("u", main("2"));
        disk.unlink(CURRENT);
        disk.with(ROOT, Map.of("current", planted, "elsewhere/main", "x", "x/main", "x"));
        TreeImage before = disk.tree(ROOT);

        assertThatThrownBy(() -> update("v", main("3"))).isInstanceOf(ConflictException.class);

        assertThat(disk.tree(ROOT)).isEqualTo(before);
    }

    @Test
    void mountPointCannotBeInASlot() throws IOException {
        disk.mount(ROOT.resolve("data/sd")).with(ROOT, Map.of("data/sd/x", "x"));

        isRefused(main("2"), "data/sd", "something is mounted there");
    }

    /** A bind mount may be of the same store, and no link leads out of it. */
    @Test
    void neitherFolderNorFileIsMountedInASlot() throws IOException {
        disk.with(ROOT, Map.of("data/", "")).with(Path.of("/elsewhere"), Map.of("x", "x"));
        disk.bind(Path.of("/elsewhere"), ROOT.resolve("data"));

        isRefused(main("2"), "data", "something is mounted there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"releases", "releases/u0"})
    void slotsLieWhereTheRootLies(String mounted) throws IOException {
        update("u", main("2"));
        assertThat(disk.status(CURRENT).target()).isEqualTo("releases/u0");
        Path folder = ROOT.resolve(mounted);
        disk.bind(folder, folder);

        assertThatThrownBy(() -> update("v", main("3")))
                .isInstanceOfSatisfying(
                        ConflictException.class,
                        conflict -> assertThat(conflict.path()).isEqualTo(mounted));
    }

    @ParameterizedTest
    @EnumSource(
            value = Lack.class,
            names = {"HARD_LINKS", "ATOMIC_RENAMES"})
    void fileKeepsItsExtendedAttributesWhetherItIsReplacedLinkedOrCopied(Lack lack) throws IOException {
        disk = new CrashDisk(lack).with(ROOT, Map.of("main", "1", "same", "same"));
        disk.withUserAttributes(ROOT.resolve("main"), "origin=factory")
                .withUserAttributes(ROOT.resolve("same"), "backup=no");
        update("u", main("2"));
        disk.withUserAttributes(CURRENT.resolve("main"), "origin=field");
        update("v", main("3"));

        assertThat(disk.userAttributes(CURRENT.resolve("main"))).isEqualTo("origin=field");
        assertThat(disk.userAttributes(CURRENT.resolve("same"))).isEqualTo("backup=no");
    }

    @Test
    void layoutOutlivesEveryWordAboutATrial() throws IOException {
        Device trying = new Device(port -> InstallationOptions.defaults()
                .withLayout(Layout.SLOTS)
                .withTrial(Trial.of(3, Duration.ofMinutes(10)).withHealthyStarts(2)));
        trying.update("u", main("2").manifest()).on(disk);
        LooseVersion two = LooseVersion.parse("2");

        try (Installation installation = trying.open(disk, "t")) {
            installation.countStart();
            installation.giveStartBack();
            installation.countRunningTime(Duration.ofMinutes(1));
            installation.countHealthyStart(two);
            installation.confirm(two);
            installation.reported(installation.unreported().orElseThrow());
            installation.rollBack("it is slow", AfterRollback.BLOCK);
            assertThat(installation.layout()).isEqualTo(Layout.IN_PLACE);
            installation.unblock(two);
            Device.install(installation, main("3").manifest());
            assertThat(installation.layout()).isEqualTo(Layout.SLOTS);
        }
    }

    @Test
    void releaseOnTrialIsTakenBackThoughItChangedFilesThatAreNotToBeReplaced() throws IOException {
        Device careful = new Device(port -> InstallationOptions.defaults()
                .withLayout(Layout.SLOTS)
                .withLocalChanges(path -> LocalChanges.FAIL)
                .withTrial(Trial.of(1, Duration.ofMinutes(10))));
        careful.update("u", main("2").manifest()).on(disk);
        disk.unlink(CURRENT.resolve("main"));
        disk.with(slot(), Map.of("main", "broken"));

        careful.rollBack("b").on(disk);

        assertThat(disk.status(CURRENT).isAbsent()).isTrue();
        assertThat(disk.text(ROOT.resolve("main"))).isEqualTo("1");
    }

    @Test
    void hooksAreToldThroughWhichFolderTheFilesAreReached() throws IOException {
        Witness calls = new Witness();
        Device hooked = new Device(
                port -> InstallationOptions.defaults().withLayout(Layout.SLOTS).withHook(calls));

        hooked.update("u", main("2").manifest()).on(disk);
        hooked.rollBack("b").on(disk);
        calls.refuses = true;
        assertThatThrownBy(() -> hooked.update("v", main("2").manifest()).on(disk))
                .isInstanceOf(UpdateUndoneException.class);

        assertThat(calls.files)
                .containsExactly(
                        "before-apply " + ROOT,
                        "after-apply " + CURRENT,
                        "on-rollback " + ROOT,
                        "before-apply " + ROOT,
                        "after-apply " + CURRENT,
                        "undo " + ROOT);
    }

    /** Writes down what it is told. */
    private static final class Witness implements UpdateHook {
        private final List<String> files = new ArrayList<>();
        private boolean refuses;

        @Override
        public String name() {
            return "calls";
        }

        @Override
        public void beforeApply(Change change) {
            files.add("before-apply " + change.files());
        }

        @Override
        public void afterApply(Change change) throws IOException {
            files.add("after-apply " + change.files());
            if (refuses) {
                throw new IOException("not now");
            }
        }

        @Override
        public void onRollback(Change change) {
            files.add("on-rollback " + change.files());
        }

        @Override
        public void undo(Change change) {
            files.add("undo " + change.files());
        }
    }

    /** A rollback to the files in place removes the link before it says so. */
    @Test
    void onlookerIsAnsweredWhileThereIsNoLink() throws IOException {
        update("u", main("2"));
        disk.unlink(CURRENT);

        InstallationStatus status = StatusReader.read(new Tree(new Disk(disk), ROOT), VersionFile.DEFAULT);

        assertThat(status.version()).contains(LooseVersion.parse("2"));
    }

    @Test
    void whatIsKnownOfASlotMayBeLarge() throws IOException {
        SortedMap<DevicePath, Entry> files = new TreeMap<>();
        for (int number = 0; number < 10_000; number++) {
            files.put(
                    new DevicePath("a/folder/with/a/rather/long/name/" + number),
                    new Entry.File("0".repeat(64), number, 0644));
        }
        update("u", main("2"));
        StateFolder state = StateFolder.below(new Disk(disk), ROOT);
        SlotNote note = new SlotNote(2, files);

        new Disk(disk).write(state.slot("large"), note.toText()::writeTo);

        assertThat(disk.status(state.slot("large")).size()).isGreaterThan(1 << 20);
        assertThat(state.readSlot("large")).isEqualTo(note);
    }

    @Test
    void storeWithoutSymbolicLinksHasNoSlots() throws IOException {
        disk = new CrashDisk(Lack.LINKS).with(ROOT, Map.of("main", "1"));

        isRefused(main("2"), "current", "symbolic links");
    }

    @Test
    void roomForACopyIsAskedForWhereThereAreNoHardLinks() throws IOException {
        Map<String, String> large = Map.of("main", "1", "large", "x".repeat(1 << 20));
        disk = new CrashDisk(Lack.HARD_LINKS).with(ROOT, large).capacity(3 << 20);
        assertThatThrownBy(() -> update("u", main("2"))).isInstanceOf(InsufficientSpaceException.class);
        assertThat(disk.status(RELEASES).isAbsent()).isTrue();

        disk = new CrashDisk().with(ROOT, large).capacity(3 << 20);
        update("u", main("2"));
        assertThat(disk.text(CURRENT.resolve("large"))).hasSize(1 << 20);
    }

    @Test
    void downloadsAreKeptWhenASlotCannotBeMade() throws IOException {
        FilePort failing = FaultyPort.once(
                disk,
                Fault.EIO,
                1,
                operation -> operation.kind() == Operation.Kind.SYMLINK
                        && operation.path().startsWith(ROOT.resolve(".ota/txn")));
        assertThatThrownBy(() -> SLOTS.update("u", main("2").manifest()).on(failing))
                .isInstanceOf(IOException.class);
        assertThat(disk.status(RELEASES).isAbsent()).isTrue();

        try (Installation installation = SLOTS.open(disk, "v");
                UpdateTransaction transaction = installation.begin(main("2").manifest())) {
            assertThat(transaction.missing()).isEmpty();
            transaction.commit();
        }
        assertThat(disk.text(CURRENT.resolve("main"))).isEqualTo("2");
    }
}
