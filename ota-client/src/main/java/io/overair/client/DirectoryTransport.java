package io.overair.client;

import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.ManifestJson;
import io.overair.manifest.PercentCoding;
import io.overair.tree.FileTree;
import io.overair.tree.Omission;
import io.overair.tree.ReleaseLayout;
import io.overair.tree.ScanOptions;
import io.overair.version.LooseVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Updates from a folder: a USB stick or a mounted share that holds the root of an update server as it is, a folder for each
 * version and images named {@code firmware_VERSION.bin} or {@code .hex} beside them. Folders without a number in their names,
 * and hidden ones, are not versions: a stick holds other things as well. Where there is no version at all, a manifest is
 * refused with a {@link NoSuchResourceException}.
 *
 * <p>The manifest is what a server would make of that folder, so asking for it reads every file of the two releases
 * concerned. As on a server, what is no file of a release is left out: links to nothing, to folders and out of the root, pipes,
 * sockets and devices. But a release is refused, with a {@link NoSuchResourceException} that names the file, if it holds one whose
 * name no device can have, or is no text in the encoding of this program, as all but ASCII is in the C locale: a server tells
 * whoever runs it what it leaves out, while here nobody would learn that the device lacks a file. Links are followed inside the
 * folder only, and nothing outside it is ever read. Keeps nothing between two calls; for use by many threads at once.
 */
public final class DirectoryTransport implements Transport {
    private static final String MANIFEST = "manifest.json";
    private static final String VERSION_PARAMETER = "?current_ver=";

    /** What a device counts as that knows no version. */
    private static final LooseVersion NO_VERSION = LooseVersion.parse("0");

    /** In front of references, as a manifest has whole URLs; {@link Transport#pathOf} takes it away again. */
    private static final String BASE_URL = "directory://here";

    private final Path root;

    private DirectoryTransport(Path root) {
        this.root = root;
    }

    /** Serves what is in {@code root}, which may be mounted as late as at {@link #connect}. */
    public static DirectoryTransport of(Path root) {
        return new DirectoryTransport(root.toAbsolutePath());
    }

    /**
     * Looks whether the folder is there.
     *
     * @throws NotDirectoryException if it is not
     */
    @Override
    public void connect() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
    }

    @Override
    public Download fetch(String reference, long offset) throws IOException {
        connect();
        String path = Transport.pathOf(reference);
        if (path.startsWith(MANIFEST + VERSION_PARAMETER)) {
            byte[] manifest = manifest(PercentCoding.decode(path.substring((MANIFEST + VERSION_PARAMETER).length())));
            return new Download(new ByteArrayInputStream(manifest), 0, OptionalLong.of(manifest.length));
        }
        Path file = find(path);
        long size = Files.size(file);
        InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        try {
            long start = offset <= size ? offset : 0;
            content.skipNBytes(start);
            return new Download(content, start, OptionalLong.of(size));
        } catch (IOException e) {
            content.close();
            throw e;
        }
    }

    private byte[] manifest(String currentVersion) throws IOException {
        LooseVersion current = currentVersion.isEmpty() ? NO_VERSION : LooseVersion.parse(currentVersion);
        Listing listing = list();
        if (listing.releases.isEmpty()) {
            // A server would say that all is well. Here it is the wrong folder, most likely, or the wrong stick.
            throw new NoSuchResourceException(root.toString(), "no release in it");
        }
        LooseVersion latest = listing.releases.get(listing.releases.size() - 1);
        if (latest.equals(current)) {
            return ManifestJson.upToDate();
        }
        Optional<LooseVersion> previous = listing.releases.contains(current) ? Optional.of(current) : Optional.empty();
        FileTree before = previous.isPresent() ? scan(current) : FileTree.of(Map.of());
        Manifest manifest = ReleaseLayout.manifest(
                previous, before, latest, scanWhole(latest), firmwareAbove(current, listing.images));
        return ManifestJson.write(manifest, BASE_URL);
    }

    private Listing list() throws IOException {
        List<LooseVersion> releases = new ArrayList<>();
        List<Image> images = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!ReleaseLayout.placeOf(name, root).equals(Optional.of(entry))) {
                    continue; // its name is no text: nobody could ask for it
                }
                if (Files.isDirectory(entry)) {
                    if (real(entry).isPresent() && isVersion(name)) {
                        releases.add(LooseVersion.parse(name));
                    }
                } else {
                    ReleaseLayout.firmwareVersion(name)
                            .filter(version -> Files.isRegularFile(entry))
                            .ifPresent(version -> images.add(new Image(version, name)));
                }
            }
        }
        return new Listing(
                ReleaseLayout.sorted(releases.stream(), version -> version, LooseVersion::toString),
                ReleaseLayout.sorted(images.stream(), Image::version, Image::name));
    }

    /** A stick holds other folders as well: hidden ones, and those without any number in their names. */
    private static boolean isVersion(String name) {
        return !name.startsWith(".") && name.chars().anyMatch(character -> character >= '0' && character <= '9');
    }

    private Optional<FirmwareImage> firmwareAbove(LooseVersion current, List<Image> images) throws IOException {
        if (images.isEmpty()) {
            return Optional.empty();
        }
        Image newest = images.get(images.size() - 1);
        if (newest.version.compareTo(current) <= 0) {
            return Optional.empty();
        }
        FileTree file = FileTree.scan(root, scanning().topLevelOnly().matching(newest.name::equals));
        return file.files().values().stream().findFirst().map(entry -> ReleaseLayout.firmwareImage(newest.name, entry));
    }

    private FileTree scan(LooseVersion release) throws IOException {
        return FileTree.scan(root.resolve(release.toString()), scanning());
    }

    /** The release that is to be installed: a device gets all of it or nothing. */
    private FileTree scanWhole(LooseVersion release) throws IOException {
        FileTree tree = scan(release);
        for (Omission omission : tree.omissions()) {
            if (omission.reason() == Omission.Reason.UNUSABLE_NAME
                    || omission.reason() == Omission.Reason.UNDECODABLE_NAME) {
                throw new NoSuchResourceException(
                        release + "/" + omission.path(),
                        "no device can get it, and so none of this release: " + omission.explanation());
            }
        }
        return tree;
    }

    private ScanOptions scanning() throws IOException {
        return ScanOptions.defaults().digests(Digest.Algorithm.SHA1).linkBoundary(root.toRealPath());
    }

    /** A manifest of another server may hold names as they are, so a name is tried as it stands, too. */
    private Path find(String path) throws IOException {
        for (String name : List.of(PercentCoding.decode(path), path)) {
            Optional<Path> file = below(name).filter(found -> Files.isRegularFile(found, LinkOption.NOFOLLOW_LINKS));
            if (file.isPresent()) {
                return file.get();
            }
        }
        throw new NoSuchResourceException(path, "no such file in " + root);
    }

    /** The file {@code path} leads to, every link on the way followed, if it lies inside the root. */
    private Optional<Path> below(String path) throws IOException {
        Optional<Path> place = ReleaseLayout.placeOf(path, root);
        return place.isPresent() ? real(place.get()) : Optional.empty();
    }

    private Optional<Path> real(Path file) throws IOException {
        try {
            Path real = file.toRealPath();
            return real.startsWith(root.toRealPath()) ? Optional.of(real) : Optional.empty();
        } catch (FileSystemException e) {
            return Optional.empty(); // missing, below a file, too long, a loop of links
        }
    }

    private record Listing(List<LooseVersion> releases, List<Image> images) {}

    private record Image(LooseVersion version, String name) {}
}
