package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the paths are those of Linux")
class MountTableTest {
    private static final String ROOT = "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n";

    private static Set<Path> points(String table) throws IOException {
        return MountTable.points(new BufferedReader(new StringReader(table)));
    }

    private static String mount(int id, int parent, String point) {
        return "%d %d 254:0 /data %s rw,relatime - ext4 /dev/vda rw\n".formatted(id, parent, point);
    }

    @Test
    void everyMountIsKnownByItsPlace() throws IOException {
        assertThat(points(ROOT + mount(42, 27, "/srv/tree/sd") + mount(43, 27, "/srv/tree/cert.pem")))
                .containsExactlyInAnyOrder(Path.of("/"), Path.of("/srv/tree/sd"), Path.of("/srv/tree/cert.pem"));
    }

    @Test
    void blanksTabsNewlinesBackslashesAndOtherLettersInANameAreRead() throws IOException {
        String inBytes = new String("/é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(points(mount(42, 27, "/a\\040b\\011c\\012d\\134040") + mount(43, 27, inBytes)))
                .containsExactlyInAnyOrder(Path.of("/a b\tc\nd\\040"), Path.of("/é"));
    }

    @Test
    void mountsOnTopOfEachOtherAreOnePlace() throws IOException {
        assertThat(points(ROOT + mount(42, 27, "/sd") + mount(43, 42, "/sd")))
                .containsExactlyInAnyOrder(Path.of("/"), Path.of("/sd"));
    }

    @Test
    void anyNumberOfMountsMayBeOnTopOfEachOther() throws IOException {
        StringBuilder table = new StringBuilder(ROOT);
        for (int id = 28; id < 50_000; id++) {
            table.append(mount(id, id - 1, "/sd"));
        }

        assertThat(points(table.toString())).containsExactlyInAnyOrder(Path.of("/"), Path.of("/sd"));
    }

    @Test
    void mountBelowWhatWasMountedOverItIsNotSeen() throws IOException {
        String hidden = ROOT + mount(42, 27, "/srv/tree/sd") + mount(43, 42, "/srv/tree/sd/deep");

        assertThat(points(hidden + mount(44, 27, "/srv"))).containsExactlyInAnyOrder(Path.of("/"), Path.of("/srv"));
        assertThat(points(hidden + mount(44, 27, "/srv") + mount(45, 44, "/srv/tree/sd")))
                .containsExactlyInAnyOrder(Path.of("/"), Path.of("/srv"), Path.of("/srv/tree/sd"));
    }

    @Test
    void rootThatIsItsOwnParentHidesNothing() throws IOException {
        String own = "27 27 254:0 / / rw - ext4 /dev/vda rw\n";

        assertThat(points(own + mount(42, 27, "/sd"))).containsExactlyInAnyOrder(Path.of("/"), Path.of("/sd"));
    }

    @Test
    void linesOfAnotherShapeArePassedOver() throws IOException {
        assertThat(points("\nnonsense\n" + mount(42, 27, "/sd"))).containsExactly(Path.of("/sd"));
    }

    @Test
    void withoutATableNothingIsKnownToBeMounted(@TempDir Path folder) throws IOException {
        assertThat(new NioFilePort(folder.resolve("missing")).mounts()).isEmpty();
    }

    @Test
    void tableIsReadAnewAtEachQuestion(@TempDir Path folder) throws IOException {
        Path table = Files.writeString(folder.resolve("mountinfo"), ROOT);
        NioFilePort port = new NioFilePort(table);
        assertThat(port.mounts()).containsExactly(Path.of("/"));

        Files.writeString(table, ROOT + mount(42, 27, "/sd"));

        assertThat(port.mounts()).contains(Path.of("/sd"));
    }
}
