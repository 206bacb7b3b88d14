package io.overair.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.InstallationStatus;
import io.overair.install.Outcome;
import io.overair.install.Trial;
import io.overair.install.UpdateTransaction;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A watch over a release on trial, with a clock that stands still but for its pauses. */
class TrialWatchTest {
    private static final LooseVersion ONE = LooseVersion.parse("1");
    private static final LooseVersion TWO = LooseVersion.parse("2");
    private static final Optional<String> HEALTHY = Optional.empty();
    private static final Optional<String> ILL = Optional.of("the pump stands still");
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    @TempDir
    Path root;

    private final FakeTicker ticker = new FakeTicker();
    private final List<String> told = new ArrayList<>();

    private static final class FakeTicker implements Ticker {
        private Duration time = Duration.ZERO;
        private Runnable during = () -> {};

        @Override
        public long now() {
            return time.toNanos();
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
            throwIfInterrupted();
            time = time.plus(pause);
            during.run();
            throwIfInterrupted();
        }

        private static void throwIfInterrupted() throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void onTrial(Trial trial) throws IOException {
        update(TWO, InstallationOptions.defaults().withTrial(trial));
    }

    private void update(LooseVersion release, InstallationOptions options) throws IOException {
        byte[] content = release.toString().getBytes(UTF_8);
        TargetFile file = new TargetFile(
                new DevicePath("main"),
                "main",
                List.of(Digest.ofContent(Digest.Algorithm.SHA256, content)),
                OptionalLong.empty());
        Manifest manifest =
                new Manifest(release, Optional.empty(), List.of(file), List.of(), List.of(), Optional.empty());
        try (Installation installation = Installation.open(root, options);
                UpdateTransaction transaction = installation.begin(manifest)) {
            transaction.stage(file, 0, new ByteArrayInputStream(content));
            transaction.commit();
        }
    }

    private TrialWatch watch(HealthCheck check) {
        return TrialWatch.of(root, InstallationOptions.defaults().withLockPatience(Duration.ZERO), check)
                .withInterval(Duration.ofSeconds(5))
                .withListener(told::add)
                .withTicker(ticker);
    }

    private InstallationStatus status() throws IOException {
        return Installation.statusOf(root);
    }

    @Test
    void firstGoodAnswerConfirmsTheRelease() throws Exception {
        onTrial(Trial.of(3, DEADLINE));

        assertThat(watch(() -> HEALTHY).await()).isEqualTo(TrialWatch.Verdict.CONFIRMED);

        assertThat(status().lastChange().outcome()).isEqualTo(Outcome.CONFIRMED);
        assertThat(ticker.time).isZero();
    }

    @Test
    void answersHaveToBeGoodForAsLongAsItTakesToSettle() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        HealthCheck relapses = () -> ticker.time.equals(Duration.ofSeconds(40)) ? ILL : HEALTHY;

