package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.overair.install.Operation.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is looked at before something is done, each with a disk on which it has to be refused. A guard that is dropped, because
 * its questions are answered as if all were well, lets something else happen than the refusal, so its test would fail.
 */
class GuardsTest {
    private static final Path ROOT = Device.ROOT;
    private static final Path STATE = ROOT.resolve(".ota");
    private static final Path SD = ROOT.resolve("sd");
    private static final Path ELSEWHERE = Path.of("/elsewhere");
    private static final Device DEVICE = Device.plain();

    /**
     * @param well a disk on which nothing is to be refused
     * @param bad the same, but for one thing
     * @param questions those that the guard asks
     */
    private record Guard(
            String name,
            CrashDisk well,
            CrashDisk bad,
            Predicate<Operation> questions,
            Scenario.Run run,
            Class<? extends IOException> refusal) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Change {
        void on(CrashDisk disk) throws IOException;
    }

    private static CrashDisk changed(CrashDisk disk, Change change) {
        return Device.after(disk, port -> change.on((CrashDisk) port));
    }

    private static Predicate<Operation> at(Path path) {
        return question -> question.path().startsWith(path);
    }

    private static Predicate<Operation> kind(Kind kind) {
        return question -> question.kind() == kind;
    }

    private static CrashDisk device(Map<String, String> tree) {
        return new CrashDisk()
                .with(ROOT, tree)
                .with(ELSEWHERE, Map.of("main", "not ours"))
                .with(Path.of("/proc/self"), Map.of("status", "Uid:\t1000\t1000\t1000\t1000\n"));
    }

    private static void replace(CrashDisk disk, Path file, String content) throws IOException {
        disk.unlink(file);
        disk.with(file.getParent(), Map.of(String.valueOf(file.getFileName()), content));
    }

    private static Scenario.Run update(String run) {
        return DEVICE.update(run, Device.offer("2").file("flash/main", "new").manifest());
    }

    private static final CrashDisk PLAIN = device(Map.of("flash/main", "old"));
    private static final CrashDisk INSTALLED = Device.after(PLAIN, update("u"));

