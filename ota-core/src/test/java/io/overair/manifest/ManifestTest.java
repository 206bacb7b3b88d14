package io.overair.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.overair.version.LooseVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final Digest SHA1 = Digest.ofContent(Digest.Algorithm.SHA1, new byte[0]);
    private static final Digest SHA256 = Digest.ofContent(Digest.Algorithm.SHA256, new byte[0]);

    @ParameterizedTest
    @MethodSource("pathsNamedTwice")
    void pathNamedTwiceIsRefused(List<String> added, List<String> changed, List<String> removed) {
        assertThatThrownBy(() -> manifest(added, changed, removed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("flash/a is named twice");
    }

    static Stream<Arguments> pathsNamedTwice() {
        List<String> none = List.of();
        List<String> a = List.of("flash/a");
        List<String> twice = List.of("flash/a", "/flash/a");
        return Stream.of(
                arguments(twice, none, none),
                arguments(none, twice, none),
                arguments(none, none, twice),
                arguments(a, a, none),
                arguments(a, none, a),
                arguments(none, a, a));
    }

    @ParameterizedTest
    @MethodSource("filesThatWouldBeFolders")
    void fileThatWouldBeTheFolderOfAnotherIsRefused(List<String> added, List<String> changed, List<String> removed) {
        assertThatThrownBy(() -> manifest(added, changed, removed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("flash/a would have to be both a file and the folder of flash/a/b/c");
    }

    static Stream<Arguments> filesThatWouldBeFolders() {
        List<String> none = List.of();
        // "-" and "." sort below "/", so that file and folder are no neighbours in the sorted list.
        List<String> both = List.of("flash/a/b/c", "flash/a-b", "flash/a.b", "flash/a", "flash/a0");
        List<String> file = List.of("flash/a");
        List<String> below = List.of("flash/a/b/c");
        return Stream.of(
                arguments(both, none, none),
                arguments(none, both, none),
                arguments(none, none, both),
                arguments(file, below, none),
                arguments(below, file, none),
                arguments(none, file, below),
                arguments(none, below, file));
    }

    @Test
    void fileMayBecomeAFolderAndAFolderAFile() {
        assertThat(manifest(List.of("a/b", "c"), List.of(), List.of("a", "c/d")).removed())
                .containsExactly(new DevicePath("a"), new DevicePath("c/d"));
    }

    @Test
    void namesThatOnlyBeginAlikeAreNoContradiction() {
        List<String> files = List.of("a", "a-b", "a.b", "a0", "ab/c", "A/b");

        assertThat(manifest(files, List.of(), List.of()).added()).hasSize(6);
    }

    @Test
    void listsAreSortedByPathAndFilesToFetchStartWithTheAddedOnes() {
        Manifest manifest = manifest(List.of("y", "b"), List.of("z", "a"), List.of("x", "c"));

        assertThat(manifest.added()).map(file -> file.path().value()).containsExactly("b", "y");
        assertThat(manifest.changed()).map(file -> file.path().value()).containsExactly("a", "z");
        assertThat(manifest.removed()).map(DevicePath::value).containsExactly("c", "x");
        assertThat(manifest.files()).map(file -> file.path().value()).containsExactly("b", "y", "a", "z");
    }

    @Test
    void listsAreCopiesNobodyCanChange() {
        List<TargetFile> added = new ArrayList<>(files(List.of("a")));
        List<TargetFile> changed = new ArrayList<>(files(List.of("b")));
        List<DevicePath> removed = new ArrayList<>(List.of(new DevicePath("c")));
        Manifest manifest =
                new Manifest(LooseVersion.parse("1"), Optional.empty(), added, changed, removed, Optional.empty());

        added.clear();
        changed.clear();
        removed.clear();

        assertThat(manifest.added()).hasSize(1).isUnmodifiable();
        assertThat(manifest.changed()).hasSize(1).isUnmodifiable();
        assertThat(manifest.removed()).hasSize(1).isUnmodifiable();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u0000", "\u007F", "a\u0085"})
    void targetWithoutAUsableReferenceIsRefused(String reference) {
        assertThatThrownBy(() -> new FirmwareImage(reference, List.of(SHA1), OptionalLong.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TargetFile(new DevicePath("a"), reference, List.of(SHA1), OptionalLong.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "-1, false"})
    void sizeIsNeverNegative(long size, boolean accepted) {
        OptionalLong bytes = OptionalLong.of(size);

        if (accepted) {
            assertThat(new FirmwareImage("x", List.of(SHA1), bytes).size()).hasValue(size);
            assertThat(new TargetFile(new DevicePath("a"), "x", List.of(SHA1), bytes).size())
                    .hasValue(size);
        } else {
            assertThatThrownBy(() -> new FirmwareImage("x", List.of(SHA1), bytes))
                    .hasMessage("a size of -1 bytes");
            assertThatThrownBy(() -> new TargetFile(new DevicePath("a"), "x", List.of(SHA1), bytes))
                    .hasMessage("a size of -1 bytes");
        }
    }

    @Test
    void targetNeedsADigestAndHasOneOfEachAlgorithmTheStrongestLast() {
        FirmwareImage image = new FirmwareImage("x", List.of(SHA256, SHA1), OptionalLong.empty());
        TargetFile file = new TargetFile(new DevicePath("a"), "x", List.of(SHA256, SHA1), OptionalLong.empty());

        assertThat(image.digests()).containsExactly(SHA1, SHA256).isUnmodifiable();
        assertThat(file.digests()).containsExactly(SHA1, SHA256).isUnmodifiable();
        assertThat(file.digest(Digest.Algorithm.SHA256)).contains(SHA256);
        assertThat(new FirmwareImage("x", List.of(SHA256), OptionalLong.empty()).digest(Digest.Algorithm.SHA1))
                .isEmpty();
        for (List<Digest> digests : List.of(List.<Digest>of(), List.of(SHA1, SHA1))) {
            assertThatThrownBy(() -> new FirmwareImage("x", digests, OptionalLong.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new TargetFile(new DevicePath("a"), "x", digests, OptionalLong.empty()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Manifest manifest(List<String> added, List<String> changed, List<String> removed) {
        return new Manifest(
                LooseVersion.parse("1"),
                Optional.empty(),
                files(added),
                files(changed),
                removed.stream().map(DevicePath::new).toList(),
                Optional.empty());
    }

    private static List<TargetFile> files(List<String> paths) {
        return paths.stream()
                .map(path -> new TargetFile(new DevicePath(path), path, List.of(SHA1), OptionalLong.empty()))
                .toList();
    }
}
