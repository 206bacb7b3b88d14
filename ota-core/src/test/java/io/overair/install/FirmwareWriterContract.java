package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link FirmwareWriter} does that can be asked and can switch back. */
abstract class FirmwareWriterContract {
    @TempDir
    Path images;

    private FirmwareWriter writer;

    /** A writer for a device that has never been updated. */
    abstract FirmwareWriter writer() throws IOException;

    @BeforeEach
    void device() throws IOException {
        writer = writer();
    }

    private Path image(String content) throws IOException {
        return Files.writeString(images.resolve(content), content);
    }

    private static Digest sha256(String content) {
        return Digest.ofContent(Digest.Algorithm.SHA256, content.getBytes(UTF_8));
    }

    private FirmwareSlot write(String content) throws IOException {
        return writer.write(image(content), sha256(content));
    }

    private FirmwareSlot install(String content) throws IOException {
        FirmwareSlot slot = write(content);
        writer.activate(slot, Optional.of(image(content)));
        return slot;
    }

    @Test
    void writtenSlotIsKnownByTheDigestOfTheImage() throws IOException {
        assertThat(write("one").sha256()).contains(sha256("one"));
    }

    @Test
    void writingLeavesWhatIsActiveAsItWas() throws IOException {
        install("one");
        Optional<FirmwareSlot> before = writer.active();

        write("two");

        assertThat(writer.active()).isEqualTo(before);
    }

    @Test
    void writingOnceMoreAfterACrashIsLikeWritingOnce() throws IOException {
        install("one");

        FirmwareSlot first = write("two");
        FirmwareSlot second = write("two");

        assertThat(second).isEqualTo(first);
        assertThat(writer.active()).isPresent().isNotEqualTo(Optional.of(first));
    }

    @Test
    void imageIsLeftAsItWas() throws IOException {
        install("one");

        assertThat(image("one")).hasContent("one");
    }

    @Test
    void whatWasActivatedIsActive() throws IOException {
        FirmwareSlot slot = install("one");

        assertThat(writer.active()).contains(slot);
        assertThat(writer.holds(slot)).isTrue();
    }

    @Test
    void activatingOnceMoreAfterACrashIsLikeActivatingOnce() throws IOException {
        FirmwareSlot one = install("one");
        FirmwareSlot two = write("two");

        writer.activate(two, Optional.of(image("two")));
        writer.activate(two, Optional.of(image("two")));

        assertThat(writer.active()).contains(two);
        assertThat(writer.holds(one)).isTrue();
    }

    @Test
    void wayBackIsWithoutAnImageAndMayBeTakenOnceMoreAfterACrash() throws IOException {
        FirmwareSlot one = install("one");
        install("two");

        writer.activate(one, Optional.empty());
        writer.activate(one, Optional.empty());

        assertThat(writer.wayBack()).isEqualTo(FirmwareWriter.WayBack.SWITCHES);
        assertThat(writer.active()).contains(one);
    }

    @Test
    void anotherWriterOfTheSameDeviceKnowsAsMuch() throws IOException {
        FirmwareSlot slot = install("one");

        FirmwareWriter afterARestart = writer.rememberingAt(images.resolve("place"));

        assertThat(afterARestart.active()).contains(slot);
        assertThat(afterARestart.holds(slot)).isTrue();
    }
}
