package io.overair.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.overair.client.DirectoryTransport;
import io.overair.client.Ota;
import io.overair.client.UpdateOutcome;
import io.overair.install.FirmwareSlot;
import io.overair.install.FirmwareWriter;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a signal does to an update is an interrupt: before the commit point it ends it, see {@link LauncherIT}. */
@Timeout(60)
class InterruptedUpdateTest extends DeviceVerbs {
    @Test
    void interruptPastTheCommitPointComesTooLate() throws IOException {
        InstallationOptions options = InstallationOptions.defaults().withFirmware(new InterruptingWriter());

        try (Installation installation = Installation.open(device, options)) {
            UpdateOutcome outcome = Ota.builder(DirectoryTransport.of(server), installation)
                    .build()
                    .update();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(outcome).isInstanceOf(UpdateOutcome.Updated.class);
        }
        assertThat(onDevice("status").out()).startsWith("version      1.0.1%n".formatted());
        assertThat(device.resolve("flash/lib/tariff.py"))
                .hasSameBinaryContentAs(server.resolve("1.0.1/flash/lib/tariff.py"));
        assertThat(onDevice("verify").exitStatus()).isZero();
        assertThat(Files.exists(device.resolve("flash/lib/display.py"))).isFalse();
    }

    /** Interrupts its own thread when firmware becomes active, which is after the commit point. */
    private static final class InterruptingWriter implements FirmwareWriter {
        @Override
        public Optional<FirmwareSlot> active() {
            return Optional.empty();
        }

        @Override
        public FirmwareSlot write(Path image, Digest sha256) {
            return new FirmwareSlot("b", Optional.of(sha256));
        }

        @Override
        public void activate(FirmwareSlot slot, Optional<Path> image) {
            Thread.currentThread().interrupt();
        }

        @Override
        public boolean holds(FirmwareSlot slot) {
            return true;
        }
    }
}
