package io.overair.install;

import static io.overair.crashkit.CrashTest.DEVICE;
import static io.overair.crashkit.TreeAssert.assertThatTree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.crashkit.CrashReport;
import io.overair.crashkit.CrashTest;
import io.overair.crashkit.SimulatedDisk;
import io.overair.crashkit.SimulatedRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published of the crash kit: safe code passes, and unsafe code is told apart from it. */
class CrashKitTest {
    private static final Path ETC = Path.of("/etc");
    private static final Path SETTINGS = ETC.resolve("settings");
    private static final Path BESIDE = ETC.resolve("settings.tmp");
    private static final SimulatedRelease RELEASE =
            SimulatedRelease.of("2").file("main.py", "new").without("gone.py");
    private static final Map<String, String> BEFORE = Map.of("/device/main.py", "old", "/device/gone.py", "gone");

    private static void save(SimulatedDisk disk, String text) throws IOException {
        disk.create(BESIDE, text);
        disk.force(BESIDE);
        disk.move(BESIDE, SETTINGS);
        disk.forceFolder(ETC);
    }

    private static void saveWithoutForce(SimulatedDisk disk, String text) throws IOException {
        disk.create(BESIDE, text);
        disk.move(BESIDE, SETTINGS);
        disk.forceFolder(ETC);
    }

    private static void recover(SimulatedDisk disk) throws IOException {
        // What a kill left may be in memory only.
        disk.forceFolder(ETC);
        if (disk.exists(BESIDE)) {
            disk.delete(BESIDE);
        }
    }

    private static CrashTest settings(CrashTest.Code change) {
        return CrashTest.of("settings", change, CrashKitTest::recover).withFiles(Map.of("/etc/settings", "old"));
    }

    @Test
    void safeCodeIsSafeAtEverySecondCutAndEveryFault() {
        CrashTest test = settings(disk -> save(disk, "new"));

        CrashReport cuts = test.everySecondCut().requireSafe();
        CrashReport faults = test.everyFault().requireSafe();

        assertThat(cuts.old()).isPositive();
        assertThat(cuts.renewed()).isPositive();
        assertThat(cuts.states()).isGreaterThan(test.everyCut().states());
        assertThat(faults.states()).isPositive();
    }

    @Test
    void codeThatIsNotSafeIsToldWithItsStory() {
        CrashReport report = settings(disk -> saveWithoutForce(disk, "new")).everyCut();

        assertThat(report.torn()).isPositive();
        assertThatThrownBy(report::requireSafe)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("move /etc/settings.tmp -> /etc/settings")
                .hasMessageContaining("power cut; no names lost; unforced bytes LOST")
                .hasMessageContaining("the tree is TORN");
    }

    @Test
    void successThatACutTakesBackIsLost() {
        CrashReport report = settings(disk -> {
                    disk.create(BESIDE, "new");
                    disk.force(BESIDE);
                    disk.move(BESIDE, SETTINGS);
                })
                .everyCut();

        assertThat(report.torn()).isZero();
        assertThat(report.lost()).isPositive();
    }

    @Test
    void recoveryThatFailsIsStuck() {
        CrashReport report = CrashTest.of("settings", disk -> save(disk, "new"), disk -> {
                    throw new IOException("cannot go on");
                })
                .withFiles(Map.of("/etc/settings", "old"))
                .everyCut();

        assertThat(report.stuck()).isPositive();
        assertThat(report.torn() + report.lost()).isZero();
    }

