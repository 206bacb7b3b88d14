package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.TargetFile;
import io.overair.tree.FileEntry;
import io.overair.tree.Omission;
import io.overair.tree.ScanListener;
import io.overair.tree.SymbolicLinks;
import io.overair.tree.TreeChangedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRepositoryTest {
    /** Looks at the disk for every request, and takes every file for old enough to be trusted. */
    private static final DirectoryOptions ATTENTIVE = DirectoryOptions.defaults()
            .freshness(Duration.ZERO)
            .clock(() -> Instant.now().plusSeconds(60));

    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
    }

    @Test
    void foldersAreReleasesAndImagesAreFirmwareLowestFirst() throws IOException {
        for (String version : List.of("1.0.10", "1.0.9", "docs", "01.0", "1.0")) {
            write(version + "/flash/a", "a");
        }
        write("firmware_1.0.2.bin", "f");
        write("firmware_1.0.10.hex", "f");
        write("firmware_1.0.3.bin.sig", "no image");
        write("readme.txt", "no release");
        Files.createDirectory(root.resolve("firmware_9.bin"));

        ReleaseRepository repository = ReleaseRepository.inDirectory(root, ATTENTIVE);

        assertThat(repository.releases())
                .extracting(release -> release.version().toString())
                .containsExactly("docs", "firmware_9.bin", "1.0", "01.0", "1.0.9", "1.0.10");
        assertThat(repository.firmware())
                .extracting(FirmwareFile::name)
                .containsExactly("firmware_1.0.2.bin", "firmware_1.0.10.hex");
    }

    @Test
    void rootThatIsMissingIsSaidAtOnce() {
        assertThatThrownBy(() -> ReleaseRepository.inDirectory(root.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void imagesCarrySizeAndDigests() throws IOException {
        write("firmware_1.bin", "image");

        FileEntry entry =
                ReleaseRepository.inDirectory(root, ATTENTIVE).firmware().get(0).entry();

        assertThat(entry.size()).isEqualTo(5);
        assertThat(entry.digest(Digest.Algorithm.SHA1))
                .contains(Digest.ofContent(Digest.Algorithm.SHA1, "image".getBytes(UTF_8)));
    }

    @Test
    void releaseAddedOrRemovedIsSeen() throws IOException {
        write("1/flash/a", "a");
        ReleaseRepository repository = ReleaseRepository.inDirectory(root, ATTENTIVE);
        ManifestGenerator generator = ManifestGenerator.over(repository);
        assertThat(generator.manifestFor("1")).isEmpty();

        write("2/flash/a", "b");
        assertThat(generator.manifestFor("1")).map(Manifest::version).hasToString("Optional[2]");

        Files.delete(root.resolve("2/flash/a"));
        Files.delete(root.resolve("2/flash"));
        Files.delete(root.resolve("2"));
        assertThat(generator.manifestFor("1")).isEmpty();
    }

    @Test
    void releaseReplacedByRenameIsPickedUpWhole() throws IOException {
        write("1/flash/a", "a1");
        write("2/flash/a", "a2");
        write("2/flash/b", "b2");
        ReleaseRepository repository = ReleaseRepository.inDirectory(root, ATTENTIVE);
        ManifestGenerator generator = ManifestGenerator.over(repository);
        Manifest before = generator.manifestFor("1").orElseThrow();
        write("../next/flash/a", "a3");
        write("../next/flash/c", "c3");

        Files.move(root.resolve("2"), directory.resolve("old"));
        Files.move(directory.resolve("next"), root.resolve("2"));
        Manifest after = generator.manifestFor("1").orElseThrow();

        assertThat(hashes(before)).containsExactlyInAnyOrder(sha1("a2"), sha1("b2"));
        assertThat(hashes(after)).containsExactlyInAnyOrder(sha1("a3"), sha1("c3"));
    }

    @Test
    void lookBetweenTwoRenamesLeadsNoDeviceBack() throws IOException {
        write("1/flash/a", "a1");
        write("2/flash/a", "a2");
        write("firmware_2.bin", "image");
        AtomicLong now = new AtomicLong();
        ManifestGenerator generator =
                ManifestGenerator.over(ReleaseRepository.inDirectory(root, lookingOnceASecond(now)));
        Manifest before = generator.manifestFor("1").orElseThrow();
        write("../next/flash/a", "a3");
        now.addAndGet(Duration.ofSeconds(1).toNanos());

        Files.move(root.resolve("2"), directory.resolve("old"));
        Files.move(root.resolve("firmware_2.bin"), directory.resolve("image"));
        assertThat(generator.manifestFor("1")).contains(before);
        assertThat(generator.manifestFor("2")).isEmpty();
        Files.move(directory.resolve("next"), root.resolve("2"));
        Files.move(directory.resolve("image"), root.resolve("firmware_2.bin"));
        now.addAndGet(Duration.ofSeconds(1).toNanos());

        Manifest after = generator.manifestFor("1").orElseThrow();
        assertThat(hashes(after)).containsExactly(sha1("a3"));
        assertThat(after.firmware()).isEqualTo(before.firmware());
        assertThat(generator.manifestFor("2")).isEmpty();
    }

    @Test
    void releaseTakenAwayIsBelievedToBeGoneAfterAMoment() throws IOException {
        write("1/flash/a", "a1");
        write("2/flash/a", "a2");
        AtomicLong now = new AtomicLong();
        ReleaseRepository repository = ReleaseRepository.inDirectory(root, lookingOnceASecond(now));
        Files.move(root.resolve("2"), directory.resolve("old"));
        now.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(repository.releases()).hasSize(2);
        now.addAndGet(Duration.ofMillis(200).toNanos());
        assertThat(repository.releases()).hasSize(1);
    }

    private static DirectoryOptions lookingOnceASecond(AtomicLong nanoTime) {
        return ATTENTIVE.freshness(Duration.ofSeconds(1)).nanoTime(nanoTime::get);
    }

    @Test
    void imageThatComesWhileAReleaseIsHashedIsNotOfferedWithIt() throws IOException {
        write("1/flash/a", "a1");
        write("2/flash/a", "a2");
        ManifestGenerator generator = ManifestGenerator.over(ReleaseRepository.inDirectory(
                root, ATTENTIVE.scanning(scan -> scan.listener((path, bytes) -> publishThree()))));

        Manifest before = generator.manifestFor("1").orElseThrow();
        Manifest after = generator.manifestFor("1").orElseThrow();

        assertThat(before.version()).hasToString("2");
        assertThat(before.firmware()).isEmpty();
        assertThat(after.version()).hasToString("3");
        assertThat(after.firmware()).map(FirmwareImage::reference).contains("firmware_3.bin");
    }

    private void publishThree() {
        try {
            if (Files.notExists(root.resolve("3"))) {
                write("3/flash/a", "a3");
                write("firmware_3.bin", "image");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void fileReplacedUnderTheSameNameAndSizeIsSeen() throws IOException {
        write("1/flash/a", "aa");
        write("2/flash/a", "bb");
        ReleaseRepository repository = ReleaseRepository.inDirectory(root, ATTENTIVE);
        ManifestGenerator generator = ManifestGenerator.over(repository);
        assertThat(hashes(generator.manifestFor("1").orElseThrow())).containsExactly(sha1("bb"));

        Files.move(
                Files.writeString(directory.resolve("new"), "cc"),
                root.resolve("2/flash/a"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(hashes(generator.manifestFor("1").orElseThrow())).containsExactly(sha1("cc"));
    }

    @Test
    void fileJustWrittenIsNotTrustedToStayAsItIs() throws IOException {
        AtomicInteger hashed = new AtomicInteger();
        DirectoryOptions suspicious = DirectoryOptions.defaults()
                .freshness(Duration.ZERO)
                .clock(Instant::now)
                .scanning(scan -> scan.listener(counting(hashed)));
        write("1/flash/a", "aa");
        Release release =
                ReleaseRepository.inDirectory(root, suspicious).releases().get(0);

        release.tree();
        release.tree();

        assertThat(hashed).hasValue(2);
    }

    /** Issue: each of 10,000 files is hashed once however many manifests are asked for, by whomever at once. */
    @Test
    void everyFileIsHashedOnceHoweverManyManifestsAreAskedFor() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            write("1/d%02d/f%04d".formatted(i % 50, i), "old " + i);
            write("2/d%02d/f%04d".formatted(i % 50, i), i % 10 == 0 ? "new " + i : "old " + i);
        }
        AtomicInteger hashed = new AtomicInteger();
        ReleaseRepository repository =
                ReleaseRepository.inDirectory(root, ATTENTIVE.scanning(scan -> scan.listener(counting(hashed))));
        ManifestGenerator generator = ManifestGenerator.over(repository);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Optional<Manifest>>> callers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String version = i % 2 == 0 ? "1" : "unknown" + i;
                callers.add(() -> generator.manifestFor(version));
            }

            Set<Integer> sizes = new HashSet<>();
            for (Future<Optional<Manifest>> answer : threads.invokeAll(callers)) {
                Manifest manifest = answer.get().orElseThrow();
                sizes.add(manifest.added().size() + manifest.changed().size());
            }

            assertThat(sizes).containsExactlyInAnyOrder(500, 5_000);
            assertThat(hashed).hasValue(10_000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void releaseThatChangesWhileItIsHashedIsNotHashedWholeAgain() throws IOException {
        for (int i = 0; i < 100; i++) {
            write("1/flash/" + i, "old " + i);
        }
        AtomicInteger hashed = new AtomicInteger();
        AtomicBoolean written = new AtomicBoolean(true);
        Release release = ReleaseRepository.inDirectory(
                        root,
                        ATTENTIVE.scanning(scan -> scan.listener((path, bytes) -> {
                            if (hashed.incrementAndGet() >= 100 && written.get()) {
                                append("1/" + path);
                            }
                        })))
                .releases()
                .get(0);
        assertThatThrownBy(release::tree).isInstanceOf(TreeChangedException.class);
        written.set(false);
        hashed.set(0);

        assertThat(release.tree().files()).hasSize(100);

        assertThat(hashed).hasValue(1);
    }

    @Test
    void releaseThatCannotBeReadNowIsWhatItWasBeforeAndThatIsToldOnce() throws IOException {
        write("1/flash/a", "a1");
        write("2/flash/a", "a2");
        AtomicBoolean writing = new AtomicBoolean();
        List<String> told = new ArrayList<>();
        DirectoryOptions options = ATTENTIVE
                .listener(new DirectoryListener() {
                    @Override
                    public void outdated(String name, IOException problem) {
                        told.add(name + ": " + problem.getMessage());
                    }
                })
                .scanning(scan -> scan.listener((path, bytes) -> {
                    if (writing.get()) {
                        append("2/flash/a");
                    }
                }));
        ManifestGenerator generator = ManifestGenerator.over(ReleaseRepository.inDirectory(root, options));
        Manifest before = generator.manifestFor("1").orElseThrow();
        append("2/flash/a");
        writing.set(true);

        assertThat(generator.manifestFor("1")).contains(before);
        assertThat(generator.manifestFor("1")).contains(before);
        writing.set(false);
        Manifest after = generator.manifestFor("1").orElseThrow();

        assertThat(hashes(after)).containsExactly(sha1(Files.readString(root.resolve("2/flash/a"))));
        assertThat(told)
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("2: ")
                .contains("changed each of");
    }

    @Test
    void manifestIsNeverAMixtureWhileReleasesAreSwapped() throws Exception {
        write("1/flash/a", "start");
        for (String content : List.of("x", "y")) {
            for (int i = 0; i < 40; i++) {
                write("../%s/d%d/f".formatted(content, i), content);
            }
        }
        Files.move(directory.resolve("x"), root.resolve("2"));
        ReleaseRepository repository = ReleaseRepository.inDirectory(root, ATTENTIVE);
        ManifestGenerator generator = ManifestGenerator.over(repository);
        AtomicBoolean swapping = new AtomicBoolean(true);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> swaps = thread.submit(() -> {
                Path spare = directory.resolve("spare");
                Path other = directory.resolve("y");
                while (swapping.get()) {
                    Files.move(root.resolve("2"), spare);
                    Files.move(other, root.resolve("2"));
                    Files.move(spare, other);
                }
                return null;
            });
            int seen = 0;
            for (int i = 0; i < 300; i++) {
                Optional<Manifest> manifest = generatedUnlessGone(generator);
                if (manifest.isPresent()) {
                    assertThat(hashes(manifest.get()).stream().distinct()).hasSize(1);
                    assertThat(manifest.get().added()).hasSize(40);
                    seen++;
                }
            }
            swapping.set(false);
            swaps.get();
            assertThat(generator.manifestFor("1")).isPresent();
            assertThat(seen).isNotNegative();
        } finally {
            swapping.set(false);
            thread.shutdown();
        }
    }

    /** While the release is moved away there is none, or it will not hold still: both are answers, a mixture is not. */
    private static Optional<Manifest> generatedUnlessGone(ManifestGenerator generator) {
        try {
            return generator.manifestFor("1");
        } catch (IOException goneOrChanging) {
            return Optional.empty();
        }
    }

    @Test
    void linksThatLeadOutAreNeitherListedNorServed() throws IOException {
        write("../secret/key", "secret");
        write("1/flash/a", "a");
        link("1/flash/key", "../../../secret/key");
        link("1/secret", "../../secret");
        link("stray", "../secret/key");
        link("2", "../secret");
        link("firmware_9.bin", "../secret/key");
        ReleaseRepository repository = ReleaseRepository.inDirectory(root, ATTENTIVE);

        assertThat(repository.firmware()).isEmpty();
        assertThat(repository.releases()).hasSize(1);
        assertThat(repository.releases().get(0).tree().files()).containsOnlyKeys(new DevicePath("flash/a"));
        for (String path : List.of("1/flash/key", "1/secret/key", "stray", "2/key")) {
            assertThat(repository.open(path)).as(path).isEmpty();
        }
    }

    @Test
    void whatIsLeftOutIsToldOnceAlsoIfItComesLater() throws IOException {
        List<String> told = new ArrayList<>();
        DirectoryOptions options = ATTENTIVE.listener(new DirectoryListener() {
            @Override
            public void leftOut(String release, Omission omission) {
                told.add(release + ": " + omission.path());
            }
        });
        write("1/flash/a", "a");
        link("1/flash/b", "nowhere");
        Release release =
                ReleaseRepository.inDirectory(root, options).releases().get(0);
        release.tree();
        release.tree();
        link("1/flash/c", "nowhere");
        release.tree();
        release.tree();

        assertThat(told).containsExactly("1: flash/b", "1: flash/c");
    }

    @Test
    void releasesAloneAreServedWithoutAFileBeingHashed() throws IOException {
        write("1/flash/a", "a");
        write("1/pymakr.conf", "ours");
        write("notes/secret", "ours");
        link("1/flash/link", "a");
        link("1/notes", "../notes");
        AtomicInteger hashed = new AtomicInteger();
        OtaHandler handler = OtaHandler.builder(ReleaseRepository.inDirectory(
                        root, ATTENTIVE.scanning(scan -> scan.listener(counting(hashed)))))
                .exposure(Exposure.RELEASES_ONLY)
                .build();

        for (String path : List.of("/1/flash/a", "/1/flash/link")) {
            assertThat(status(handler, path)).as(path).isEqualTo(200);
        }
        for (String path : List.of(
                "/1/pymakr.conf", "/1/notes/secret", "/1/flash", "/1/flash/none", "/1/flash/a/x", "/2/flash/a")) {
            assertThat(status(handler, path)).as(path).isEqualTo(404);
        }
        assertThat(hashed).hasValue(0);
    }

    private static int status(OtaHandler handler, String target) throws IOException {
        return BareHandlerTest.send(handler, OtaRequest.Protocol.HTTP_1_1, "GET", target, Map.of())
                .status();
    }

    @Test
    void imageThatIsALinkIsNoneWhereLinksAreNotFollowed() throws IOException {
        write("firmware_1.bin", "image");
        link("firmware_2.bin", "firmware_1.bin");

        assertThat(ReleaseRepository.inDirectory(root, ATTENTIVE).firmware()).hasSize(2);
        assertThat(ReleaseRepository.inDirectory(root, ATTENTIVE.symbolicLinks(SymbolicLinks.NEVER))
                        .firmware())
                .extracting(FirmwareFile::name)
                .containsExactly("firmware_1.bin");
    }

    @Test
    void linksThatLeadOutAreFollowedWhereThePublisherSaysSo() throws IOException {
        write("../store/a", "stored");
        write("1/flash/b", "b");
        link("1/flash/a", "../../../store/a");
        link("2", "../store");
        ReleaseRepository repository =
                ReleaseRepository.inDirectory(root, ATTENTIVE.symbolicLinks(SymbolicLinks.ANYWHERE));

        assertThat(repository.releases()).hasSize(2);
        assertThat(repository.releases().get(0).tree().files()).containsKey(new DevicePath("flash/a"));
        assertThat(read(repository, "1/flash/a")).isEqualTo("stored");
        assertThat(read(repository, "2/a")).isEqualTo("stored");
    }

    @Test
    void linksInsideTheRootAreFollowedAlsoForVersions() throws IOException {
        write("1/flash/a", "a");
        link("2", "1");
        link("1/flash/b", "a");
        ReleaseRepository repository = ReleaseRepository.inDirectory(root, ATTENTIVE);

        assertThat(repository.releases()).hasSize(2);
        assertThat(read(repository, "2/flash/b")).isEqualTo("a");
    }

    @Test
    void brokenLinksAtTheTopAreNoVersions() throws IOException {
        write("1/flash/a", "a");
        link("9", "nowhere");
        link("8", "8");

        assertThat(ReleaseRepository.inDirectory(root, ATTENTIVE).releases()).hasSize(1);
    }

    @Test
    void namesFromOutsideOpenNothingButPlainFilesBelowTheRoot() throws IOException {
        write("../outside.txt", "outside");
        write("1/flash/a", "a");
        link("1/flash/round", "round");
        link("1/flash/beyond", "a/x");
        ReleaseRepository repository = ReleaseRepository.inDirectory(root, ATTENTIVE);

        for (String path : List.of(
                "1/flash/round",
                "1/flash/round/a",
                "1/flash/beyond",
                "../outside.txt",
                "1/../../outside.txt",
                "/etc/hostname",
                directory.resolve("outside.txt").toString(),
                "1/flash",
                "1/flash/",
                "1//flash/a",
                "./1/flash/a",
                "1/flash/a/x",
                "\0",
                "1/flash/a\0",
                "",
                "/",
                ".",
                "..",
                "x".repeat(5_000),
                "\uD800",
                "1/" + "a/".repeat(3_000) + "a")) {
            assertThat(repository.open(path)).as(path).isEmpty();
        }
        assertThat(read(repository, "1/flash/a")).isEqualTo("a");
    }

    @Test
    void contentHasATagOnceItIsOldEnoughToBeTrusted() throws IOException {
        write("1/flash/a", "a");
        DirectoryOptions suspicious = ATTENTIVE.clock(Instant::now);

        try (Content old = ReleaseRepository.inDirectory(root, ATTENTIVE)
                        .open("1/flash/a")
                        .orElseThrow();
                Content young = ReleaseRepository.inDirectory(root, suspicious)
                        .open("1/flash/a")
                        .orElseThrow()) {
            assertThat(old.entityTag()).isPresent();
            assertThat(young.entityTag()).isEmpty();
        }
    }

    @Test
    void contentStaysTheSameWhenTheFileIsReplaced() throws IOException {
        write("1/flash/a", "before");
        ReleaseRepository repository = ReleaseRepository.inDirectory(root, ATTENTIVE);
        try (Content opened = repository.open("1/flash/a").orElseThrow()) {
            Files.move(
                    Files.writeString(directory.resolve("new"), "after!"),
                    root.resolve("1/flash/a"),
                    StandardCopyOption.REPLACE_EXISTING);

            assertThat(Bodies.read(new OtaResponse.Body.Part(opened, 0, opened.size())))
                    .isEqualTo("before".getBytes(UTF_8));
        }
        assertThat(read(repository, "1/flash/a")).isEqualTo("after!");
    }

    private static ScanListener counting(AtomicInteger hashed) {
        return (path, bytes) -> hashed.incrementAndGet();
    }

    private static List<String> hashes(Manifest manifest) {
        return manifest.files()
                .map(TargetFile.class::cast)
                .map(file -> file.digest(Digest.Algorithm.SHA1).orElseThrow().hex())
                .toList();
    }

    private static String sha1(String text) {
        return Digest.ofContent(Digest.Algorithm.SHA1, text.getBytes(UTF_8)).hex();
    }

    private static String read(ReleaseRepository repository, String path) throws IOException {
        try (Content content = repository.open(path).orElseThrow()) {
            return new String(Bodies.read(new OtaResponse.Body.Part(content, 0, content.size())), UTF_8);
        }
    }

    private void write(String path, String content) throws IOException {
        Path file = root.resolve(path).normalize();
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void append(String path) {
        try {
            Files.writeString(root.resolve(path), "+", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void link(String path, String target) throws IOException {
        Path link = root.resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }
}
