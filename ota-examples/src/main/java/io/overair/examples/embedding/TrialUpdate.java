package io.overair.examples.embedding;

import io.overair.client.Ota;
import io.overair.client.ServerCheck;
import io.overair.client.Transport;
import io.overair.client.UpdateOutcome;
import io.overair.client.http.HttpTransport;
import io.overair.health.TrialWatch;
import io.overair.health.TrialWatch.Verdict;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.Recovery;
import io.overair.install.RestartHook;
import io.overair.install.Start;
import io.overair.install.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A device whose releases have to prove that they can update themselves. */
public final class TrialUpdate {
    private TrialUpdate() {}

    /** What the application does at each start, whether its release is on trial or not; {@code restart} starts it anew. */
    public static void run(Path root, String server, RestartHook restart) throws IOException, InterruptedException {
        // README: begin trial
        InstallationOptions options = InstallationOptions.defaults()
                .withTrial(Trial.of(3, Duration.ofMinutes(10)))
                .withRestartHook(restart);
        try (Installation installation = Installation.open(root, options)) { // before anything that may fail
            if (installation.countStart() == Start.ROLLED_BACK || installation.recovery() == Recovery.ROLLED_BACK) {
                installation.restart(); // what runs here is the release that failed
                return;
            }
        }
        try (Transport transport = HttpTransport.to(server)) {
            Verdict verdict = TrialWatch.of(root, options, ServerCheck.of(root, transport))
                    .await(); // at once, if nothing is on trial
            try (Installation installation = Installation.open(root, options)) { // takes back what was rejected
                Ota ota = Ota.builder(transport, installation).build();
                if (verdict == Verdict.REJECTED
                        || (verdict == Verdict.CONFIRMED && ota.update() instanceof UpdateOutcome.Updated)) {
                    installation.restart();
                }
            }
        }
        // README: end trial
    }
}
