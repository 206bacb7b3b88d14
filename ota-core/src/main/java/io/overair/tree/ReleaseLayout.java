package io.overair.tree;

import io.overair.manifest.DevicePath;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.PercentCoding;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How the Pycom OTA example lays releases out, whoever carries them: a folder for each version with the files of a device
 * in it, and beside the folders images named {@code firmware_VERSION.bin} or {@code .hex}.
 */
public final class ReleaseLayout {
    /** What the name of every firmware image starts with. */
    public static final String FIRMWARE_PREFIX = "firmware_";

    private static final Pattern FIRMWARE_NAME = Pattern.compile(FIRMWARE_PREFIX + "([0-9A-Za-z.]+)\\.(?:bin|hex)");

    private ReleaseLayout() {}

    /**
     * The version that {@code fileName} holds, if it is the name of a firmware image.
     *
     * <p>The Pycom server searches for the pattern anywhere in a name, and so offers {@code firmware_1.0.1.bin.sig} to be
     * flashed. That is not copied: the name has to be of that form as a whole.
     */
    public static Optional<LooseVersion> firmwareVersion(String fileName) {
        Matcher name = FIRMWARE_NAME.matcher(fileName);
        return name.matches() ? Optional.of(LooseVersion.parse(name.group(1))) : Optional.empty();
    }

    /**
     * Where the file that {@code path} names would be below {@code root}, links not looked at; empty if it names none there.
     * Names are never given to {@link Path#resolve(Path)} unseen: an absolute one would replace the root.
     *
     * @param path names separated by slashes, as somebody from outside wrote them
     */
    public static Optional<Path> placeOf(String path, Path root) {
        Path place = root;
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return Optional.empty();
            }
            try {
                Path next = place.resolve(name);
                if (!place.equals(next.getParent())) {
                    return Optional.empty();
                }
                place = next;
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        }
        return Optional.of(place);
    }

    /**
     * Releases or images in the one order there is for them, the one to offer last: by version, and those whose versions
     * compare as equal by name, the first by code point last.
     */
    public static <T> List<T> sorted(Stream<T> items, Function<T, LooseVersion> version, Function<T, String> name) {
        Comparator<T> byName =
                (left, right) -> Arrays.compare(codePoints(name.apply(left)), codePoints(name.apply(right)));
        return items.sorted(Comparator.comparing(version).thenComparing(byName.reversed()))
                .toList();
    }

    /**
     * What brings a device from the files of one release to those of another. References are paths below the folder that
     * holds the releases, percent-encoded.
     *
     * @param previous the version of {@code before}, empty if that is no release
     * @throws IllegalArgumentException if a file that both trees have has no digest algorithm in common
     */
    public static Manifest manifest(
            Optional<LooseVersion> previous,
            FileTree before,
            LooseVersion next,
            FileTree after,
            Optional<FirmwareImage> firmware) {
        TreeDiff difference = before.diffTo(after);
        return new Manifest(
                next,
                previous,
                targets(next, difference.added()),
                targets(next, difference.changed()),
                List.copyOf(difference.removed().keySet()),
                firmware);
    }

    /** The image in the file {@code name} beside the releases. */
    public static FirmwareImage firmwareImage(String name, FileEntry entry) {
        return new FirmwareImage(PercentCoding.encodePath(name), entry.digests(), OptionalLong.of(entry.size()));
    }

    private static List<TargetFile> targets(LooseVersion release, SortedMap<DevicePath, FileEntry> files) {
        return files.entrySet().stream()
                .map(file -> new TargetFile(
                        file.getKey(),
                        PercentCoding.encodePath(release + "/" + file.getKey()),
                        file.getValue().digests(),
                        OptionalLong.of(file.getValue().size())))
                .toList();
    }

    private static int[] codePoints(String text) {
        return text.codePoints().toArray();
    }
}
