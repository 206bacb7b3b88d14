package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Trees that the Pycom client left half-way. */
class LegacyLeftoversTest {
    private static final Device DEVICE = Device.plain();

    private static TreeImage opened(Map<String, String> tree) throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, tree);
        DEVICE.recover(disk);
        return disk.tree(Device.ROOT);
    }

    private static TreeImage tree(Map<String, String> tree) {
        return new CrashDisk().with(Device.ROOT, tree).tree(Device.ROOT);
    }

    @Test
    void fileThatWasMovedAwayAndNotYetReplacedIsPutBack() throws IOException {
        assertThat(opened(Map.of("flash/main.py.bak", "old", "flash/main.py.new", "new")))
                .isEqualTo(tree(Map.of("flash/main.py", "old", "flash/main.py.new", "new")));
    }

    @Test
    void backupAloneMeansNothing() throws IOException {
        Map<String, String> tree = Map.of("flash/config.bak", "the user's", "flash/x.new", "too");

        assertThat(opened(tree)).isEqualTo(tree(tree));
    }

    @Test
    void fileThatIsThereIsNotReplacedByAnOlderOne() throws IOException {
        Map<String, String> tree = Map.of("main.py", "now", "main.py.bak", "old", "main.py.new", "new");

        assertThat(opened(tree)).isEqualTo(tree(tree));
    }

    @Test
    void foldersAndLinksAreNoLeftovers() throws IOException {
        Map<String, String> tree = new TreeMap<>(Map.of(
                "a.bak/x", "x", "a.new", "new", "b.bak", "-> a.new", "b.new", "new", "c.bak", "c", "c.new/", ""));

        assertThat(opened(tree)).isEqualTo(tree(tree));
    }

    @Test
    void nothingIsPutBackBehindALink() throws IOException {
        Map<String, String> tree = new TreeMap<>(Map.of("link", "-> /elsewhere", "x", "x"));
        CrashDisk disk = new CrashDisk()
                .with(Device.ROOT, tree)
                .with(Device.ROOT.resolveSibling("elsewhere"), Map.of("m.bak", "old", "m.new", "new"));

        DEVICE.recover(disk);

        assertThat(disk.list(Device.ROOT.resolveSibling("elsewhere"))).containsExactly("m.bak", "m.new");
    }

    @Test
    void whatAReleaseNamesIsNeverALeftover() throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of());
        DEVICE.update("u", Device.offer("1").file("x", "1").manifest()).on(disk);
        disk.with(Device.ROOT, Map.of("a.new", "new", "a.bak", "mine"));

        DEVICE.update(
                        "v",
                        Device.offer("2").file("a", "a2").file("a.bak", "meant").manifest())
                .on(disk);
        assertThat(disk.text(Device.ROOT.resolve("a"))).isEqualTo("a2");
        assertThat(disk.text(Device.ROOT.resolve("a.bak"))).isEqualTo("meant");

        DEVICE.rollBack("b").on(disk);
        assertThat(disk.list(Device.ROOT)).containsExactly(".ota", "a.bak", "a.new", "x");
        assertThat(disk.text(Device.ROOT.resolve("a.bak"))).isEqualTo("mine");
    }

    @Test
    void treeThatThisLibraryHasUpdatedIsLookedAtOnlyWhereAReleaseNamesIt() throws IOException {
        CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of("x", "x"));
        DEVICE.update("u", Device.offer("1").file("x", "1").manifest()).on(disk);
        disk.with(Device.ROOT, Map.of("other.bak", "o", "other.new", "n", "main.bak", "old", "main.new", "n"));

        DEVICE.update("v", Device.offer("2").file("x", "2").without("main").manifest())
                .on(disk);

        assertThat(disk.list(Device.ROOT)).containsExactly(".ota", "main.new", "other.bak", "other.new", "x");
    }

    @Test
    void folderThatMayNotBeListedIsNobodysLeftover() throws IOException {
        CrashDisk disk = new CrashDisk()
                .with(
                        Device.ROOT,
                        Map.of("lost+found/x.bak", "x", "lost+found/x.new", "x", "m.py.bak", "old", "m.py.new", "new"));
        FilePort port = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                if (operation.kind() == Operation.Kind.LIST && operation.path().endsWith("lost+found")) {
                    throw new AccessDeniedException(operation.path().toString());
                }
                call.run();
            }
        };

        try (Installation installation = DEVICE.open(port, "u")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.RESTORED);
        }

        assertThat(disk.text(Device.ROOT.resolve("m.py"))).isEqualTo("old");
        assertThat(disk.text(Device.ROOT.resolve("lost+found/x.bak"))).isEqualTo("x");
    }
}
