package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a caller sees of an installation on a real disk, whatever its layout. */
@ParameterizedClass
@MethodSource("layouts")
class InstallationTest {
    @TempDir
    Path folder;

    @Parameter
    Layout layout;

    static List<Layout> layouts() {
        return List.of(Layout.IN_PLACE, Layout.SLOTS);
    }

    private Path root;

    @BeforeEach
    void aDeviceOnVersion100() throws IOException {
        root = Files.createDirectory(folder.resolve("device"));
        write("flash/main.py", "old main");
        write("flash/lib/gone.py", "gone");
        write("flash/same.py", "same");
        write("flash/OTA_VERSION.py", "VERSION = '1.0.0'\n");
    }

    @Test
    void interruptEndsTheLookForWhatIsMissing() throws IOException {
        try (Installation installation = Installation.open(root, options())) {
            Manifest manifest = release("1.0.1");
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> installation.begin(manifest)).isInstanceOf(InterruptedIOException.class);

            assertThat(Thread.interrupted()).isTrue();
            installation.begin(manifest).close();
        }
    }

    @Test
    void anUpdateMakesTheTreeTheNewRelease() throws IOException {
        try (Installation installation = Installation.open(root, options())) {
            assertThat(installation.version()).contains(LooseVersion.parse("1.0.0"));
            update(installation, release("1.0.1"));
            assertThat(installation.version()).contains(LooseVersion.parse("1.0.1"));
            assertThat(installation.status().phase()).isEqualTo(InstallationStatus.Phase.IDLE);
            assertThat(installation.layout()).isEqualTo(layout);
            assertThat(installation.files().resolve("flash/main.py")).hasContent("new main");
            assertThat(installation.verify()).isEmpty();
        }

        assertThat(tree())
                .isEqualTo(new TreeMap<>(Map.of(
                        "flash/main.py", "new main",
                        "flash/new/deep.py", "deep",
                        "flash/same.py", "same",
                        "flash/OTA_VERSION.py", "VERSION = '1.0.1'\n")));
    }

    @Test
    void lookingMakesNothingAndLocksNothing() throws IOException {
        SortedMap<String, String> before = tree();
        Manifest manifest = release("1.0.1");

        try (Installation looking = Installation.openToRead(root, InstallationOptions.defaults())) {
            assertThat(looking.version()).contains(LooseVersion.parse("1.0.0"));
            assertThat(looking.verify()).isEmpty();
            assertThat(looking.events()).isEmpty();
            assertThatThrownBy(() -> looking.begin(manifest)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(looking::rollBack).isInstanceOf(IllegalStateException.class);
            assertThat(tree()).isEqualTo(before);
            assertThat(root.resolve(".ota")).doesNotExist();

            Installation.open(root).close();
        }
    }

    @Test
    void whatIsInstalledCanBeVerifiedWhileAnotherHasItOpen() throws IOException {
        try (Installation other = Installation.open(root);
                Installation looking = Installation.openToRead(root, InstallationOptions.defaults())) {
            update(other, release("1.0.1"));
            write("flash/main.py", "tampered");

            assertThat(looking.verify())
                    .containsExactly(new Difference(new DevicePath("flash/main.py"), Difference.Kind.CHANGED));
        }
    }

    @Test
    void statusTellsWhoHasItOpen() throws IOException {
        System.setProperty(Installation.PROGRAM_PROPERTY, "meter\nprogram");
        try (Installation open = Installation.open(root)) {
            assertThat(open.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(Installation.statusOf(root).holder())
                    .contains(new InstallationStatus.Holder(
                            ProcessHandle.current().pid(), "meter program"));
        } finally {
            System.clearProperty(Installation.PROGRAM_PROPERTY);
        }
        assertThat(Installation.statusOf(root).holder()).isEmpty();
    }

    @Test
    void aRollbackMakesItTheOldOne() throws IOException {
        SortedMap<String, String> before = tree();
        try (Installation installation = Installation.open(root, options())) {
            update(installation, release("1.0.1"));
            installation.rollBack();

            assertThat(installation.version()).contains(LooseVersion.parse("1.0.0"));
            assertThatThrownBy(installation::rollBack).isInstanceOf(NoWayBackException.class);
        }

        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void firmwareIsActivatedWithTheFilesAndSwitchedBackWithThem() throws IOException {
        TwoSlotFiles slots = TwoSlotFiles.inDirectory(folder.resolve("firmware"));
        InstallationOptions options = options().withFirmware(slots);
        Manifest files = release("1.0.1");
        Manifest manifest = new Manifest(
                files.version(),
                files.previousVersion(),
                files.added(),
                files.changed(),
                files.removed(),
                Optional.of(new FirmwareImage("image", sha1("image"), OptionalLong.empty())));
        try (Installation installation = Installation.open(root, options)) {
            update(installation, manifest);
            assertThat(slots.active().orElseThrow().name()).isEqualTo("b");
            assertThat(folder.resolve("firmware/slot-b.img")).hasContent("image");

            installation.rollBack();
            assertThat(slots.active().orElseThrow().name()).isEqualTo("a");
        }
    }

    @Test
    void contentThatIsNotWhatTheManifestNamesIsRefusedAndMayBeSentAgain() throws IOException {
        SortedMap<String, String> before = tree();
        try (Installation installation = Installation.open(root, options());
                UpdateTransaction transaction = installation.begin(release("1.0.1"))) {
            Target target = transaction.missing().get(0);

            assertThatThrownBy(() -> transaction.stage(target, 0, stream("forged")))
                    .isInstanceOf(IntegrityException.class)
                    .hasMessageContaining("flash/new/deep.py");
            assertThat(transaction.held(target)).isZero();
            transaction.stage(target, 0, stream("deep"));
            assertThat(transaction.missing()).doesNotContain(target);
        }
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void whatWasStagedIsKeptForTheNextTransaction() throws IOException {
        try (Installation installation = Installation.open(root, options())) {
            try (UpdateTransaction transaction = installation.begin(release("1.0.1"))) {
                transaction.stage(transaction.missing().get(0), 0, stream("deep"));
            }
        }
        try (Installation installation = Installation.open(root, options());
                UpdateTransaction transaction = installation.begin(release("1.0.1"))) {
            assertThat(transaction.missing()).hasSize(1);
        }
    }

    private InstallationOptions options() {
        return InstallationOptions.defaults().withLayout(layout);
    }

    private Manifest release(String version) {
        return new Manifest(
                LooseVersion.parse(version),
                Optional.empty(),
                List.of(file("flash/new/deep.py", "deep")),
                List.of(file("flash/main.py", "new main")),
                List.of(new DevicePath("flash/lib/gone.py")),
                Optional.empty());
    }

    private static void update(Installation installation, Manifest manifest) throws IOException {
        try (UpdateTransaction transaction = installation.begin(manifest)) {
            for (Target target : transaction.missing()) {
                transaction.stage(target, 0, stream(target.reference()));
            }
            transaction.commit();
        }
    }

    /** A file whose reference is its content. */
    private static TargetFile file(String path, String content) {
        return new TargetFile(new DevicePath(path), content, sha1(content), OptionalLong.empty());
    }

    @Test
    void timeThatHasPassedIsNotNegative() throws IOException {
        try (Installation installation = Installation.open(root)) {
            assertThatThrownBy(() -> installation.countRunningTime(Duration.ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<Digest> sha1(String content) {
        return List.of(Digest.ofContent(Digest.Algorithm.SHA1, content.getBytes(UTF_8)));
    }

    private static ByteArrayInputStream stream(String content) {
        return new ByteArrayInputStream(content.getBytes(UTF_8));
    }

    private void write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private SortedMap<String, String> tree() throws IOException {
        Path current = root.resolve("current");
        Path top = Files.exists(current) ? current.toRealPath() : root;
        SortedMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file :
                    files.filter(path -> !path.startsWith(root.resolve(".ota"))).toList()) {
                if (Files.isRegularFile(file)) {
                    tree.put(top.relativize(file).toString(), Files.readString(file));
                }
            }
        }
        return tree;
    }
}
