package io.overair.examples.pycom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.overair.server.OtaHandler;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our client, updated from our server, makes of a device what the recorded manifest says, byte for byte. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecordedUpdatesTest {
    @TempDir
    private Path directory;

    @TestFactory
    List<DynamicTest> everyRecordedManifestIsFollowed() throws IOException {
        return RecordedUpdate.all().stream()
                .map(update -> dynamicTest(update.toString(), () -> follow(update)))
                .toList();
    }

    @Test
    void thereAreRecordedManifests() throws IOException {
        assertThat(RecordedUpdate.all()).hasSizeGreaterThan(50);
    }

    private void follow(RecordedUpdate update) throws IOException {
        Recordings.assumeSuitable(update.recording());
        Path own = Files.createTempDirectory(directory, "update");
        Path served = own.resolve("served");
        Recordings.layOut(update.recording().get("tree"), served);

        try (OtaServer server = OtaServer.builder(OtaHandler.of(ReleaseRepository.inDirectory(served)))
                .bind("127.0.0.1")
                .port(0)
                .start()) {
            assertThat(update.update(own, served, server.uri().toString())).isEqualTo(update.wanted(served));
        }
    }
}
