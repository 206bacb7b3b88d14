package io.overair.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.tree.FileEntry;
import io.overair.tree.FileTree;
import io.overair.tree.Omission;
import io.overair.tree.ReleaseLayout;
import io.overair.tree.ScanOptions;
import io.overair.tree.SymbolicLinks;
import io.overair.tree.UnfinishedScan;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Releases in a directory, laid out as the Pycom OTA example has it. */
final class DirectoryRepository implements ReleaseRepository {
    /** How long what is there may be missing while it is replaced by two renames. */
    private static final Duration LONGEST_ABSENCE = Duration.ofMillis(200);

    /** What no file system in use exceeds, in bytes. */
    private static final int LONGEST_NAME = 255;

    /** What Linux takes in one piece, in bytes. */
    private static final int LONGEST_PATH = 4095;

    private final Path root;
    private final DirectoryOptions options;
    private final ScanOptions scanning;
    private final Refreshed<Sighting> listing;
    private final long patienceNanos;

    /** Kept from one listing to the next, with what was hashed. */
    private final Map<String, DirectoryRelease> knownReleases = new ConcurrentHashMap<>();

    private final Map<String, DirectoryFirmware> knownFirmware = new ConcurrentHashMap<>();

    DirectoryRepository(Path root, DirectoryOptions options) throws IOException {
        this.root = root.toRealPath();
        this.options = options;
        this.scanning = options.scanning()
                .digests(Digest.Algorithm.SHA1, Digest.Algorithm.SHA256)
                .symbolicLinks(options.symbolicLinks())
                .linkBoundary(this.root)
                .clock(options.clock());
        this.patienceNanos = Math.min(options.freshness().toNanos(), LONGEST_ABSENCE.toNanos());
        this.listing = new Refreshed<>(options.freshness(), options.nanoTime(), new RootReader());
        listing.get();
    }

    @Override
    public List<Release> releases() throws IOException {
        return catalogue().releases();
    }

    @Override
    public List<FirmwareFile> firmware() throws IOException {
        return catalogue().firmware();
    }

    @Override
    public Catalogue catalogue() throws IOException {
        Sighting seen = listing.get();
        if (seen.isDue(options.nanoTime().getAsLong())) {
            listing.expire();
            seen = listing.get();
        }
        return seen.catalogue();
    }

    @Override
    public Optional<Content> open(String path) throws IOException {
        Optional<Path> file = resolve(path);
        return file.isPresent() ? FileContent.open(file.get(), options.clock()) : Optional.empty();
    }

    /** The file that {@code path} leads to, every link on the way followed, if it lies inside the root. */
    private Optional<Path> resolve(String path) throws IOException {
        Optional<Path> place = ReleaseLayout.placeOf(path, root);
        return place.isPresent() ? real(place.get()) : Optional.empty();
    }

