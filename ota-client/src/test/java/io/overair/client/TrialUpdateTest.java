package io.overair.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.health.TrialWatch;
import io.overair.install.AfterRollback;
import io.overair.install.InTrialException;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.Outcome;
import io.overair.install.Report;
import io.overair.install.Start;
import io.overair.install.Trial;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Updates whose releases have to prove themselves. */
@Timeout(60)
class TrialUpdateTest {
    private static final LooseVersion OLD = LooseVersion.parse("1.0.0");
    private static final LooseVersion NEW = LooseVersion.parse("1.0.1");
    private static final InstallationOptions OPTIONS =
            InstallationOptions.defaults().withTrial(Trial.of(3, Duration.ofMinutes(1)));
    private static final Transport UNREACHABLE = (reference, offset) -> {
        throw new IOException("no route");
    };

    @TempDir
    Path root;

    private final ServerRoot server = new ServerRoot().with("1.0.0/main.py", "old main");
    private final List<UpdateEvent> events = new ArrayList<>();

    @BeforeEach
    void deviceOnTheOldReleaseAndANewOneOnTheServer() throws IOException {
        try (Installation installation = Installation.open(root)) {
            ota(server.transport(), installation).update();
        }
        server.with("1.0.1/main.py", "new main");
        events.clear();
    }

    private Ota ota(Transport transport, Installation installation) {
        return Ota.builder(transport, installation)
                .retry(RetryPolicy.never())
                .listener(events::add)
                .build();
    }

    private UpdateOutcome update() throws IOException {
        try (Installation installation = Installation.open(root, OPTIONS)) {
            return ota(server.transport(), installation).update();
        }
    }

    private void updateThatFailsItsTrial() throws IOException {
        update();
        try (Installation installation = Installation.open(root)) {
            installation.reject(NEW, "does not ring");
        }
    }

    @Test
    void outcomeSaysThatTheReleaseIsOnTrial() throws IOException {
        assertThat(update())
                .isInstanceOfSatisfying(
                        UpdateOutcome.Updated.class,
                        updated -> assertThat(updated.trial())
                                .hasValueSatisfying(
                                        trial -> assertThat(trial.startsLeft()).isEqualTo(3)));
    }

    @Test
    void nothingElseIsInstalledDuringATrial() throws IOException {
        update();
        server.with("1.0.2/main.py", "newer main");

        assertThatThrownBy(this::update).isInstanceOf(InTrialException.class);
    }

    @Test
    void releaseThatFailedHereIsPassedOver() throws IOException {
        updateThatFailsItsTrial();

        assertThat(update()).isEqualTo(new UpdateOutcome.Blocked(Optional.of(OLD), NEW));
        assertThat(events).last().isEqualTo(new UpdateEvent.Blocked(Optional.of(OLD), NEW));
    }

    @Test
    void releaseThatFailedHereIsNoUpdateThatIsAvailable() throws IOException {
        updateThatFailsItsTrial();

        try (Installation installation = Installation.open(root)) {
            assertThat(ota(server.transport(), installation).checkForUpdate()).isEmpty();
        }
        assertThat(events).last().isEqualTo(new UpdateEvent.Blocked(Optional.of(OLD), NEW));
    }

    @Test
    void higherReleaseIsTakenAfterOneThatFailed() throws IOException {
        updateThatFailsItsTrial();
        server.with("1.0.2/main.py", "newer main");

        assertThat(update()).isInstanceOf(UpdateOutcome.Updated.class);
    }

    @Test
    void unblockedReleaseComesAgain() throws IOException {
        updateThatFailsItsTrial();
        try (Installation installation = Installation.open(root)) {
            assertThat(installation.unblock(NEW)).isTrue();
        }

        assertThat(update()).isInstanceOf(UpdateOutcome.Updated.class);
    }

    @Test
    void whatBecameOfTheLastReleaseIsToldUntilSomebodyHasReportedIt() throws IOException {
        updateThatFailsItsTrial();
        events.clear();

        Report report = new Report(Outcome.ROLLED_BACK, Optional.of(NEW), Optional.of("does not ring"));
        update();
        assertThat(events).first().isEqualTo(new UpdateEvent.EarlierChange(report));

        try (Installation installation = Installation.open(root)) {
            installation.reported(report);
        }
        events.clear();
        update();
        assertThat(events).noneMatch(UpdateEvent.EarlierChange.class::isInstance);
    }

    @Test
    void rollbackThatBlocksCountsAsAFailure() throws IOException {
        try (Installation installation = Installation.open(root)) {
            ota(server.transport(), installation).update();
            installation.rollBack("does not ring", AfterRollback.BLOCK);
        }

        assertThat(update()).isInstanceOf(UpdateOutcome.Blocked.class);
    }

    @Test
    void releaseThatReachesTheServerIsConfirmed() throws Exception {
        update();

        TrialWatch watch = TrialWatch.of(root, OPTIONS, ServerCheck.of(root, server.transport()));

        assertThat(watch.await()).isEqualTo(TrialWatch.Verdict.CONFIRMED);
        assertThat(Installation.statusOf(root).trial()).isEmpty();
        assertThat(Installation.statusOf(root).version()).contains(NEW);
    }

    @Test
    void releaseThatDoesNotReachTheServerIsTakenBack() throws Exception {
        InstallationOptions hasty = OPTIONS.withTrial(Trial.of(3, Duration.ofMillis(50)));
        try (Installation installation = Installation.open(root, hasty)) {
            ota(server.transport(), installation).update();
        }

        TrialWatch watch =
                TrialWatch.of(root, hasty, ServerCheck.of(root, UNREACHABLE)).withInterval(Duration.ofMillis(10));

        assertThat(watch.await()).isEqualTo(TrialWatch.Verdict.REJECTED);
        try (Installation installation = Installation.open(root)) {
            assertThat(installation.countStart()).isEqualTo(Start.SETTLED);
            assertThat(installation.version()).contains(OLD);
        }
    }

    @Test
    void newerReleaseOnTheServerIsNoProblemDuringATrial() throws Exception {
        update();
        server.with("1.0.2/main.py", "newer main");

        assertThat(ServerCheck.of(root, server.transport()).problem()).isEmpty();
    }

    @Test
    void serverThatAnswersNonsenseIsAProblem() throws Exception {
        Transport nonsense = new ServerRoot(Map.of("x/y", new byte[0])).transport();

        assertThat(ServerCheck.of(root, (reference, offset) -> nonsense.fetch("x/y", 0))
                        .problem())
                .hasValueSatisfying(problem -> assertThat(problem).startsWith("the update server cannot be asked: "));
    }

    @Test
    void interruptEndsTheCheckAndIsNoAnswer() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> ServerCheck.of(root, server.transport()).problem())
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
