package io.overair.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.overair.install.FirmwareNotSupportedException;
import io.overair.install.FirmwareSlot;
import io.overair.install.FirmwareWriter;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.IntegrityException;
import io.overair.install.UpdateUndoneException;
import io.overair.manifest.Digest;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestException;
import io.overair.version.LooseVersion;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OtaTest {
    @TempDir
    Path root;

    private final ServerRoot server = new ServerRoot()
            .with("1.0.0/flash/main.py", "old main")
            .with("1.0.0/flash/lib/gone.py", "gone")
            .with("1.0.1/flash/main.py", "new main")
            .with("1.0.1/flash/new/deep/file.py", "new file");
    private final Transport good = server.transport();
    private final List<UpdateEvent> events = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private long now;
    private Installation installation;

    @BeforeEach
    void installTheOldRelease() throws IOException {
        installation = Installation.open(root);
        ServerRoot before = new ServerRoot()
                .with("1.0.0/flash/main.py", server.file("1.0.0/flash/main.py"))
                .with("1.0.0/flash/lib/gone.py", server.file("1.0.0/flash/lib/gone.py"));
        ota(before.transport()).update();
        events.clear();
    }

    @AfterEach
    void close() throws IOException {
        installation.close();
    }

    @Test
    void anUpdateBringsTheTreeToTheOfferedRelease() throws IOException {
        UpdateOutcome outcome = ota(good).update();

        assertThat(outcome)
                .isEqualTo(new UpdateOutcome.Updated(
                        Optional.of(version("1.0.0")), version("1.0.1"), 2, 1, 16, Optional.empty(), Optional.empty()));
        assertThat(tree())
                .containsOnlyKeys("flash/main.py", "flash/new/deep/file.py", "flash/OTA_VERSION.py")
                .containsEntry("flash/main.py", "new main")
                .containsEntry("flash/new/deep/file.py", "new file");
        assertThat(installation.version()).contains(version("1.0.1"));
    }

    @Test
    void eventsTellTheWholeStoryInItsOrder() throws IOException {
        ota(good).update();

        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "Offered",
                        "Begun",
                        "Progress",
                        "Progress",
                        "Staged",
                        "Progress",
                        "Progress",
                        "Staged",
                        "Committed");
        assertThat(events.get(0))
                .isInstanceOfSatisfying(
                        UpdateEvent.Offered.class,
                        offered -> assertThat(offered.current()).contains(version("1.0.0")));
        assertThat(events.get(1))
                .isInstanceOfSatisfying(
                        UpdateEvent.Begun.class,
                        begun -> assertThat(begun.missing()).hasSize(2));
        assertThat(events.get(3)).isInstanceOfSatisfying(UpdateEvent.Progress.class, progress -> {
            assertThat(progress.bytes()).isEqualTo(8);
            assertThat(progress.total()).hasValue(8);
        });
    }

    @Test
    void aDeviceOnTheLatestReleaseIsUpToDate() throws IOException {
        ota(good).update();

        assertThat(ota(good).update()).isEqualTo(new UpdateOutcome.UpToDate(Optional.of(version("1.0.1"))));
        assertThat(ota(good).checkForUpdate()).isEmpty();
    }

    @Test
    void askingChangesNothing() throws IOException {
        Map<String, String> before = tree();

        assertThat(ota(good).checkForUpdate()).map(Manifest::version).contains(version("1.0.1"));

        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void theVersionIsAskedAboutInTheFormOfAQuery(@TempDir Path other) throws IOException {
        List<String> asked = new ArrayList<>();
        Transport listening = (reference, offset) -> {
            asked.add(reference);
            return good.fetch(reference, offset);
        };
        try (Installation unknown = Installation.open(other)) {
            Ota.builder(listening, unknown).build().checkForUpdate();
        }
        ota(new ServerRoot().with("1 &+é%/flash/main.py", "x").transport()).update();
        ota(listening).checkForUpdate();

        assertThat(asked)
                .containsExactly("manifest.json?current_ver=", "manifest.json?current_ver=1%20%26%2B%C3%A9%25");
    }

    @Test
    void whatBreaksOffIsTriedAgainFromWhereItEnded() throws IOException {
        List<Long> offsets = new ArrayList<>();
        Transport breaking = files((reference, offset) -> {
            offsets.add(offset);
            return breakingOff(good.fetch(reference, offset), 3);
        });

        ota(breaking).update();

        assertThat(offsets).containsExactly(0L, 3L, 6L, 0L, 3L, 6L);
        assertThat(tree()).containsEntry("flash/main.py", "new main");
        assertThat(events).filteredOn(UpdateEvent.Retrying.class::isInstance).hasSize(4);
    }

    @Test
    void afterFiveTriesItGivesUpAndNothingIsChanged() throws IOException {
        Map<String, String> before = tree();
        AtomicInteger fetches = new AtomicInteger();
        Transport dead = files((reference, offset) -> {
            fetches.incrementAndGet();
            throw new IOException("no route to host");
        });

        DownloadException failure =
                catchThrowableOfType(DownloadException.class, () -> ota(dead).update());

        assertThat(failure)
                .hasMessage("flash/new/deep/file.py: gave up after 5 tries: no route to host; nothing was changed");
        assertThat(failure.tries()).isEqualTo(5);
        assertThat(failure.subject()).isEqualTo("flash/new/deep/file.py");
        assertThat(fetches).hasValue(5);
        assertThat(waits).hasSize(4).isSorted();
        assertThat(tree()).isEqualTo(before);
        assertThat(ota(good).update()).isInstanceOf(UpdateOutcome.Updated.class);
    }

    @Test
    void aManifestThatDoesNotArriveIsTriedFiveTimesToo() {
        AtomicInteger fetches = new AtomicInteger();
        Transport dead = (reference, offset) -> {
            fetches.incrementAndGet();
            throw new IOException("no route to host");
        };

        assertThatThrownBy(() -> ota(dead).update())
                .isInstanceOf(DownloadException.class)
                .hasMessageStartingWith("manifest: gave up after 5 tries");
        assertThat(fetches).hasValue(5);
        assertThat(events)
                .allSatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                UpdateEvent.Retrying.class,
                                retrying -> assertThat(retrying.target()).isEmpty()));
    }

    @Test
    void aManifestThatBreaksOffIsAskedForAgain() throws IOException {
        AtomicInteger cuts = new AtomicInteger();
        Transport cutTwice = (reference, offset) -> {
            Download whole = good.fetch(reference, offset);
            if (!reference.startsWith("manifest") || cuts.incrementAndGet() > 2) {
                return whole;
            }
            try (whole) {
                return Download.of(new ByteArrayInputStream(whole.content().readNBytes(100)));
            }
        };

        assertThat(ota(cutTwice).update()).isInstanceOf(UpdateOutcome.Updated.class);
        assertThat(waits).hasSize(2);
    }

    @Test
    void aManifestThatIsWholeAndEndsEarlyIsWrong() {
        byte[] half = "{\"version\": ".getBytes(UTF_8);
        Transport wrong =
                (reference, offset) -> new Download(new ByteArrayInputStream(half), 0, OptionalLong.of(half.length));

        assertThatThrownBy(() -> ota(wrong).update()).isInstanceOf(ManifestException.class);
        assertThat(waits).isEmpty();
    }

    @Test
    void whatIsNotThereIsAskedForOnce() throws IOException {
        Map<String, String> before = tree();
        AtomicInteger fetches = new AtomicInteger();
        Transport incomplete = files((reference, offset) -> {
            fetches.incrementAndGet();
            throw new NoSuchResourceException(reference, "status 404");
        });

        assertThatThrownBy(() -> ota(incomplete).update()).isInstanceOf(NoSuchResourceException.class);
        assertThat(fetches).hasValue(1);
        assertThat(waits).isEmpty();
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void contentThatWasDamagedIsFetchedAnewFromItsBeginning() throws IOException {
        List<Long> offsets = new ArrayList<>();
        Transport damaging = files((reference, offset) -> {
            offsets.add(offset);
            return offsets.size() % 2 == 1 ? Download.of(stream("damaged!")) : good.fetch(reference, offset);
        });

        ota(damaging).update();

        assertThat(offsets).containsExactly(0L, 0L, 0L, 0L);
        assertThat(tree()).containsEntry("flash/main.py", "new main");
    }

    @Test
    void contentThatStaysWrongIsNeverInstalled() throws IOException {
        Map<String, String> before = tree();
        Transport lying = files((reference, offset) -> Download.of(stream("something else")));

        assertThatThrownBy(() -> ota(lying).update())
                .isInstanceOf(DownloadException.class)
                .hasCauseInstanceOf(IntegrityException.class);
        assertThat(tree()).isEqualTo(before);
    }

    /** Threats row 28: an early end is not the end, whoever notices it. */
    @Test
    void anEndBeforeTheLengthThatWasToldIsNoEnd() throws IOException {
        AtomicInteger fetches = new AtomicInteger();
        Transport cutting = files((reference, offset) -> {
            Download whole = good.fetch(reference, offset);
            return fetches.incrementAndGet() % 2 == 0
                    ? whole
                    : new Download(stream(new String(whole.content().readNBytes(2), UTF_8)), 0, OptionalLong.of(8));
        });

        ota(cutting).update();

        assertThat(events)
                .filteredOn(UpdateEvent.Retrying.class::isInstance)
                .hasSize(2)
                .allSatisfy(event -> assertThat(((UpdateEvent.Retrying) event).cause())
                        .isInstanceOf(EOFException.class)
                        .hasMessage("broke off after 2 of 8 bytes"));
        assertThat(tree()).containsEntry("flash/main.py", "new main");
    }

    /** Threats row 29: a part that was not asked for is not glued to what is there. */
    @Test
    void aPartFromSomewhereElseIsNotTaken() {
        Transport lying = files((reference, offset) -> new Download(stream("xx"), 5, OptionalLong.of(8)));

        assertThatThrownBy(() -> ota(lying).update())
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("asked for bytes from 0 on, got them from 5 on");
    }

    /** Threats row 29. */
    @Test
    void halvesOfTwoReleasesOfAFileAreNoFile() throws IOException {
        AtomicInteger fetches = new AtomicInteger();
        Transport changing = files((reference, offset) -> {
            int fetch = fetches.incrementAndGet();
            if (fetch == 1) {
                return breakingOff(new Download(stream("another "), 0, OptionalLong.of(8)), 4);
            }
            return good.fetch(reference, offset);
        });

        ota(changing).update();

        assertThat(tree())
                .containsEntry("flash/main.py", "new main")
                .containsEntry("flash/new/deep/file.py", "new file");
        assertThat(fetches)
                .as("the mixture was noticed, and one file fetched anew")
                .hasValue(4);
    }

    /** Threats row 22. */
    @Test
    void contentWithoutAnEndIsCutOffAtTheLimitAndNothingOfItIsKept() throws IOException {
        Map<String, String> before = tree();
        AtomicInteger fetches = new AtomicInteger();
        Transport endless = files((reference, offset) -> {
            fetches.incrementAndGet();
            return Download.of(new Endless());
        });
        Ota ota = builder(endless)
                .limits(Limits.defaults().withMaxFileBytes(1_000_000))
                .build();

        assertThatThrownBy(ota::update)
                .isInstanceOf(DownloadException.class)
                .hasMessage("flash/new/deep/file.py: more than 1000000 bytes; nothing was changed");
        assertThat(fetches).as("asked again, it would be no shorter").hasValue(1);
        assertThat(tree()).isEqualTo(before);
        assertThat(bytesIn(root.resolve(".ota"))).isLessThan(100_000);
    }

    @Test
    void anUpdateThatIsTooLargeAsAWholeIsCutOffAtTheLimit() throws IOException {
        Map<String, String> before = tree();
        Transport endless = files((reference, offset) -> Download.of(new Endless()));
        Ota ota = builder(endless)
                .limits(Limits.defaults().withMaxUpdateBytes(1_000_000))
                .build();

        assertThatThrownBy(ota::update)
                .isInstanceOf(DownloadException.class)
                .hasMessage("flash/new/deep/file.py: more than 1000000 bytes in the whole update; nothing was changed");
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void filesOfAnUpdateAreCountedTogether() throws IOException {
        Map<String, String> before = tree();
        Ota ota = builder(good).limits(Limits.defaults().withMaxUpdateBytes(10)).build();

        assertThatThrownBy(ota::update)
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("more than 10 bytes in the whole update");
        assertThat(tree()).isEqualTo(before);
    }

    /** Threats row 21. */
    @Test
    void aManifestWithoutAnEndIsCutOffAtTheLimit() {
        Transport endless = (reference, offset) -> Download.of(new Endless());

        assertThatThrownBy(() -> ota(endless).update()).isInstanceOf(ManifestException.class);
    }

    /** Threats row 25. */
    @Test
    void aManifestOfTooManyFilesIsRefused() {
        Ota ota = builder(good)
                .limits(Limits.defaults().withManifest(new io.overair.manifest.ManifestLimits(1 << 20, 2)))
                .build();

        assertThatThrownBy(ota::update).isInstanceOf(ManifestException.class);
    }

    /** Threats row 26. */
    @Test
    void aTrickleIsGivenUpThoughEachByteComesInTime() throws IOException {
        Map<String, String> before = tree();
        Transport slow = files((reference, offset) -> Download.of(new Endless() {
            @Override
            public int read(byte[] buffer, int offset, int length) {
                now += Duration.ofSeconds(1).toNanos();
                return super.read(buffer, offset, Math.min(length, 100));
            }
        }));

        assertThatThrownBy(() -> ota(slow).update())
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("too slow: 101 bytes a second over the last minute, at least 128 wanted");
        assertThat(tree()).isEqualTo(before);
    }

    /** Threats row 26. */
    @Test
    void aTransferThatIsFastEnoughMayNotTakeForEverEither() {
        Transport slow = files((reference, offset) -> Download.of(new Endless() {
            @Override
            public int read(byte[] buffer, int offset, int length) {
                now += Duration.ofMinutes(1).toNanos();
                return super.read(buffer, offset, length);
            }
        }));
        Ota ota = builder(slow)
                .retry(RetryPolicy.never())
                .limits(Limits.defaults()
                        .withLongestTransfer(Duration.ofHours(1))
                        .withMinBytesPerSecond(0))
                .build();

        assertThatThrownBy(ota::update)
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("not done within PT1H");
    }

    @Test
    void progressIsReportedTwiceASecond() throws IOException {
        byte[] large = new byte[1 << 20];
        server.with("1.0.2/flash/large.bin", large);
        Transport steady = files((reference, offset) -> new Download(
                new FilterInputStream(new ByteArrayInputStream(large)) {
                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        now += Duration.ofMillis(100).toNanos();
                        return super.read(buffer, offset, Math.min(length, 10_000));
                    }
                },
                0,
                OptionalLong.of(large.length)));

        ota(steady).update();

        List<UpdateEvent.Progress> progress = events.stream()
                .filter(UpdateEvent.Progress.class::isInstance)
                .map(UpdateEvent.Progress.class::cast)
                .toList();
        assertThat(progress).hasSizeBetween(20, 25);
        assertThat(progress.get(10).bytesPerSecond()).isBetween(90_000L, 110_000L);
        assertThat(progress.get(progress.size() - 1).bytes()).isEqualTo(large.length);
    }

    /** What the Pycom server sends when it dies over a question. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "<html>not found</html>", "{}", "nul", "null null", "[]"})
    void whatIsNoManifestNeverMeansUpToDate(String answer) throws IOException {
        Map<String, String> before = tree();
        Transport broken = (reference, offset) -> Download.of(stream(answer));

        assertThatThrownBy(() -> ota(broken).update()).isInstanceOf(ManifestException.class);
        assertThat(tree()).isEqualTo(before);
    }

    /** Threats rows 30, 31, 33, 36 and 37, where they meet the device; the table of all forms is a test of the model. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside.txt",
                "flash/../../outside.txt",
                "//outside.txt",
                "C:\\\\outside.txt",
                "flash\\\\..\\\\..\\\\outside.txt",
                "flash/a\\u0000b",
                "flash/\\u202Egnp.exe",
                ".ota/state",
                "flash/.OTA/state"
            })
    void aManifestThatPointsOutOfTheTreeIsRefusedAsAWhole(String path) throws IOException {
        Map<String, String> before = tree();
        String hash = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
        String manifest = """
                {"version": "2", "new": [{"dst_path": "/flash/good.py", "URL": "http://h/g", "hash": "%s"},
                {"dst_path": "%s", "URL": "http://h/x", "hash": "%s"}], "update": [], "delete": []}""".formatted(hash, path, hash);
        Transport hostile =
                (reference, offset) -> Download.of(stream(reference.startsWith("manifest") ? manifest : ""));

        assertThatThrownBy(() -> ota(hostile).update()).isInstanceOf(ManifestException.class);
        assertThat(tree()).isEqualTo(before);
        assertThat(root.resolveSibling("outside.txt")).doesNotExist();
    }

    @Test
    void anOlderReleaseIsFollowedWithAnEvent() throws IOException {
        Transport older = new ServerRoot().with("0.9/flash/main.py", "oldest").transport();

        ota(older).update();

        assertThat(events).contains(new UpdateEvent.Downgrade(version("1.0.0"), version("0.9")));
        assertThat(tree()).containsEntry("flash/main.py", "oldest");
    }

    @Test
    void anOlderReleaseIsRefusedWhereTheHostWantsThat() throws IOException {
        Map<String, String> before = tree();
        Transport older = new ServerRoot().with("0.9/flash/main.py", "oldest").transport();
        Ota ota = builder(older).downgrades(Downgrades.REFUSED).build();

        DowngradeRefusedException refusal = catchThrowableOfType(DowngradeRefusedException.class, ota::update);

        assertThat(refusal.current()).isEqualTo(version("1.0.0"));
        assertThat(refusal.offered()).isEqualTo(version("0.9"));
        assertThat(tree()).isEqualTo(before);
        assertThat(builder(good).downgrades(Downgrades.REFUSED).build().update())
                .isInstanceOf(UpdateOutcome.Updated.class);
    }

    @Test
    void firmwareWithoutAWriterIsAnErrorBeforeAnythingIsFetched() throws IOException {
        server.with("firmware_1.0.1.bin", "image");
        Map<String, String> before = tree();
        List<String> fetched = new ArrayList<>();
        Transport listening = files((reference, offset) -> {
            fetched.add(reference);
            return good.fetch(reference, offset);
        });

        assertThatThrownBy(() -> ota(listening).update()).isInstanceOf(FirmwareNotSupportedException.class);
        assertThat(fetched).isEmpty();
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void firmwareIsSkippedWithAnEventWhereTheHostWantsThat() throws IOException {
        server.with("firmware_1.0.1.bin", "image");
        reopen(InstallationOptions.defaults().withUnsupportedFirmware(InstallationOptions.UnsupportedFirmware.SKIP));

        UpdateOutcome.Updated outcome = (UpdateOutcome.Updated) ota(good).update();

        assertThat(outcome.firmware()).isEmpty();
        assertThat(events).anyMatch(UpdateEvent.FirmwareSkipped.class::isInstance);
        assertThat(tree()).containsEntry("flash/main.py", "new main");
    }

    @Test
    void firmwareIsInstalledTogetherWithTheFiles() throws IOException {
        server.with("firmware_1.0.1.bin", "image");
        FakeFirmware firmware = new FakeFirmware();
        reopen(InstallationOptions.defaults().withFirmware(firmware));

        UpdateOutcome.Updated outcome = (UpdateOutcome.Updated) ota(good).update();

        assertThat(outcome.firmware()).isPresent();
        assertThat(outcome.bytes()).isEqualTo(8 + 8 + 5);
        assertThat(firmware.active().map(FirmwareSlot::name)).contains("b");
        assertThat(firmware.written).isEqualTo("image");
    }

    @Test
    void anUpdateThatHadToBeTakenBackIsAnErrorWithAnEvent() throws IOException {
        server.with("firmware_1.0.1.bin", "image");
        Map<String, String> before = tree();
        reopen(InstallationOptions.defaults().withFirmware(new FakeFirmware() {
            @Override
            public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
                if (slot.name().equals("b")) {
                    throw new IOException("flash is worn out");
                }
            }
        }));

        assertThatThrownBy(() -> ota(good).update()).isInstanceOf(UpdateUndoneException.class);

        assertThat(events).last().isInstanceOfSatisfying(UpdateEvent.RolledBack.class, rolledBack -> {
            assertThat(rolledBack.current()).contains(version("1.0.0"));
            assertThat(rolledBack.undone()).isEqualTo(version("1.0.1"));
        });
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void anInterruptDuringATransferEndsTheUpdateAndWhatCameIsKept() throws IOException {
        Map<String, String> before = tree();
        List<Long> offsets = new ArrayList<>();
        Transport interrupting = files((reference, offset) -> {
            offsets.add(offset);
            InputStream content = good.fetch(reference, offset).content();
            return Download.of(new SequenceInputStream(new ByteArrayInputStream(content.readNBytes(3)), content) {
                private int reads;

                @Override
                public int read(byte[] buffer, int start, int length) throws IOException {
                    if (++reads == 2) {
                        Thread.currentThread().interrupt();
                    }
                    return super.read(buffer, start, length);
                }
            });
        });

        assertThatThrownBy(() -> ota(interrupting).update()).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
        assertThat(tree()).isEqualTo(before);

        offsets.clear();
        ota(files((reference, offset) -> {
                    offsets.add(offset);
                    return good.fetch(reference, offset);
                }))
                .update();

        assertThat(offsets.get(0)).as("goes on where it ended").isPositive();
        assertThat(tree()).containsEntry("flash/new/deep/file.py", "new file");
    }

    @Test
    void anInterruptWhileWaitingEndsTheUpdate() {
        Ota ota = builder(files((reference, offset) -> {
                    throw new IOException("unreachable");
                }))
                .sleeper(time -> {
                    throw new InterruptedException();
                })
                .build();

        assertThatThrownBy(ota::update).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptJustBeforeTheCommitStillEndsIt() throws IOException {
        Map<String, String> before = tree();
        Ota ota = builder(good)
                .listener(event -> {
                    if (event instanceof UpdateEvent.Staged staged
                            && staged.target().reference().contains("main")) {
                        Thread.currentThread().interrupt();
                    }
                })
                .build();

        assertThatThrownBy(ota::update).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(tree()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                UpdateEvent.Offered.class,
                UpdateEvent.Begun.class,
                UpdateEvent.Progress.class,
                UpdateEvent.Staged.class
            })
    void aListenerThatThrowsEndsTheUpdateAndTheNextOneGoesOn(Class<?> told) throws IOException {
        Map<String, String> before = tree();
        Ota ota = builder(good)
                .listener(event -> {
                    if (told.isInstance(event)) {
                        throw new IllegalStateException("no display");
                    }
                })
                .build();

        assertThatThrownBy(ota::update)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no display");

        assertThat(tree()).isEqualTo(before);
        assertThat(ota(good).update()).isInstanceOf(UpdateOutcome.Updated.class);
    }

    static Stream<Transport> transportsThatThrow() {
        return Stream.of(
                (reference, offset) -> {
                    throw new IllegalStateException("radio off");
                },
                (reference, offset) -> Download.of(new InputStream() {
                    @Override
                    public int read() {
                        throw new IllegalStateException("radio off");
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("transportsThatThrow")
    void aTransportThatThrowsEndsTheUpdateAndTheNextOneGoesOn(Transport transport) throws IOException {
        Map<String, String> before = tree();

        assertThatThrownBy(() -> ota(files(transport)).update())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("radio off");

        assertThat(tree()).isEqualTo(before);
        assertThat(ota(good).update()).isInstanceOf(UpdateOutcome.Updated.class);
    }

    @Test
    void aTransportThatTimesOutIsNoInterrupt() throws IOException {
        AtomicInteger fetches = new AtomicInteger();
        Transport sluggish = files((reference, offset) -> {
            if (fetches.incrementAndGet() == 1) {
                throw new java.net.SocketTimeoutException("timeout");
            }
            return good.fetch(reference, offset);
        });

        assertThat(ota(sluggish).update()).isInstanceOf(UpdateOutcome.Updated.class);
    }

    @Test
    void connectingIsTheTransportsBusiness() throws IOException {
        AtomicInteger connected = new AtomicInteger();
        Transport transport = new Transport() {
            @Override
            public void connect() {
                connected.incrementAndGet();
            }

            @Override
            public Download fetch(String reference, long offset) throws IOException {
                return good.fetch(reference, offset);
            }
        };

        ota(transport).connect();

        assertThat(connected).hasValue(1);
    }

    @Test
    void aTransportCanBeWrapped() throws IOException {
        Transport dead = (reference, offset) -> {
            throw new IOException("dead");
        };
        Transport failOver = (reference, offset) -> {
            try {
                return dead.fetch(reference, offset);
            } catch (IOException e) {
                return good.fetch(reference, offset);
            }
        };

        assertThat(ota(failOver).update()).isInstanceOf(UpdateOutcome.Updated.class);
    }

    private Ota ota(Transport transport) {
        return builder(transport).build();
    }

    private Ota.Builder builder(Transport transport) {
        return Ota.builder(transport, installation)
                .listener(events::add)
                .sleeper(waits::add)
                .nanoTime(() -> now);
    }

    private void reopen(InstallationOptions options) throws IOException {
        installation.close();
        installation = Installation.open(root, options);
    }

    /** Manifests from the good server, everything else from {@code transport}. */
    private Transport files(Transport transport) {
        return (reference, offset) -> reference.startsWith("manifest.json")
                ? good.fetch(reference, offset)
                : transport.fetch(reference, offset);
    }

    private static Download breakingOff(Download download, int after) {
        InputStream broken = new FilterInputStream(download.content()) {
            private int left = after;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left == 0) {
                    throw new IOException("connection reset");
                }
                int count = super.read(buffer, offset, Math.min(length, left));
                left -= Math.max(count, 0);
                return count;
            }
        };
        return new Download(broken, download.offset(), download.totalLength());
    }

    private Map<String, String> tree() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                String name = root.relativize(path).toString().replace('\\', '/');
                if (!name.startsWith(".ota/")) {
                    files.put(name, Files.readString(path));
                }
            }
        }
        return files;
    }

    private static long bytesIn(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        }
    }

    private static InputStream stream(String content) {
        return new ByteArrayInputStream(content.getBytes(UTF_8));
    }

    private static LooseVersion version(String text) {
        return LooseVersion.parse(text);
    }

    /** Two slots in memory. */
    private static class FakeFirmware implements FirmwareWriter {
        private FirmwareSlot active = new FirmwareSlot("a", Optional.empty());
        private String written = "";

        @Override
        public Optional<FirmwareSlot> active() {
            return Optional.of(active);
        }

        @Override
        public FirmwareSlot write(Path image, Digest sha256) throws IOException {
            written = Files.readString(image);
            return new FirmwareSlot("b", Optional.of(sha256));
        }

        @Override
        public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
            active = slot;
        }

        @Override
        public boolean holds(FirmwareSlot slot) {
            return true;
        }
    }

    /** Blanks for ever. */
    private static class Endless extends InputStream {
        @Override
        public int read() {
            return ' ';
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            java.util.Arrays.fill(buffer, offset, offset + length, (byte) ' ');
            return length;
        }
    }
}