    @Test
    void changeOfNothingThatCountsProvesNothing() {
        CrashTest test = settings(disk -> save(disk, "old"));

        assertThatThrownBy(test::everyCut).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void updatesAndRollbacksAreSafe() {
        CrashTest.ofUpdate("update", RELEASE, disk -> InstallationOptions.defaults())
                .withFiles(BEFORE)
                .everyCut()
                .requireSafe();
        CrashTest.ofRollback("rollback", RELEASE, disk -> InstallationOptions.defaults())
                .withFiles(BEFORE)
                .everyCut()
                .requireSafe();
    }

    @Test
    void updateIsHeldToWhatCountsBesideItsFiles() {
        CrashTest update = CrashTest.ofUpdate(
                        "a hook that cannot be undone",
                        RELEASE,
                        disk -> InstallationOptions.defaults().withHook(new UndoneHook(disk)))
                .withFiles(BEFORE)
                .withAlso(disk -> disk.exists(DEVICE.resolveSibling("mark")));

        assertThat(update.everyCut().torn()).isPositive();
    }

    @Test
    void updateThatAHookRefusesChangesNothing() {
        CrashTest update = CrashTest.ofUpdate(
                        "a hook that vetoes",
                        RELEASE,
                        disk -> InstallationOptions.defaults()
                                .withHook(new HookScenarios.RefusingHook(HookEvent.BEFORE_APPLY)))
                .withFiles(BEFORE);

        update.withRefusal(HookVetoException.class).everyCut().requireSafe();
        assertThatThrownBy(update::everyCut).hasMessageContaining("refusing: not now");
        CrashReport unasked = CrashTest.ofUpdate("no veto", RELEASE, disk -> InstallationOptions.defaults())
                .withFiles(BEFORE)
                .withRefusal(HookVetoException.class)
                .everyCut();
        assertThat(unasked.torn()).isPositive();
    }

    @Test
    void hookThatRefusesAndUndoesWhatItHasBegunIsSafeThoughTheDiskFails() {
        CrashTest update = CrashTest.ofUpdate(
                        "a hook that begins and vetoes",
                        RELEASE,
                        disk -> InstallationOptions.defaults().withHook(new BegunHook(disk)))
                .withFiles(BEFORE)
                .withAlso(disk -> disk.exists(BegunHook.MARK))
                .withRefusal(HookVetoException.class);

        update.everyCut().requireSafe();
        update.everyFault().requireSafe();
    }

    private record BegunHook(SimulatedDisk disk) implements UpdateHook {
        static final Path MARK = DEVICE.resolveSibling("mark");

        @Override
        public String name() {
            return "begun";
        }

        @Override
        public void beforeApply(Change change) throws IOException {
            if (!disk.exists(MARK)) {
                disk.create(MARK, "");
            }
            disk.forceFolder(Path.of("/"));
            throw new IOException("not now");
        }

        @Override
        public void undo(Change change) throws IOException {
            if (disk.exists(MARK)) {
                disk.delete(MARK);
            }
            disk.forceFolder(Path.of("/"));
        }
    }

    private record UndoneHook(SimulatedDisk disk) implements UpdateHook {
        @Override
        public String name() {
            return "undone";
        }

        @Override
        public void beforeApply(Change change) throws IOException {
            Path mark = DEVICE.resolveSibling("mark");
            if (!disk.exists(mark)) {
                disk.create(mark, "");
            }
            disk.forceFolder(Path.of("/"));
        }
    }

    @Test
    void treesAreComparedAndTheirDifferencesNamed(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("lib/.ota"));
        Files.writeString(folder.resolve("lib/a.py"), "a");
        Files.writeString(folder.resolve("main.py"), "main");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("lib"));

        assertThatCode(() ->
                        assertThatTree(folder).isExactly(Map.of("lib/a.py", "a", "main.py", "main", "link", "-> lib")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        assertThatTree(folder).isExactly(Map.of("main.py", "other", "link", "-> lib", "b.py", "b")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("missing: b.py")
                .hasMessageContaining("main.py: expected \"other\", found \"main\"")
                .hasMessageContaining("too much: lib/a.py");
    }

    @Test
    void whatASimulatedDiskCanDo() throws IOException {
        Set<String> seen = new java.util.TreeSet<>();
        CrashTest.of(
                        "all operations",
                        disk -> {
                            disk.makeFolder(ETC.resolve("sub"));
                            disk.deleteFolder(ETC.resolve("sub"));
                            disk.create(BESIDE, "a");
                            disk.append(BESIDE, new byte[] {'b'});
                            disk.force(BESIDE);
                            disk.link(BESIDE, ETC.resolve("second"));
                            disk.symlink(ETC.resolve("link"), "second");
                            disk.forceFolder(ETC);
                            seen.addAll(disk.list(ETC));
                            assertThat(disk.text(BESIDE)).isEqualTo("ab");
                            assertThatTree(disk, ETC)
                                    .isExactly(Map.of(
                                            "settings",
                                            "old",
                                            "settings.tmp",
                                            "ab",
                                            "second",
                                            "ab",
                                            "link",
                                            "-> second"));
                        },
                        disk -> {})
                .withFiles(Map.of("/etc/settings", "old"))
                .withView(disk -> disk.exists(ETC.resolve("link")))
                .everyCut()
                .requireSafe();

        assertThat(seen).containsExactly("link", "second", "settings", "settings.tmp");
    }
}
