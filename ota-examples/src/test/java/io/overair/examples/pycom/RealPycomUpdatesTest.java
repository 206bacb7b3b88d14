package io.overair.examples.pycom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The twin of {@link RecordedUpdatesTest}, from the real Pycom server: see CONTRIBUTING.md. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealPycomUpdatesTest {
    @TempDir
    private Path directory;

    @TestFactory
    List<DynamicTest> everyRecordedManifestIsFollowed() throws IOException {
        return RecordedUpdate.all().stream()
                .map(update -> dynamicTest(update.toString(), () -> follow(update)))
                .toList();
    }

    private void follow(RecordedUpdate update) throws IOException, InterruptedException {
        RealPycom.folder();
        Recordings.assumeSuitable(update.recording());
        assumeFalse(update.byChance().equals("latest"), "the real server picks the release by chance");
        Path own = Files.createTempDirectory(directory, "update");
        Path served = own.resolve("served");
        Recordings.layOut(update.recording().get("tree"), served);

        try (RealPycomServer server = RealPycomServer.start(served)) {
            RecordedUpdate.Result result = update.update(own, served, "http://127.0.0.1:" + server.port());

            RecordedUpdate.Result wanted = update.wanted(served);
            assertThat(result.files()).isEqualTo(wanted.files());
            if (!update.byChance().equals("firmware")) {
                assertThat(result.firmware()).isEqualTo(wanted.firmware());
            }
        }
    }
}
