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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A watch over a release on trial, with a clock that stands still but for its pauses. */
@Timeout(120)
class TrialWatchTest {
    private static final LooseVersion ONE = LooseVersion.parse("1");
    private static final LooseVersion TWO = LooseVersion.parse("2");
    private static final Optional<String> HEALTHY = Optional.empty();
    private static final Optional<String> ILL = Optional.of("the pump stands still");
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    /** A watch that waited for a lock as long as that would ask nobody meanwhile. */
    private static final InstallationOptions PATIENT =
            InstallationOptions.defaults().withLockPatience(Duration.ofDays(1));

    @TempDir
    Path root;

    private final FakeTicker ticker = new FakeTicker();
    private final List<String> told = new ArrayList<>();

    private static final class FakeTicker implements Ticker {
        private Duration time = Duration.ZERO;
        private Runnable during = () -> {};
        private boolean hangs;

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

        /** Whoever asks long enough gets an answer; from one that hangs, never. */
        @Override
        public <T> T await(Future<T> answer, Duration limit)
                throws InterruptedException, ExecutionException, TimeoutException {
            if (hangs) {
                time = time.plus(limit);
                throw new TimeoutException();
            }
            return answer.get();
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
        return TrialWatch.of(root, PATIENT, check)
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
    void releaseThatHasNoTimeToSettleIsToldSoAtOnceAndWhenItIsRejected() throws Exception {
        onTrial(Trial.of(3, Duration.ofSeconds(5)));

        TrialWatch.Verdict verdict =
                watch(() -> HEALTHY).withSettle(Duration.ofSeconds(30)).await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(told)
                .containsExactly("5 s are left of its trial, which is no more than the 30 s that it takes to settle");
        assertThat(status().trial().orElseThrow().rejection())
                .contains(
                        "not healthy in time: its checks were good for 5 s at the end, not for the 30 s that it takes to"
                                + " settle");
    }

    @Test
    void releaseThatRecoversTooLateIsRejectedWithBothReasons() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        HealthCheck recovers = () -> ticker.time.compareTo(Duration.ofMinutes(9)) < 0 ? ILL : HEALTHY;

        TrialWatch.Verdict verdict =
                watch(recovers).withSettle(Duration.ofMinutes(2)).await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(status().trial().orElseThrow().rejection().orElseThrow())
                .endsWith(
                        "good for 60 s at the end, not for the 120 s that it takes to settle; before that: the pump stands"
                                + " still");
    }

    @Test
    void largeReleaseIsWatchedWithoutReadingItsListOfFiles() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        Path list = root.resolve(".ota/installed");
        String content = Files.readString(list);
        Files.writeString(list, "spoilt");
        List<Duration> asked = new ArrayList<>();

        TrialWatch.Verdict verdict = watch(() -> {
                    asked.add(ticker.time);
                    if (asked.size() == 3) {
                        write(list, content);
                    }
                    return ILL;
                })
                .await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(asked).hasSizeGreaterThan(3);
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        Thread watching = Thread.currentThread();
        HealthCheck interruptsAfterSixMinutes = () -> {
            if (ticker.time.equals(Duration.ofMinutes(6))) {
                watching.interrupt();
            }
            return ILL;
        };

        assertThatThrownBy(() -> watch(interruptsAfterSixMinutes).await()).isInstanceOf(InterruptedException.class);

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

    /** What a full disk, a wrong mode or a bad block looks like from here. */
    enum Outage {
        CANNOT_BE_READ {
            @Override
            void begin(Path state) throws IOException {
                Files.copy(state.resolve("state"), state.resolve("saved"));
                Files.writeString(state.resolve("state"), "spoilt");
            }

            @Override
            void end(Path state) throws IOException {
                Files.move(state.resolve("saved"), state.resolve("state"), StandardCopyOption.REPLACE_EXISTING);
            }
        },
        CANNOT_BE_WRITTEN {
            @Override
            void begin(Path state) throws IOException {
                Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
            }

            @Override
            void end(Path state) throws IOException {
                Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
            }
        };

        abstract void begin(Path state) throws IOException;

        abstract void end(Path state) throws IOException;
    }

