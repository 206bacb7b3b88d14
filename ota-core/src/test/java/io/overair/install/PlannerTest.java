package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The steps from a tree to another one, and their order. */
class PlannerTest {
    private static final Entry FILE = new Entry.File("0".repeat(64), 1, 0644);

    private final SortedMap<DevicePath, Planner.Wanted> wanted = new TreeMap<>();
    private final CrashDisk disk = new CrashDisk();

    private PlannerTest put(String path) {
        wanted.put(new DevicePath(path), Planner.Wanted.staged(FILE, wanted.size()));
        return this;
    }

    private PlannerTest folder(String path, int mode) {
        Entry before = new Entry.Folder(new Attributes(mode, "1000:1000"));
        Step removed = Step.on(new DevicePath(path), Step.Kind.RMDIR, before, Entry.ABSENT);
        wanted.put(new DevicePath(path), Planner.Wanted.before(removed));
        return this;
    }

    private PlannerTest without(String... paths) {
        for (String path : paths) {
            wanted.put(new DevicePath(path), Planner.Wanted.ABSENT);
        }
        return this;
    }

    private List<String> steps(Map<String, String> tree) throws IOException {
        return steps(tree, Optional.empty());
    }

    private List<String> steps(Map<String, String> tree, Optional<DevicePath> last) throws IOException {
        disk.with(Device.ROOT, tree);
        return Planner.plan(new Tree(new Disk(disk), Device.ROOT), new Disk(disk)::entry, wanted, last).steps().stream()
                .map(step -> step.kind().name().toLowerCase(Locale.ROOT) + " " + step.place())
                .toList();
    }

    @Test
    void firstGoesWhatHasToGoThenFoldersAreMadeThenFilesAreMovedThere() throws IOException {
        put("b/new").put("c/d/new").put("a").without("b", "old/x", "old");

        assertThat(steps(Map.of("a", "old", "b", "a file", "old/x", "x")))
                .containsExactly(
                        "del b",
                        "del old/x",
                        "rmdir old",
                        "mkdir b",
                        "mkdir c",
                        "mkdir c/d",
                        "put a",
                        "put b/new",
                        "put c/d/new");
    }

    @Test
    void foldersThatBecomeEmptyGoTheDeepestFirst() throws IOException {
        without("a", "a/b", "a/b/c", "a/b/c/x", "d", "d/x");

        assertThat(steps(Map.of("a/b/c/x", "x", "d/x", "x")))
                .containsExactly("del a/b/c/x", "del d/x", "rmdir d", "rmdir a/b/c", "rmdir a/b", "rmdir a");
    }

    @Test
    void folderGoesWithTheEmptyFoldersInItWhereAFileIsWanted() throws IOException {
        put("a").without("a/b/x");

        assertThat(steps(Map.of("a/b/x", "x", "a/c/d/", "")))
                .startsWith("del a/b/x")
                .endsWith("rmdir a", "put a")
                .containsSubsequence("rmdir a/c/d", "rmdir a/c")
                .contains("rmdir a/b");
    }

    @Test
    void folderWithSomethingElseInItStays() throws IOException {
        without("a", "a/x");

        assertThat(steps(Map.of("a/x", "x", "a/of somebody", "else"))).containsExactly("del a/x");
    }

    @Test
    void folderIsMadeOnceWithTheModeThatItHad() throws IOException {
        folder("a", 0700).folder("a/b", 0750).put("a/b/x");

        assertThat(steps(Map.of())).containsExactly("mkdir a", "mkdir a/b", "put a/b/x");
        assertThat(Planner.plan(new Tree(new Disk(disk), Device.ROOT), new Disk(disk)::entry, wanted, Optional.empty())
                        .steps())
                .extracting(Step::after)
                .startsWith(
                        new Entry.Folder(new Attributes(0700, "1000:1000")),
                        new Entry.Folder(new Attributes(0750, "1000:1000")));
    }

    @Test
    void folderThatIsThereIsNotMadeAgain() throws IOException {
        folder("a", 0700).put("a/x");

        assertThat(steps(Map.of("a/", ""))).containsExactly("put a/x");
    }

    @Test
    void oneFileIsPutAfterAllOthers() throws IOException {
        put("a").put("b").put("c");

        assertThat(steps(Map.of("b", "old"), Optional.of(new DevicePath("b"))))
                .containsExactly("put a", "put c", "put b");
    }
}
