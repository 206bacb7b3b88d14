package io.overair.tree;

import static io.overair.tree.TestFiles.link;
import static io.overair.tree.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileFingerprintTest {
    @Test
    void fingerprintFollowsLinks(@TempDir Path folder) throws IOException {
        Path file = write(folder, "file", "abc");
        link(folder.resolve("link"), Path.of("file"));

        assertThat(FileFingerprint.of(folder.resolve("link"))).isEqualTo(FileFingerprint.of(file));
        assertThat(FileFingerprint.of(file).size()).isEqualTo(3);
    }

    @Test
    void missingFileHasNone(@TempDir Path folder) {
        assertThatThrownBy(() -> FileFingerprint.of(folder.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @CsvSource({
        // modified, changed, too young at 00:00:10?
        "2026-01-01T00:00:08Z,           2026-01-01T00:00:08Z, false",
        "2026-01-01T00:00:08.000000001Z, 2026-01-01T00:00:00Z, true",
        "2026-01-01T00:00:00Z,           2026-01-01T00:00:08.000000001Z, true",
        "2020-01-01T00:00:00Z,           2026-01-01T00:00:10Z, true",
        "2030-01-01T00:00:00Z,           2020-01-01T00:00:00Z, true",
    })
    void fileIsYoungForTwoSecondsAfterEitherOfItsTimes(Instant modified, Instant changed, boolean young) {
        FileFingerprint fingerprint = new FileFingerprint(1, FileTime.from(modified), FileTime.from(changed), 7);

        assertThat(fingerprint.tooYoungAt(Instant.parse("2026-01-01T00:00:10Z")))
                .isEqualTo(young);
    }

    @Test
    void tokenTellsFingerprintsApartToTheNanosecond() {
        FileTime time = FileTime.from(Instant.ofEpochSecond(16, 255));
        FileTime later = FileTime.from(Instant.ofEpochSecond(16, 256));

        assertThat(new FileFingerprint(10, time, later, 31).token()).isEqualTo("a-10-ff-10-100-1f");
        assertThat(new FileFingerprint(10, later, time, 31).token()).isEqualTo("a-10-100-10-ff-1f");
    }

    @Test
    void tokenTakesTimesFromBeforeTheEpoch() {
        FileTime time = FileTime.from(Instant.ofEpochSecond(-1));

        assertThat(new FileFingerprint(0, time, time, 0).token()).matches("[0-9a-f-]+");
    }
}