    private void happens(Outage outage, Duration from, Duration to) {
        ticker.during = () -> {
            try {
                if (ticker.time.equals(from)) {
                    outage.begin(root.resolve(".ota"));
                } else if (ticker.time.equals(to)) {
                    outage.end(root.resolve(".ota"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such modes")
    void stateThatIsOutOfReachForSomeMinutesEndsNoWatch(Outage outage) throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        happens(outage, Duration.ofMinutes(2), Duration.ofMinutes(4));

        assertThat(watch(() -> ILL).await()).isEqualTo(TrialWatch.Verdict.REJECTED);

        assertThat(ticker.time).isEqualTo(DEADLINE);
        assertThat(status().trial().orElseThrow().rejection()).contains("not healthy in time: the pump stands still");
        assertThat(told.stream().filter(words -> !words.equals("the pump stands still")))
                .isNotEmpty()
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such modes")
    void deadlineHoldsThoughItsTimeIsNeverWrittenAndTheRejectionFollowsWhenItCanBe(Outage outage) throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        happens(outage, Duration.ofSeconds(5), DEADLINE.plusMinutes(1));
        List<Duration> ended = new ArrayList<>();

        TrialWatch.Verdict verdict = watch(() -> ILL)
                .withBeforeRejection(() -> ended.add(ticker.time))
                .await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(ended).containsExactly(DEADLINE);
        assertThat(ticker.time).isEqualTo(DEADLINE.plusMinutes(1));
        assertThat(status().trial().orElseThrow().isRejected()).isTrue();
        assertThat(told.stream().filter(words -> words.startsWith("what was found cannot be written down: ")))
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such modes")
    void goodAnswerIsKeptUntilItCanBeWritten(Outage outage) throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        happens(outage, Duration.ofSeconds(5), DEADLINE.plusMinutes(1));
        HealthCheck recovers = () -> ticker.time.compareTo(Duration.ofMinutes(1)) < 0 ? ILL : HEALTHY;

        assertThat(watch(recovers).await()).isEqualTo(TrialWatch.Verdict.CONFIRMED);

        assertThat(status().lastChange().outcome()).isEqualTo(Outcome.CONFIRMED);
    }

    @ParameterizedTest
    @EnumSource
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such modes")
    void watchThatIsInterruptedMeanwhileEndsAtOnce(Outage outage) throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        happens(outage, Duration.ofSeconds(5), Duration.ofDays(1));
        Thread watching = Thread.currentThread();
        HealthCheck interrupts = () -> {
            if (ticker.time.equals(Duration.ofMinutes(2))) {
                watching.interrupt();
            }
            return ILL;
        };

        assertThatThrownBy(() -> watch(interrupts).await()).isInstanceOf(InterruptedException.class);

        assertThat(ticker.time).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void stateThatCannotBeReadAtTheBeginningIsNotWatched() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        Outage.CANNOT_BE_READ.begin(root.resolve(".ota"));

        assertThatThrownBy(() -> watch(() -> ILL).await()).isInstanceOf(IOException.class);

        Outage.CANNOT_BE_READ.end(root.resolve(".ota"));
        assertThat(watch(() -> HEALTHY).await()).isEqualTo(TrialWatch.Verdict.CONFIRMED);
    }

    @Test
    void runningTimeThatSomebodyElseHasWrittenDownIsNotCountedTwice() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        Thread watching = Thread.currentThread();
        HealthCheck counts = () -> {
            if (ticker.time.equals(Duration.ofSeconds(50))) {
                opened(installation -> installation.countRunningTime(ticker.time));
                watching.interrupt();
            }
            return ILL;
        };

        assertThatThrownBy(() -> watch(counts).await()).isInstanceOf(InterruptedException.class);

        assertThat(status().trial().orElseThrow().remaining()).isEqualTo(DEADLINE.minusSeconds(50));
    }

    @Test
    void healthyStartThatSomebodyElseHasCountedIsNotCountedTwice() throws Exception {
        onTrial(Trial.of(3, DEADLINE).withHealthyStarts(2));
        HealthCheck counts = () -> {
            opened(installation -> installation.countHealthyStart(TWO));
            return HEALTHY;
        };

        assertThat(watch(counts).await()).isEqualTo(TrialWatch.Verdict.HEALTHY_START);

        assertThat(status().trial().orElseThrow().healthyStarts()).isOne();
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

    static List<Runnable> waysToFail() {
        return List.of(
                () -> {
                    throw new IllegalStateException("no such process");
                },
                () -> {
                    throw new NoClassDefFoundError("no such process: the jar was replaced");
                });
    }

    @ParameterizedTest
    @MethodSource("waysToFail")
    void releaseIsRejectedThoughItsApplicationCannotBeEnded(Runnable fails) throws Exception {
        onTrial(Trial.of(3, DEADLINE));

        assertThat(watch(() -> ILL).withBeforeRejection(fails).await()).isEqualTo(TrialWatch.Verdict.REJECTED);

        assertThat(told).last().asString().contains("no such process");
    }

    @ParameterizedTest
    @MethodSource("waysToFail")
    void releaseIsRejectedThoughNobodyCanBeTold(Runnable fails) throws Exception {
        onTrial(Trial.of(3, DEADLINE));

        assertThat(watch(() -> ILL).withListener(problem -> fails.run()).await())
                .isEqualTo(TrialWatch.Verdict.REJECTED);
    }

    @Test
    @SuppressWarnings("NullAway") // A check may be written by somebody who does not know.
    void checkThatAnswersNothingHasFoundAProblem() throws Exception {
        onTrial(Trial.of(3, DEADLINE));

        assertThat(watch(() -> null).await()).isEqualTo(TrialWatch.Verdict.REJECTED);

        assertThat(told).containsOnly("the health check answered nothing");
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
        interruptAt(Duration.ofSeconds(20));

        assertThatThrownBy(() -> watch(() -> ILL).await()).isInstanceOf(InterruptedException.class);

        assertThat(status().trial().orElseThrow().remaining()).isEqualTo(DEADLINE.minusSeconds(20));
    }

    private void interruptAt(Duration moment) {
        ticker.during = () -> {
            if (ticker.time.equals(moment)) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Test
    void checkThatHangsDoesNotSwitchTheDeadlineOff() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch neverEnds = new CountDownLatch(1);
        ticker.hangs = true;

        TrialWatch.Verdict verdict = watch(() -> {
                    asked.incrementAndGet();
                    awaitUninterruptibly(neverEnds);
                    return HEALTHY;
                })
                .withCheckLimit(Duration.ofSeconds(20))
                .await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(told).first().isEqualTo("the health check gave no answer within 20.0 s");
        assertThat(told).last().isEqualTo("the health check was ended, but still runs");
        assertThat(asked).hasValueLessThan(2);
        neverEnds.countDown();
    }

    /** An application whose check does not care. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // Whatever it is told.
            }
        }
    }

    @Test
    void checkThatTakesTooLongIsInterruptedAndAskedAgain() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        TimedCheck check = new TimedCheck(
                () -> {
                    if (interrupted.getCount() == 0) {
                        return HEALTHY;
                    }
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                    return ILL;
                },
                Ticker.real());

        assertThat(check.problem(Duration.ofMillis(1))).isPresent();
        interrupted.await();

        assertThat(check.problem(Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void checkMayNotTakeLongerThanTheTrial() throws Exception {
        onTrial(Trial.of(3, Duration.ofSeconds(30)));
        ticker.hangs = true;
        CountDownLatch neverEnds = new CountDownLatch(1);

        TrialWatch.Verdict verdict = watch(() -> {
                    neverEnds.await();
                    return HEALTHY;
                })
                .withCheckLimit(Duration.ofDays(1))
                .await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(status().trial().orElseThrow().rejection())
                .contains("not healthy in time: the health check gave no answer within 30.0 s");
    }

    private static Stream<Throwable> whatAProgramMayThrow() {
        return Stream.of(
                new IllegalStateException("no database"),
                new NoClassDefFoundError("no database"),
                new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("whatAProgramMayThrow")
    void checkThatFailsHasFoundAProblem(Throwable thrown) throws Exception {
        onTrial(Trial.of(3, DEADLINE));

        TrialWatch.Verdict verdict = watch(() -> {
                    if (thrown instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) thrown;
                })
                .await();

        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(told).containsOnly("the health check failed: " + thrown);
    }

    @Test
    void checkThatFindsTheVirtualMachineBrokenIsNotPassedOver() throws Exception {
        onTrial(Trial.of(3, DEADLINE));
        TrialWatch watch = watch(() -> {
            throw new OutOfMemoryError("Java heap space");
        });

        assertThatThrownBy(watch::await).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void rejectionIsWrittenByAThreadThatWasInterruptedWhileItEndedTheApplication() throws Exception {
        onTrial(Trial.of(3, DEADLINE));

        TrialWatch.Verdict verdict = watch(() -> ILL)
                .withBeforeRejection(Thread.currentThread()::interrupt)
                .await();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(verdict).isEqualTo(TrialWatch.Verdict.REJECTED);
        assertThat(status().trial().orElseThrow().isRejected()).isTrue();
    }

    @Test
    void severalHealthyStartsAreCountedOneByOne() throws Exception {
        onTrial(Trial.of(3, DEADLINE).withHealthyStarts(2));

        assertThat(watch(() -> HEALTHY).await()).isEqualTo(TrialWatch.Verdict.HEALTHY_START);
        assertThat(told)
                .containsExactly("healthy in 1 of the 2 starts that it takes: the next one counts after a restart");
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
                opened(deed);
            }
            return ILL;
        };
    }

    private void opened(Deed deed) {
        try (Installation installation = Installation.open(root)) {
            deed.on(installation);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
    void rejectedReleaseThatIsKeptSinceThereIsNoWayBackRunsOnWithoutARestart() throws Exception {
        update(ONE, InstallationOptions.defaults());
        onTrial(Trial.of(3, DEADLINE));
        HealthCheck rejects = illWhile(installation -> {
            Path wayBack = onlyFolderIn(root.resolve(".ota/txn")).resolve("done");
            Files.delete(wayBack);
            installation.reject(TWO, "no");
            installation.close();
            Installation.open(root).close();
        });

        assertThat(watch(rejects).await()).isEqualTo(TrialWatch.Verdict.STAYS);

        assertThat(status().lastChange().outcome()).isEqualTo(Outcome.KEPT);
    }

    private static Path onlyFolderIn(Path folder) throws IOException {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.findFirst().orElseThrow();
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
