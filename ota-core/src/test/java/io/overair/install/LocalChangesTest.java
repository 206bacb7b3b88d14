package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that was changed on the device since it was installed, and a release that brings another. */
@ParameterizedClass
@MethodSource("layouts")
class LocalChangesTest {
    private static final Path ROOT = Device.ROOT;
    private static final Manifest NEXT =
            Device.offer("2").file("settings", "theirs").file("code", "2").manifest();

    @Parameter
    Layout layout;

    static List<Layout> layouts() {
        return List.of(Layout.IN_PLACE, Layout.SLOTS);
    }

    private final CrashDisk disk = new CrashDisk().with(ROOT, Map.of());

    @BeforeEach
    void settingsAreInstalledAndThenChanged() throws IOException {
        device(LocalChanges.FAIL)
                .update(
                        "u",
                        Device.offer("1")
                                .file("settings", "ours")
                                .file("code", "1")
                                .manifest())
                .on(disk);
        disk.unlink(files().resolve("settings"));
        disk.with(files(), Map.of("settings", "mine"));
    }

    private Device device(LocalChanges policy) {
        return new Device(port -> InstallationOptions.defaults()
                .withLayout(layout)
                .withLocalChanges(path -> path.equals(new DevicePath("settings")) ? policy : LocalChanges.FAIL));
    }

    private String text(String file) throws IOException {
        return disk.text(files().resolve(file));
    }

    private Path files() {
        return layout == Layout.SLOTS ? ROOT.resolve("current") : ROOT;
    }

    @Test
    void replacedItIsThereAgainAfterARollback() throws IOException {
        device(LocalChanges.REPLACE).update("v", NEXT).on(disk);
        assertThat(text("settings")).isEqualTo("theirs");

        device(LocalChanges.REPLACE).rollBack("b").on(disk);
        assertThat(text("settings")).isEqualTo("mine");
    }

    @Test
    void keptItStaysAndTheReleasesFileLiesBesideIt() throws IOException {
        device(LocalChanges.KEEP).update("v", NEXT).on(disk);

        assertThat(text("settings")).isEqualTo("mine");
        assertThat(text("settings.ota-new")).isEqualTo("theirs");
        assertThat(text("code")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"settings.ota-new", "settings.ota-new/x"})
    void releaseThatItselfBringsWhatWouldLieBesideAKeptFileIsRefusedBeforeAnythingIsFetched(String path)
            throws IOException {
        Manifest both = Device.offer("2")
                .file("settings", "theirs")
                .file(path, "beside")
                .manifest();
        TreeImage before = disk.tree(ROOT);

        try (Installation installation = device(LocalChanges.KEEP).open(disk, "v")) {
            assertThatThrownBy(() -> installation.begin(both))
                    .isInstanceOfSatisfying(
                            ConflictException.class,
                            conflict -> assertThat(conflict.path()).isEqualTo("settings.ota-new"));
        }
        assertThat(disk.tree(ROOT)).isEqualTo(before);
    }

    @Test
    void soItIsWhereThatIsOnTheDeviceAlready() throws IOException {
        disk.with(files(), Map.of("settings.ota-new", "beside"));
        Manifest both = Device.offer("2")
                .file("settings", "theirs")
                .file("settings.ota-new", "beside")
                .manifest();

        try (Installation installation = device(LocalChanges.KEEP).open(disk, "v")) {
            assertThatThrownBy(() -> installation.begin(both)).isInstanceOf(ConflictException.class);
        }
    }

    @Test
    void failedForNothingIsChanged() throws IOException {
        TreeImage before = disk.tree(ROOT);

        assertThatThrownBy(() -> device(LocalChanges.FAIL).update("v", NEXT).on(disk))
                .isInstanceOfSatisfying(
                        ConflictException.class,
                        conflict -> assertThat(conflict.path()).isEqualTo("settings"));

        assertThat(disk.tree(ROOT)).isEqualTo(before);
    }

    @Test
    void changeToWhatTheReleaseBringsIsNone() throws IOException {
        disk.unlink(files().resolve("settings"));
        disk.with(files(), Map.of("settings", "theirs"));

        device(LocalChanges.FAIL).update("v", NEXT).on(disk);

        assertThat(text("settings")).isEqualTo("theirs");
    }

    @Test
    void fileThatWasNeverInstalledIsReplaced() throws IOException {
        disk.with(files(), Map.of("new", "the user's"));

        device(LocalChanges.KEEP)
                .update("v", Device.offer("2").file("new", "theirs").manifest())
                .on(disk);

        assertThat(text("new")).isEqualTo("theirs");
    }

    @Test
    void fileWhoseNameLeavesNoRoomForAnotherBesideItIsRefused() throws IOException {
        String longest = "n".repeat(DevicePath.MAX_SEGMENT_BYTES);
        Device keeping = new Device(
                port -> InstallationOptions.defaults().withLayout(layout).withLocalChanges(path -> LocalChanges.KEEP));
        keeping.update("v", Device.offer("2").file(longest, "2").manifest()).on(disk);
        disk.unlink(files().resolve(longest));
        disk.with(files(), Map.of(longest, "mine"));

        assertThatThrownBy(() -> keeping.update(
                                "w", Device.offer("3").file(longest, "3").manifest())
                        .on(disk))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void keptItStaysWhereTheReleaseRemovesIt() throws IOException {
        device(LocalChanges.KEEP)
                .update(
                        "v",
                        Device.offer("2").without("settings").file("code", "2").manifest())
                .on(disk);

        assertThat(text("settings")).isEqualTo("mine");
        assertThat(text("code")).isEqualTo("2");
    }

    @Test
    void failedForItIsNotRemovedEither() throws IOException {
        TreeImage before = disk.tree(ROOT);

        assertThatThrownBy(() -> device(LocalChanges.FAIL)
                        .update("v", Device.offer("2").without("settings").manifest())
                        .on(disk))
                .isInstanceOf(ConflictException.class);

        assertThat(disk.tree(ROOT)).isEqualTo(before);
    }

    @Test
    void rollbackIsRefusedWhereItWouldReplaceWhatIsToBeKept() throws IOException {
        TreeImage before = disk.tree(ROOT);

        assertThatThrownBy(() -> device(LocalChanges.KEEP).rollBack("b").on(disk))
                .isInstanceOfSatisfying(
                        ConflictException.class,
                        conflict -> assertThat(conflict.path()).isEqualTo("settings"));

        assertThat(disk.tree(ROOT)).isEqualTo(before);
    }
}
