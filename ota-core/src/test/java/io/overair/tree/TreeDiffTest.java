package io.overair.tree;

import static io.overair.tree.TestFiles.entry;
import static io.overair.tree.TestFiles.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.Digest.Algorithm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TreeDiffTest {
    private static final DevicePath A = new DevicePath("a");

    @Test
    void diffTellsWhatWasAddedChangedAndRemoved() {
        FileTree before = FileTree.of(files("a", "same", "b", "old", "c", "gone", "z", "gone too"));
        FileTree after = FileTree.of(files("0", "first", "a", "same", "b", "newer", "d", "added"));

        TreeDiff diff = before.diffTo(after);

        assertThat(diff.added()).isEqualTo(files("0", "first", "d", "added"));
        assertThat(diff.changed()).isEqualTo(files("b", "newer"));
        assertThat(diff.removed()).isEqualTo(files("c", "gone", "z", "gone too"));
        assertThat(diff.isEmpty()).isFalse();
        assertThat(diff.addedBytes()).isEqualTo(10);
        assertThat(diff.changedBytes()).isEqualTo(5);
        assertThat(diff.removedBytes()).isEqualTo(12);
    }

    @Test
    void equalTreesDifferInNothing() {
        assertThat(FileTree.of(files("a", "1", "b", "2"))
                        .diffTo(FileTree.of(files("a", "1", "b", "2")))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void everythingIsAddedToNothingAndRemovedForNothing() {
        FileTree nothing = FileTree.of(Map.of());
        FileTree something = FileTree.of(files("a", "1", "b", "2"));

        assertThat(nothing.diffTo(something).added()).isEqualTo(something.files());
        assertThat(something.diffTo(nothing).removed()).isEqualTo(something.files());
    }

    @Test
    void sameDigestAndAnotherSizeIsAChange() {
        FileEntry entry = entry("x");
        FileEntry longer = new FileEntry(2, entry.digests());

        assertThat(diffOfA(entry, longer).changed()).containsExactly(Map.entry(A, longer));
    }

    @Test
    void strongestDigestBothHaveDecides() {
        Digest weak = Digest.ofContent(Algorithm.SHA1, new byte[] {1});
        Digest otherWeak = Digest.ofContent(Algorithm.SHA1, new byte[] {2});
        Digest strong = Digest.ofContent(Algorithm.SHA256, new byte[] {1});
        Digest otherStrong = Digest.ofContent(Algorithm.SHA256, new byte[] {2});

        FileEntry both = new FileEntry(1, List.of(strong, weak));

        assertThat(diffOfA(both, new FileEntry(1, List.of(weak, otherStrong))).changed())
                .hasSize(1);
        assertThat(diffOfA(both, new FileEntry(1, List.of(otherWeak, strong))).isEmpty())
                .isTrue();
        assertThat(diffOfA(both, new FileEntry(1, List.of(weak))).isEmpty()).isTrue();
        assertThat(diffOfA(new FileEntry(1, List.of(otherWeak)), both).changed())
                .hasSize(1);
    }

    @Test
    void digestsWithoutACommonAlgorithmCannotBeCompared() {
        FileEntry weak = new FileEntry(1, List.of(Digest.ofContent(Algorithm.SHA1, new byte[1])));
        FileEntry strong = new FileEntry(1, List.of(Digest.ofContent(Algorithm.SHA256, new byte[1])));

        assertThatThrownBy(() -> diffOfA(weak, strong)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> diffOfA(strong, weak)).isInstanceOf(IllegalArgumentException.class);
    }

    private static TreeDiff diffOfA(FileEntry before, FileEntry after) {
        return FileTree.of(Map.of(A, before)).diffTo(FileTree.of(Map.of(A, after)));
    }
}
