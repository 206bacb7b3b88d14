package io.overair.install;

import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.offer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An updater that is not root, in folders where it may write, and files of others in them. */
class UnprivilegedUpdaterTest {
    private static final Device DEVICE = Device.plain();
    private static final Device IN_PLACE =
            new Device(port -> InstallationOptions.defaults().withWrittenInPlace(path -> true));

    private final CrashDisk disk = new CrashDisk()
            .with(ROOT, Map.of("main", "old", "lib/gone", "gone", "kept", "kept"))
            .madeBy(Unprivileged.SELF);
    private final FilePort port = new Unprivileged(disk);

    private Attributes attributes(String path) {
        return disk.status(ROOT.resolve(path)).attributes();
    }

    private void give(String path, int mode, String owner) throws IOException {
        disk.setAttributes(ROOT.resolve(path), new Attributes(mode, owner));
    }

    @Test
    void filesAndFoldersOfOthersAreReplacedAndComeBackAsItsOwn() throws IOException {
        DEVICE.update("u", offer("2").file("main", "new").without("lib/gone").manifest())
                .on(port);
        assertThat(disk.text(ROOT.resolve("main"))).isEqualTo("new");
        assertThat(disk.status(ROOT.resolve("lib")).isAbsent()).isTrue();
        DEVICE.rollBack("b").on(port);

        assertThat(disk.text(ROOT.resolve("main"))).isEqualTo("old");
        assertThat(disk.text(ROOT.resolve("lib/gone"))).isEqualTo("gone");
        assertThat(attributes("main")).isEqualTo(new Attributes(0644, Unprivileged.SELF));
        assertThat(attributes("lib")).isEqualTo(new Attributes(0755, Unprivileged.SELF));
        assertThat(attributes("kept").owner()).isNotEqualTo(Unprivileged.SELF);
    }

    /**
     * A group that it is in, and one that it is not in: then what it makes is of its own group, or of the one that a folder hands
     * on, and nothing fails.
     */
    @ParameterizedTest
    @CsvSource({
        "1000:50, 2000:50, 2000:50",
        "2000:50, 2000:50, 2000:50",
        "1000:60, 2000:2000, 2000:60",
        "2000:60, 2000:2000, 2000:60"
    })
    void groupIsKeptWhereItMayBe(String owner, String expected, String ofFolder) throws IOException {
        give("main", 0664, owner);
        give("lib", 02775, owner);
        give("lib/gone", 0664, owner);
        Device.Offer release =
                offer("2").file("main", "new").file("lib/more/new", "new").without("lib/gone");

        IN_PLACE.update("u", release.manifest()).on(port);

        assertThat(attributes("main")).isEqualTo(new Attributes(0664, expected));
        assertThat(attributes("lib/more")).isEqualTo(new Attributes(0755, ofFolder));
        assertThat(attributes("lib/more/new")).isEqualTo(new Attributes(0644, expected));

        IN_PLACE.rollBack("b").on(port);

        assertThat(disk.text(ROOT.resolve("main"))).isEqualTo("old");
        assertThat(attributes("main")).isEqualTo(new Attributes(0664, expected));
        assertThat(attributes("lib/gone")).isEqualTo(new Attributes(0664, expected));
        assertThat(disk.list(ROOT.resolve(".ota"))).doesNotContain("probe");
    }

    /**
     * The root's and the other folder's group and mode: of a group that it is in or not, which they hand on or not.
     *
     * <p>The state folder, in which the groups are tried out, takes after the root.
     */
    @ParameterizedTest
    @CsvSource({
        "50, 755, 50, 755, 50",
        "50, 2775, 60, 775, 2000",
        "60, 2775, 60, 775, 2000",
        "60, 2775, 60, 2775, 60",
        "60, 775, 60, 2775, 60",
        "60, 2775, 70, 2775, 70",
        "60, 2775, 50, 775, 50",
        "60, 2775, 2000, 775, 2000",
        "2000, 775, 60, 2775, 60"
    })
    void newFolderHasTheGroupThatItCanHave(
            String rootGroup, String rootMode, String group, String mode, String expectedGroup) throws IOException {
        disk.setAttributes(ROOT, new Attributes(Integer.parseInt(rootMode, 8), "2000:" + rootGroup));
        give("lib", Integer.parseInt(mode, 8), "2000:" + group);

        DEVICE.update("u", offer("2").file("lib/more/deep/new", "new").manifest())
                .on(port);

        assertThat(attributes("lib/more")).isEqualTo(new Attributes(0755, "2000:" + expectedGroup));
        assertThat(disk.text(ROOT.resolve("lib/more/deep/new"))).isEqualTo("new");
        DEVICE.rollBack("b").on(port);
        assertThat(disk.status(ROOT.resolve("lib/more")).isAbsent()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1000:50, 2775, 2000:50", "1000:60, 775, 2000:2000"})
    void folderThatComesBackHasItsModeAndItsGroupWhereItMay(String owner, String mode, String expected)
            throws IOException {
        give("lib", 02775, owner);

        DEVICE.update("u", offer("2").without("lib/gone").manifest()).on(port);
        assertThat(disk.status(ROOT.resolve("lib")).isAbsent()).isTrue();
        DEVICE.rollBack("b").on(port);

        assertThat(attributes("lib")).isEqualTo(new Attributes(Integer.parseInt(mode, 8), expected));
    }

    @ParameterizedTest
    @CsvSource({"1000:50, 2000:50", "1000:60, 2000:2000"})
    void slotHasTheGroupsOfTheTreeThatItIsMadeOf(String owner, String expected) throws IOException {
        Device slots = new Device(any -> InstallationOptions.defaults().withLayout(Layout.SLOTS));
        give("lib", 02775, owner);
        give("kept", 0664, owner);

        slots.update("u", offer("2").file("lib/new", "new").manifest()).on(port);

        Path current = ROOT.resolve("current").resolve("kept");
        assertThat(disk.status(current).attributes()).isEqualTo(new Attributes(0664, expected));
        assertThat(disk.status(current.resolveSibling("lib")).attributes()).isEqualTo(new Attributes(02775, expected));
        assertThat(disk.status(current.resolveSibling("lib").resolve("new")).attributes())
                .isEqualTo(new Attributes(0644, expected));
    }
}
