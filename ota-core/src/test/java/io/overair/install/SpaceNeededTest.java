package io.overair.install;

import static io.overair.install.Device.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.install.CrashDisk.Lack;
import io.overair.manifest.Manifest;
import io.overair.manifest.Target;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where all sizes are known, an update for which there is too little room is refused before anything is fetched. Any other
 * comes to its end, and leaves free at all times what is to be left free.
 */
class SpaceNeededTest {
    private static final int FLOOR = 50_000;
    private static final int STEP = 20_000;
    private static final int MOST = 5_000_000;
    private static final Trial TRIAL = Trial.of(2, Duration.ofMinutes(10));
    private static final String OLD = "o".repeat(300_000);
    private static final String NEW = "n".repeat(200_000);
    private static final Manifest RELEASE = manifest("2", List.of(Sized.file("file", NEW)));

    /**
     * Something that takes room.
     *
     * @param user what stands between the updater and the disk
     */
    private record Case(
            String name,
            UnaryOperator<InstallationOptions> options,
            UnaryOperator<FilePort> user,
            Supplier<CrashDisk> disk,
            Manifest manifest) {
        Case onTrial() {
            return new Case(name + ", on trial", other -> options.apply(other).withTrial(TRIAL), user, disk, manifest);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        UnaryOperator<FilePort> root = UnaryOperator.identity();
        UnaryOperator<InstallationOptions> plain = UnaryOperator.identity();
        Case linked = new Case("backups by link", plain, root, SpaceNeededTest::large, RELEASE);
        Case copied = new Case(
                "written in place",
                options -> options.withWrittenInPlace(path -> true),
                root,
                SpaceNeededTest::large,
                RELEASE);
        Case withoutLinks = new Case("without links", plain, root, () -> large(Lack.LINKS, Lack.MODES), RELEASE);
        Case refused = new Case(
                "hard links refused", plain, Unprivileged::new, () -> large().madeBy(Unprivileged.SELF), RELEASE);
        Case refusedInSlots = new Case(
                "hard links refused, in slots",
                options -> options.withLayout(Layout.SLOTS),
                Unprivileged::new,
                () -> large().madeBy(Unprivileged.SELF),
                manifest("2", List.of(Sized.file("other", NEW))));
        Case longList = new Case("a long list", plain, root, SpaceNeededTest::installed, RELEASE);
        Case rightAlready =
                new Case("much that is right already", plain, root, SpaceNeededTest::many, manifest("2", smallFiles()));
        Case onACard = new Case(
                "on a card, too",
                options -> options.withWrittenInPlace(path -> path.value().startsWith("sd/")),
                root,
                () -> large().with(Path.of("/card"), Map.of("file", OLD))
                        .with(ROOT.resolve("sd"), Map.of())
                        .bind(Path.of("/card"), ROOT.resolve("sd")),
                manifest("2", List.of(Sized.file("file", NEW), Sized.file("sd/file", NEW))));
        return List.of(
                linked,
                linked.onTrial(),
                copied,
                copied.onTrial(),
                withoutLinks,
                withoutLinks.onTrial(),
                refused,
                refused.onTrial(),
                refusedInSlots,
                refusedInSlots.onTrial(),
                longList,
                longList.onTrial(),
                rightAlready.onTrial(),
                onACard.onTrial());
    }

    private static CrashDisk large(Lack... lacks) {
        return new CrashDisk(lacks).with(ROOT, Map.of("file", OLD));
    }

    private static CrashDisk many() {
        Map<String, String> tree = new TreeMap<>();
        smallFiles().forEach(file -> tree.put(file.path().value(), content(file)));
        return large().with(ROOT, tree);
    }

    private static CrashDisk installed() {
        return Device.after(many(), Device.plain().update("i", manifest("1", smallFiles())));
    }

    private static List<TargetFile> smallFiles() {
        return IntStream.range(0, 1000)
                .mapToObj(number -> "small/" + number)
                .map(path -> Sized.file(path, path))
                .toList();
    }

    private static Manifest manifest(String version, List<TargetFile> files) {
        return new Manifest(
                LooseVersion.parse(version), Optional.empty(), files, List.of(), List.of(), Optional.empty());
    }

    private static String content(Target target) {
        return target.reference().startsWith("small/") ? target.reference() : NEW;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void updateIsRefusedAtOnceOrHasRoomToItsEnd(Case offered) throws IOException {
        CrashDisk before = offered.disk().get();
        long used = MOST - before.capacity(MOST).usableSpace(ROOT);
        int room = FLOOR;
        while (!installs(offered, before.copy().capacity(used + room))) {
            room += STEP;
        }

        assertThat(room).isBetween(FLOOR + STEP, MOST);
        System.out.printf("%s: %d bytes of room%n", offered, room);
    }

    /** Whether it begins; then it must come to its end. */
    private static boolean installs(Case offered, CrashDisk disk) throws IOException {
        Device device = new Device(
                port -> offered.options().apply(InstallationOptions.defaults().withFreeSpaceFloor(FLOOR)));
        FilePort port = offered.user().apply(watched(disk));
        try (Installation installation = device.open(port, "u")) {
            UpdateTransaction transaction;
            try {
                transaction = installation.begin(offered.manifest());
            } catch (InsufficientSpaceException e) {
                return false;
            }
            for (Target target : transaction.missing()) {
                transaction.stage(target, 0, Device.stream(content(target)));
            }
            transaction.commit();
            return true;
        }
    }

    static List<Case> trials() {
        return cases().stream()
                .filter(offered -> offered.name().endsWith("on trial"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("trials")
    void trialIsUndoneThoughNoRoomIsLeft(Case offered) throws IOException {
        CrashDisk disk = offered.disk().get();
        TreeImage before = disk.tree(ROOT);
        Device device = new Device(port -> offered.options().apply(InstallationOptions.defaults()));
        FilePort port = offered.user().apply(disk);
        try (Installation installation = device.open(port, "u");
                UpdateTransaction transaction = installation.begin(offered.manifest())) {
            for (Target target : transaction.missing()) {
                transaction.stage(target, 0, Device.stream(content(target)));
            }
            transaction.commit();
        }
        disk.capacity(MOST);
        disk.capacity(MOST - disk.usableSpace(ROOT));

        device.rollBack("b").on(port);

        assertThat(contents(disk.tree(ROOT))).isEqualTo(contents(before));
    }

    /** Without owners, which an updater that is not root does not bring back. */
    private static Map<String, Bytes> contents(TreeImage tree) {
        Map<String, Bytes> contents = new TreeMap<>();
        tree.entries().forEach((path, entry) -> contents.put(path, entry.content()));
        return contents;
    }

    private static FilePort watched(CrashDisk disk) {
        return new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                call.run();
                if (operation.kind() == Operation.Kind.WRITE) {
                    assertThat(disk.usableSpace(ROOT)).as("after %s", operation).isGreaterThanOrEqualTo(FLOOR);
                }
            }
        };
    }
}