    private Optional<Path> real(Path file) throws IOException {
        try {
            Path real = file.toRealPath();
            return isInside(real) ? Optional.of(real) : Optional.empty();
        } catch (NoSuchFileException | AccessDeniedException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            if (isNowhere(file)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Whether no file can ever be at {@code file}: it lies below another file, behind links that lead round, or its name is
     * too long. The exception alone does not tell that from a disk that fails.
     */
    private boolean isNowhere(Path file) {
        Path at = root;
        for (Path name : root.relativize(file)) {
            if (name.toString().getBytes(UTF_8).length > LONGEST_NAME) {
                return true;
            }
            at = at.resolve(name);
            if (Files.isSymbolicLink(at) || (Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS) && !at.equals(file))) {
                return true;
            }
        }
        return file.toString().getBytes(UTF_8).length > LONGEST_PATH;
    }

    private boolean isInside(Path real) {
        return options.symbolicLinks() == SymbolicLinks.ANYWHERE || real.startsWith(root);
    }

    private Catalogue list() throws IOException {
        List<Release> releases = new ArrayList<>();
        List<FirmwareFile> firmware = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!ReleaseLayout.placeOf(name, root).equals(Optional.of(entry))) {
                    continue; // its name is no text: nobody could ask for it
                }
                Optional<LooseVersion> imageVersion = ReleaseLayout.firmwareVersion(name);
                if (isRelease(entry)) {
                    releases.add(knownReleases.computeIfAbsent(name, DirectoryRelease::new));
                } else if (imageVersion.isPresent() && isImage(entry)) {
                    firmware.add(knownFirmware.computeIfAbsent(
                            name, known -> new DirectoryFirmware(known, imageVersion.get())));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new Catalogue(
                ReleaseLayout.sorted(
                        releases.stream(),
                        Release::version,
                        release -> release.version().toString()),
                ReleaseLayout.sorted(firmware.stream(), FirmwareFile::version, FirmwareFile::name));
    }

    /** A version may itself be a link to a folder, as long as that lies inside the root. */
    private boolean isRelease(Path entry) throws IOException {
        return Files.isDirectory(entry) && leadsInside(entry);
    }

    private boolean isImage(Path entry) throws IOException {
        boolean followed = options.symbolicLinks() != SymbolicLinks.NEVER || !Files.isSymbolicLink(entry);
        return followed && Files.isRegularFile(entry) && leadsInside(entry);
    }

    private boolean leadsInside(Path entry) throws IOException {
        try {
            return isInside(entry.toRealPath());
        } catch (NoSuchFileException goneMeanwhile) {
            return false;
        }
    }

    /**
     * What is taken to be in the root.
     *
     * @param lookAgain when the time is over that is given to what is missed; empty if nothing is
     */
    private record Sighting(Catalogue catalogue, OptionalLong lookAgain) {
        boolean isDue(long nanoTime) {
            return lookAgain.isPresent() && nanoTime - lookAgain.getAsLong() >= 0;
        }
    }

    /**
     * Looks at the root. A release that is replaced by two renames is away in between, and a device that asks just then
     * must not be led back to an older one: so nothing is believed to be gone that was not missed for a while.
     */
    private final class RootReader implements Refreshed.Reader<Sighting> {
        @Override
        public Sighting read(Optional<Sighting> earlier) throws IOException {
            Catalogue now = list();
            if (earlier.isPresent() && isMissing(earlier.get().catalogue(), now)) {
                long nanoTime = options.nanoTime().getAsLong();
                Sighting before = earlier.get();
                long lookAgain = before.lookAgain().orElse(nanoTime + patienceNanos);
                Sighting doubtful = new Sighting(before.catalogue(), OptionalLong.of(lookAgain));
                if (!doubtful.isDue(nanoTime)) {
                    return doubtful;
                }
            }
            knownReleases.values().retainAll(now.releases());
            knownFirmware.values().retainAll(now.firmware());
            return new Sighting(now, OptionalLong.empty());
        }

        private boolean isMissing(Catalogue before, Catalogue now) {
            return !new HashSet<>(now.releases()).containsAll(before.releases())
                    || !new HashSet<>(now.firmware()).containsAll(before.firmware());
        }

        @Override
        public void standsIn(IOException problem) {
            options.listener().outdated(root.toString(), problem);
        }
    }

    private interface Scan {
        FileTree run(ScanOptions options) throws IOException;
    }

    /** Reads the files of a release, or the one of an image. */
    private final class TreeReader implements Refreshed.Reader<FileTree> {
        private final String name;
        private final ScanOptions scanning;
        private final Scan scan;

        TreeReader(String name, ScanOptions scanning, Scan scan) {
            this.name = name;
            this.scanning = scanning;
            this.scan = scan;
        }

        @Override
        public FileTree read(Optional<FileTree> earlier) throws IOException {
            try {
                FileTree tree = scan.run(earlier.map(scanning::reusing).orElse(scanning));
                List<Omission> told = earlier.map(FileTree::omissions).orElse(List.of());
                tree.omissions().stream()
                        .filter(omission -> !told.contains(omission))
                        .forEach(omission -> options.listener().leftOut(name, omission));
                return tree;
            } catch (NoSuchFileException e) {
                listing.expire();
                throw e;
            }
        }

        /** What has been taken away is for the listing to find out. */
        @Override
        public void standsIn(IOException problem) {
            if (!(problem instanceof NoSuchFileException)) {
                options.listener().outdated(name, problem);
            }
        }
    }

    private final class DirectoryRelease implements Release {
        private final LooseVersion version;
        private final Refreshed<FileTree> tree;

        DirectoryRelease(String name) {
            this.version = LooseVersion.parse(name);
            this.tree = new Refreshed<>(
                    options.freshness(),
                    options.nanoTime(),
                    new TreeReader(
                            name,
                            scanning.resuming(new UnfinishedScan()),
                            options -> FileTree.scan(root.resolve(name), options)));
        }

        @Override
        public LooseVersion version() {
            return version;
        }

        @Override
        public FileTree tree() throws IOException {
            return tree.get();
        }

        @Override
        public boolean contains(DevicePath path) throws IOException {
            return resolve(version + "/" + path).isPresent()
                    && FileTree.wouldHold(root.resolve(version.toString()), path, scanning);
        }
    }

    private final class DirectoryFirmware implements FirmwareFile {
        private final String name;
        private final DevicePath path;
        private final LooseVersion version;
        private final Refreshed<FileTree> file;

        DirectoryFirmware(String name, LooseVersion version) {
            this.name = name;
            this.path = new DevicePath(name);
            this.version = version;
            ScanOptions onlyThis = scanning.topLevelOnly().matching(name::equals);
            this.file = new Refreshed<>(
                    options.freshness(), options.nanoTime(), new TreeReader(name, onlyThis, this::scan));
        }

        private FileTree scan(ScanOptions options) throws IOException {
            FileTree tree = FileTree.scan(root, options);
            if (!tree.files().containsKey(path)) {
                throw new NoSuchFileException(root.resolve(name).toString());
            }
            return tree;
        }

        @Override
        public LooseVersion version() {
            return version;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public FileEntry entry() throws IOException {
            return Objects.requireNonNull(file.get().files().get(path));
        }
    }
}