    static List<Guard> guards() {
        CrashDisk onCard = Device.after(
                device(Map.of("sd/", "")).mount(SD).with(SD, Map.of("a", "old")),
                DEVICE.update("u", Device.offer("1").file("sd/a", "1").manifest()));
        Scenario.Run updateOfCard =
                DEVICE.update("v", Device.offer("2").file("sd/a", "2").manifest());
        CrashDisk cut = Recording.of(PLAIN, update("u"), port -> port).disks().stream()
                .filter(disk -> disk.status(STATE.resolve("txn/u0/plan")).isFile())
                .findFirst()
                .orElseThrow()
                .afterKill()
                .settle();
        Device failing = new Device(port -> InstallationOptions.defaults().withLocalChanges(path -> LocalChanges.FAIL));
        Scenario.Run updateOnceMore =
                DEVICE.update("v", Device.offer("3").file("flash/main", "newer").manifest());
        Device slots = new Device(port -> InstallationOptions.defaults().withLayout(Layout.SLOTS));
        CrashDisk folder = device(Map.of("flash/main", "old", "lib/ours", "ours"));
        Device.Offer fileForFolder = Device.offer("2").file("lib", "a file").without("lib/ours");
        return List.of(
                new Guard(
                        "another updater holds the lock",
                        INSTALLED,
                        INSTALLED,
                        kind(Kind.LOCK),
                        updateOnceMore,
                        InstallationLockedException.class),
                new Guard(
                        "others may write into the state folder",
                        INSTALLED,
                        changed(INSTALLED, disk -> disk.setAttributes(STATE, new Attributes(0777, CrashDisk.OWNER))),
                        at(STATE),
                        DEVICE::recover,
                        UntrustedStateException.class),
                new Guard(
                        "the state folder belongs to another user",
                        INSTALLED,
                        changed(INSTALLED, disk -> disk.setAttributes(STATE, new Attributes(0700, "2000:2000"))),
                        at(STATE),
                        DEVICE::recover,
                        UntrustedStateException.class),
                new Guard(
                        "the state is spoilt",
                        INSTALLED,
                        changed(INSTALLED, disk -> replace(disk, STATE.resolve("state"), "spoilt")),
                        at(STATE.resolve("state")),
                        DEVICE::recover,
                        UntrustedStateException.class),
                new Guard(
                        "the plan is spoilt",
                        cut,
                        changed(cut, disk -> replace(disk, STATE.resolve("txn/u0/plan"), "spoilt")),
                        at(STATE.resolve("txn/u0/plan")),
                        DEVICE::recover,
                        UntrustedStateException.class),
                new Guard(
                        "something is mounted above what the plan changes since it was cut",
                        cut,
                        changed(cut, disk -> disk.bind(ELSEWHERE, ROOT.resolve("flash"))),
                        question -> question.kind() == Kind.MOUNTS
                                || at(ROOT.resolve("flash")).test(question),
                        DEVICE::recover,
                        RollbackFailedException.class),
                new Guard(
                        "a link stands where a folder should",
                        PLAIN,
                        device(Map.of("flash", "-> " + ELSEWHERE)),
                        at(ROOT.resolve("flash")),
                        update("u"),
                        ConflictException.class),
                new Guard(
                        "the card is missing",
                        onCard,
                        changed(onCard, disk -> disk.unmount(SD)),
                        question -> question.kind() == Kind.MOUNTS || at(SD).test(question),
                        updateOfCard,
                        MissingStoreException.class),
                new Guard(
                        "another card is there",
                        onCard,
                        changed(onCard, disk -> disk.unmount(SD).bind(ELSEWHERE, SD)),
                        at(SD.resolve(".ota/store")),
                        updateOfCard,
                        MissingStoreException.class),
                new Guard(
                        "the backup is not what it was",
                        INSTALLED,
                        changed(INSTALLED, disk -> replace(disk, STATE.resolve("txn/u0/old/0"), "bad")),
                        at(STATE.resolve("txn/u0/old/0")),
                        DEVICE.rollBack("b"),
                        NoWayBackException.class),
                new Guard(
                        "somebody has changed the file",
                        INSTALLED,
                        changed(INSTALLED, disk -> replace(disk, ROOT.resolve("flash/main"), "mine")),
                        at(ROOT.resolve("flash/main")),
                        failing.update(
                                "v",
                                Device.offer("3").file("flash/main", "newer").manifest()),
                        ConflictException.class),
                new Guard(
                        "a folder that has to become a file holds what is not ours",
                        folder,
                        changed(folder, disk -> disk.with(ROOT, Map.of("lib/mine", "mine"))),
                        at(ROOT.resolve("lib")),
                        DEVICE.update("u", fileForFolder.manifest()),
                        ConflictException.class),
                new Guard(
                        "a folder of others has the name of that for slots",
                        PLAIN,
                        changed(PLAIN, disk -> disk.with(ROOT, Map.of("releases/mine", "mine"))),
                        at(ROOT.resolve("releases")),
                        slots.update(
                                "u", Device.offer("2").file("flash/main", "new").manifest()),
                        ConflictException.class));
    }

    @ParameterizedTest
    @MethodSource("guards")
    void refusesAndWithoutItSomethingElseHappens(Guard guard) throws IOException {
        CrashDisk bad = bad(guard);
        TreeImage before = bad.tree(CrashDisk.ROOT);
        assertThatThrownBy(() -> guard.run().on(bad)).isInstanceOf(guard.refusal());
        assertThat(bad.tree(CrashDisk.ROOT)).isEqualTo(before);

        CrashDisk unguarded = bad(guard);
        int[] lies = {0};
        Throwable end = catchThrowable(() -> guard.run().on(new InterceptingPort(unguarded) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                call.run();
            }

            @Override
            FilePort asked(Operation question) {
                boolean lie = guard.questions().test(question);
                lies[0] += lie ? 1 : 0;
                return lie ? guard.well() : super.asked(question);
            }
        }));

        boolean isRefused = guard.refusal().isInstance(end)
                && unguarded.tree(CrashDisk.ROOT).equals(before);
        assertThat(isRefused).as("%s, after %d lies: %s", guard, lies[0], end).isFalse();
        assertThat(lies[0]).isPositive();
    }

    /** A lock lasts as long as the disk on which it is held. */
    private static CrashDisk bad(Guard guard) throws IOException {
        CrashDisk bad = guard.bad().copy();
        if (guard.refusal() == InstallationLockedException.class) {
            bad.lock(STATE.resolve("lock"));
        }
        return bad;
    }
}