        TrialWatch.Verdict verdict =
                watch(relapses).withSettle(Duration.ofMinutes(1)).await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.CONFIRMED);
        assertThat(ticker.time).isEqualTo(Duration.ofSeconds(45 + 60));
        assertThat(told).containsExactly("the pump stands still");
    }

    @Test
    void releaseThatIsNotHealthyInTimeIsRejectedWithItsLastProblem() throws Exception {
        onTrial(Trial.of(3, DEADLINE));

        assertThat(watch(() -> ILL).await()).isEqualTo(TrialWatch.Verdict.REJECTED);

        assertThat(ticker.time).isEqualTo(DEADLINE);
        assertThat(status().trial().orElseThrow().rejection()).contains("not healthy in time: the pump stands still");
    }

    /** Somebody else opens the installation, and keeps it open until {@code end}. */
    private void isHeldUntil(Duration end) throws IOException {
        isHeldUntil(end, Installation.open(root));
    }

    private void isHeldUntil(Duration end, Installation held) {
        ticker.during = () -> {
            if (ticker.time.compareTo(end) >= 0) {
                close(held);
            }
        };
    }

    private static void close(Installation installation) {
        try {
            installation.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void rejectionWaitsUntilWhoeverHoldsTheInstallationHasClosedIt() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        isHeldUntil(DEADLINE.plusMinutes(1));

        assertThat(watch(() -> ILL).await()).isEqualTo(TrialWatch.Verdict.REJECTED);

        assertThat(ticker.time).isEqualTo(DEADLINE.plusMinutes(1));
        assertThat(status().trial().orElseThrow().rejection()).contains("not healthy in time: the pump stands still");
        assertThat(told.stream().filter(words -> words.contains("has the installation open")))
                .singleElement()
                .asString()
                .contains("process " + ProcessHandle.current().pid());
    }

    @Test
    void healthyStartIsWrittenDownWhenTheInstallationIsClosedThoughTheTimeIsOver() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        isHeldUntil(DEADLINE.plusMinutes(1));

        assertThat(watch(() -> HEALTHY).await()).isEqualTo(TrialWatch.Verdict.CONFIRMED);

        assertThat(told).hasSize(1);
        assertThat(status().lastChange().outcome()).isEqualTo(Outcome.CONFIRMED);
    }

    @Test
    void runningTimeThatPassesWhileTheInstallationIsHeldIsWrittenDownAfterwards() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        isHeldUntil(Duration.ofMinutes(4));
        HealthCheck isAskedForSixMinutes = () -> {
            if (ticker.time.equals(Duration.ofMinutes(6))) {
                Thread.currentThread().interrupt();
            }
            return ILL;
        };

        assertThatThrownBy(() -> watch(isAskedForSixMinutes).await()).isInstanceOf(InterruptedException.class);

        assertThat(status().trial().orElseThrow().remaining()).isEqualTo(DEADLINE.minusMinutes(6));
        assertThat(told).containsOnly("the pump stands still");
    }

    @Test
    void rejectionIsTriedOnceMoreWhenTheWatchIsEndedWithTheApplicationThatHeldTheInstallation() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        Installation held = Installation.open(root);
        ticker.during = () -> {
            if (ticker.time.equals(DEADLINE.plusMinutes(1))) {
                close(held);
                Thread.currentThread().interrupt();
            }
        };

        assertThatThrownBy(() -> watch(() -> ILL).await()).isInstanceOf(InterruptedException.class);

        assertThat(status().trial().orElseThrow().rejection()).contains("not healthy in time: the pump stands still");
    }

    @Test
    void releaseThatWasRejectedBeforeIsTakenBackWhenTheInstallationIsClosed() throws Exception {
        update(ONE, InstallationOptions.defaults());
        onTrial(Trial.of(3, DEADLINE));
        Installation held = Installation.open(root);
        held.reject(TWO, "no");
        isHeldUntil(Duration.ofMinutes(1), held);

        assertThat(watch(() -> ILL).await()).isEqualTo(TrialWatch.Verdict.REJECTED);

        assertThat(status().version()).contains(ONE);
    }

    @Test
    void applicationThatHoldsTheInstallationOpenIsEndedBeforeItsReleaseIsRejected() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        Installation heldOpen = Installation.open(root);
        Runnable endsTheApplication = () -> {
            try {
                heldOpen.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };

        TrialWatch.Verdict verdict =
                watch(() -> ILL).withBeforeRejection(endsTheApplication).await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(status().trial().orElseThrow().isRejected()).isTrue();
    }

    @Test
    void releaseIsRejectedThoughItsApplicationCannotBeEnded() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        Runnable fails = () -> {
            throw new IllegalStateException("no such process");
        };

        assertThat(watch(() -> ILL).withBeforeRejection(fails).await()).isEqualTo(TrialWatch.Verdict.REJECTED);

        assertThat(told).last().asString().contains("no such process");
    }

    @Test
    void runningTimeIsWrittenDownOnTheWay() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        List<Duration> remaining = new ArrayList<>();

        watch(() -> {
                    try {
                        remaining.add(status().trial().orElseThrow().remaining());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return ILL;
                })
                .await();

        assertThat(remaining.stream().distinct()).hasSize(10).startsWith(DEADLINE, Duration.ofMinutes(9));
    }

    @Test
    void interruptedWatchWritesDownWhatHasPassed() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        HealthCheck interrupted = () -> {
            if (ticker.time.equals(Duration.ofSeconds(20))) {
                throw new InterruptedException();
            }
            return ILL;
        };

        assertThatThrownBy(() -> watch(interrupted).await()).isInstanceOf(InterruptedException.class);

        assertThat(status().trial().orElseThrow().remaining()).isEqualTo(DEADLINE.minusSeconds(20));
    }

    @Test
    void severalHealthyStartsAreCountedOneByOne() throws Exception {
        onTrial(Trial.of(3, DEADLINE).withHealthyStarts(2));

        assertThat(watch(() -> HEALTHY).await()).isEqualTo(TrialWatch.Verdict.HEALTHY_START);
        assertThat(watch(() -> HEALTHY).await()).isEqualTo(TrialWatch.Verdict.CONFIRMED);
    }

    @Test
    void applicationMayDecideFirst() throws Exception {
        onTrial(Trial.of(3, DEADLINE));

        assertThat(watch(illWhile(installation -> installation.confirm(TWO))).await())
                .isEqualTo(TrialWatch.Verdict.CONFIRMED);
    }

    /** What somebody does with the installation while the watch asks for the first time. */
    private interface Deed {
        void on(Installation installation) throws IOException;
    }

    private HealthCheck illWhile(Deed deed) {
        return () -> {
            if (ticker.time.isZero()) {
                try (Installation installation = Installation.open(root)) {
                    deed.on(installation);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return ILL;
        };
    }

    @Test
    void releaseThatIsRolledBackMeanwhileIsToBeStartedAnew() throws Exception {
        update(ONE, InstallationOptions.defaults());
        onTrial(Trial.of(3, DEADLINE));

        assertThat(watch(illWhile(Installation::rollBack)).await()).isEqualTo(TrialWatch.Verdict.REJECTED);

        assertThat(status().version()).contains(ONE);
    }

    @Test
    void releaseThatIsRejectedAndTakenBackMeanwhileIsToBeStartedAnew() throws Exception {
        update(ONE, InstallationOptions.defaults());
        onTrial(Trial.of(3, DEADLINE));
        HealthCheck rejects = illWhile(installation -> {
            installation.reject(TWO, "no");
            installation.countStart();
        });

        assertThat(watch(rejects).await()).isEqualTo(TrialWatch.Verdict.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void releaseThatIsRolledBackJustBeforeTheVerdictIsToBeStartedAnew(boolean healthy) throws Exception {
        update(ONE, InstallationOptions.defaults());
        onTrial(Trial.of(3, DEADLINE));
        Installation held = Installation.open(root);
        ticker.during = () -> {
            if (ticker.time.compareTo(DEADLINE) > 0) {
                rollBack(held);
                close(held);
            }
        };

        TrialWatch.Verdict verdict = watch(() -> healthy ? HEALTHY : ILL).await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(status().version()).contains(ONE);
    }

    private static void rollBack(Installation installation) {
        try {
            installation.rollBack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void releaseThatIsConfirmedAndReplacedMeanwhileIsToBeStartedAnew() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        HealthCheck updates = illWhile(installation -> {
            installation.confirm(TWO);
            installation.close();
            update(LooseVersion.parse("3"), InstallationOptions.defaults());
        });

        assertThat(watch(updates).await()).isEqualTo(TrialWatch.Verdict.REJECTED);
    }

    private void reject() throws IOException {
        try (Installation installation = Installation.open(root)) {
            installation.reject(TWO, "no");
        }
    }

    @Test
    void releaseThatIsRejectedMeanwhileIsToBeStartedAnew() throws Exception {
        onTrial(Trial.of(3, DEADLINE));

        assertThat(watch(illWhile(installation -> installation.reject(TWO, "no")))
                        .await())
                .isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(status().version()).contains(TWO);
    }

    @Test
    void releaseThatWasRejectedBeforeIsTakenBackAndToBeStartedAnew() throws Exception {
        update(ONE, InstallationOptions.defaults());
        onTrial(Trial.of(3, DEADLINE));
        reject();

        assertThat(watch(() -> ILL).await()).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(status().version()).contains(ONE);
    }

    @Test
    void rejectedReleaseThatCannotBeTakenBackRunsOnWithoutARestart() throws Exception {
        update(ONE, InstallationOptions.defaults());
        onTrial(Trial.of(3, DEADLINE));
        reject();
        Path main = root.resolve("main");
        Files.delete(main);
        Path inTheWay = Files.createFile(Files.createDirectory(main).resolve("somebody's"));

        assertThat(watch(() -> HEALTHY).await()).isEqualTo(TrialWatch.Verdict.STAYS);
        assertThat(status().trial().orElseThrow().isRejected()).isTrue();

        Files.delete(inTheWay);
        assertThat(watch(() -> HEALTHY).await()).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(main).hasContent("1");
    }

    @Test
    void withoutATrialThereIsNothingToWatch() throws Exception {
        assertThat(watch(() -> ILL).await()).isEqualTo(TrialWatch.Verdict.CONFIRMED);
        assertThat(root.resolve(".ota")).doesNotExist();
    }
}
