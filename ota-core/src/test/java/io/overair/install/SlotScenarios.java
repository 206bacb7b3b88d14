package io.overair.install;

import static io.overair.install.Device.FIRMWARE;
import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.after;
import static io.overair.install.Device.offer;
import static io.overair.install.UpdateScenarios.OFFER;
import static io.overair.install.UpdateScenarios.both;
import static io.overair.install.UpdateScenarios.disk;
import static io.overair.install.UpdateScenarios.firmware;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.install.CrashDisk.Lack;
import io.overair.install.Device.Offer;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What an installation with slots is put through. More is asked of it than of one in place: at every cut, before anything
 * was recovered, a program that follows {@code current} finds exactly the old or exactly the new tree.
 */
final class SlotScenarios {
    private static final Path CURRENT = ROOT.resolve("current");
    private static final Path RELEASES = ROOT.resolve("releases");
    private static final Device SLOTS = new Device(SlotScenarios::options);

    /** What every release here has and no update touches. */
    private static final Map<String, String> SAME =
            Map.of("flash/same.py", "same", "data/empty/", "", "link", "-> data");

    private static final Map<String, String> OLD = and(SAME, UpdateScenarios.OLD);
    private static final Map<String, String> NEW = and(SAME, UpdateScenarios.NEW);
    private static final Offer NEXT =
            offer("1.0.2").file("flash/main.py", "newest").without("flash/new/deep/er.py");
    private static final Map<String, String> NEWEST =
            and(SAME, Map.of("flash/main.py", "newest", "flash/OTA_VERSION.py", "VERSION = '1.0.2'\n"));

    private SlotScenarios() {}

    private static Map<String, String> and(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(some);
        all.putAll(more);
        return all;
    }

    private static InstallationOptions options(FilePort port) {
        return InstallationOptions.defaults().withLayout(Layout.SLOTS);
    }

    static List<Scenario> all() {
        return List.of(
                firstInstall(),
                switching(),
                switchingAfterAnUpdateInPlace(),
                switchingRolledBack(),
                switchingUndone(),
                update(),
                rollback(),
                secondUpdate(),
                secondUpdateWithMoreSlotsKept(),
                updateAfterRollback(),
                updateUndone(),
                typeChanges(),
                withoutHardLinks(),
                withoutModes(),
                writtenInPlace(),
                locallyChangedFileIsKept(),
                firmwareWithFiles(),
                firmwareRollback(),
                rejection(),
                switchingRejected());
    }

    private static Scenario firstInstall() {
        Map<String, String> first = Map.of("flash/main.py", "main", "flash/OTA_VERSION.py", "VERSION = '1'\n");
        Offer offer = offer("1").file("flash/main.py", "main");
        return scenario("first install", disk(Map.of()), SLOTS.update("u", offer.manifest()), Map.of(), first);
    }

    static Scenario switching() {
        return scenario("switching", disk(OLD), SLOTS.update("u", OFFER.manifest()), OLD, NEW);
    }

    private static Scenario switchingAfterAnUpdateInPlace() {
        CrashDisk updated = after(disk(OLD), Device.plain().update("i", OFFER.manifest()));
        return scenario("switching after an update in place", updated, SLOTS.update("u", NEXT.manifest()), NEW, NEWEST);
    }

    static Scenario switchingRolledBack() {
        Scenario scenario = scenario("switching rolled back", switched(), SLOTS.rollBack("b"), NEW, OLD);
        return scenario.judgedBy(both(scenario.judge(), disk -> isAsItWasInPlace(disk) ? Verdict.NEW : Verdict.OLD));
    }

    private static Scenario switchingUndone() {
        Scenario scenario = undone("switching that is undone", disk(OLD));
        return scenario.judgedBy(both(scenario.judge(), disk -> isAsItWasInPlace(disk) ? Verdict.OLD : Verdict.NEW));
    }

    /** Nothing is left of the slots, neither link nor folder. */
    private static boolean isAsItWasInPlace(CrashDisk disk) {
        return disk.tree(ROOT).equals(disk(OLD).tree(ROOT));
    }

    static Scenario update() {
        return scenario("update", installed(), SLOTS.update("v", OFFER.manifest()), OLD, NEW);
    }

    static Scenario rollback() {
        return scenario("rollback", updated(), Device.plain().rollBack("b"), NEWEST, NEW);
    }

    static Scenario secondUpdate() {
        return keeping("second update", Layout.SLOTS, 2);
    }

    private static Scenario secondUpdateWithMoreSlotsKept() {
        return keeping("second update with more slots kept", Layout.slotsKeeping(2), 3);
    }

    /** The two slots before it, and then those that are to be kept. */
    private static Scenario keeping(String name, Layout layout, int slots) {
        Device device = new Device(port -> InstallationOptions.defaults().withLayout(layout));
        Scenario scenario = scenario(name, updated(), device.update("w", OFFER.manifest()), NEWEST, NEW);
        return scenario.judgedBy(disk -> {
            Verdict verdict = scenario.judge().apply(disk);
            try {
                return disk.list(RELEASES).size() == (verdict == Verdict.NEW ? slots : 2) ? verdict : Verdict.TORN;
            } catch (IOException e) {
                return Verdict.TORN;
            }
        });
    }

    private static Scenario updateAfterRollback() {
        CrashDisk rolledBack = after(updated(), SLOTS.rollBack("b"));
        return scenario("update after a rollback", rolledBack, SLOTS.update("w", NEXT.manifest()), NEW, NEWEST);
    }

    static Scenario updateUndone() {
        return undone("update that is undone", installed());
    }

    private static Scenario typeChanges() {
        Map<String, String> before =
                Map.of("a", "file", "b/x", "x", "b/empty/", "", "c", "-> d", "d", "d", "e/mine", "mine", "f", "-> d");
        Map<String, String> then = Map.of("a/y", "y", "b", "file", "c", "c", "d", "d", "e/mine", "mine", "f", "-> d");
        Offer offer = offer("3")
                .without("a")
                .file("a/y", "y")
                .without("b/x")
                .file("b", "file")
                .file("c", "c");
        CrashDisk inSlots =
                after(disk(before), SLOTS.update("u", offer("2").file("d", "d").manifest()));
        return scenario("type changes", inSlots, SLOTS.update("v", offer.manifest()), before, then);
    }

    private static Scenario withoutHardLinks() {
        return scenario("no hard links", disk(OLD, Lack.HARD_LINKS), SLOTS.update("u", OFFER.manifest()), OLD, NEW);
    }

    private static Scenario withoutModes() {
        return scenario(
                "no modes",
                SLOTS,
                disk(OLD, Lack.MODES),
                SLOTS.update("u", OFFER.manifest()),
                new View(disk(OLD, Lack.MODES), disk(NEW, Lack.MODES)));
    }

    private static Scenario writtenInPlace() {
        Device device = new Device(port -> options(port).withWrittenInPlace(path -> true));
        return scenario("files written in place", device, switched(), device.update("v", NEXT.manifest()), NEW, NEWEST);
    }

    private static Scenario locallyChangedFileIsKept() {
        Device device = new Device(port -> options(port).withLocalChanges(path -> LocalChanges.KEEP));
        CrashDisk changed = after(
                after(
                        disk(Map.of()),
                        device.update(
                                "u", offer("1").file("a", "ours").file("b", "b").manifest())),
                port -> {
                    Path slot = ROOT.resolve(port.status(CURRENT).target());
                    port.unlink(slot.resolve("a"));
                    new Disk(port)
                            .write(
                                    slot.resolve("a"),
                                    "mine".getBytes(UTF_8),
                                    new Attributes(0644, Attributes.NO_OWNER),
                                    slot.resolve("a"));
                });
        return scenario(
                "a locally changed file is kept",
                device,
                changed,
                device.update(
                        "v", offer("2").file("a", "theirs").file("b", "b2").manifest()),
                Map.of("a", "mine", "b", "b"),
                Map.of("a", "mine", "a.ota-new", "theirs", "b", "b2"));
    }

    static Scenario firmwareWithFiles() {
        Device device = withTwoSlots();
        return withFirmware(
                "firmware with files",
                device,
                switched().with(FIRMWARE, Map.of("slot-a.img", "old image", "active", "a\n")),
                device.update("v", NEXT.firmware("new image").manifest()),
                new View(disk(NEW), disk(NEWEST)),
                firmware("old image", "new image"));
    }

    private static Scenario firmwareRollback() {
        Device device = withTwoSlots();
        CrashDisk updated = after(
                switched().with(FIRMWARE, Map.of("slot-a.img", "old image", "active", "a\n")),
                device.update("v", NEXT.firmware("new image").manifest()));
        return withFirmware(
                "rollback with firmware",
                device,
                updated,
                device.rollBack("b"),
                new View(disk(NEWEST), disk(NEW)),
                firmware("new image", "old image"));
    }

    /** The next open takes it back, which is what recovery is. */
    static Scenario rejection() {
        return rejected("a release on trial is rejected", installed(), OLD);
    }

    private static Scenario switchingRejected() {
        return rejected("a release on trial, with which the slots came, is rejected", disk(OLD), OLD);
    }

    private static Scenario rejected(String name, CrashDisk before, Map<String, String> old) {
        LooseVersion release = LooseVersion.parse(OFFER.version());
        Device trying = new Device(port -> options(port).withTrial(Trial.of(2, Duration.ofMinutes(10))));
        Device settled = Device.plain();
        Scenario.Run reject = port -> {
            try (Installation installation = settled.open(port, "j")) {
                installation.reject(release, "bad");
            }
        };
        CrashDisk onTrial = after(before, trying.update("t", OFFER.manifest()));
        Scenario scenario = scenario(name, settled, onTrial, reject, NEW, old);
        return scenario.judgedBy(both(scenario.judge(), disk -> {
            State state = state(disk);
            if (state.trial().isPresent()) {
                return Verdict.OLD;
            }
            boolean isTakenBack = state.isBlocked(release)
                    && state.report().outcome() == Outcome.ROLLED_BACK
                    && state.wayBack().isEmpty();
            return isTakenBack ? Verdict.NEW : Verdict.TORN;
        }));
    }

    private static State state(CrashDisk disk) {
        try {
            return StateFolder.below(new Disk(disk), ROOT).readState();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A device in place gets slots, and its hooks leave marks. */
    static Scenario switchingWithHooks() {
        return withHooks("switching with hooks", disk(OLD), OLD);
    }

    /** From slot to slot. */
    static Scenario updateWithHooks() {
        return withHooks("update with hooks", installed(), OLD);
    }

    private static Scenario withHooks(String name, CrashDisk before, Map<String, String> old) {
        Device hooked = new Device(port ->
                options(port).withHook(new MarkingHook("first", port)).withHook(new MarkingHook("second", port)));
        CrashDisk marked = before.with(MarkingHook.MARKS, Map.of());
        return scenario(name, hooked, marked, hooked.update("u", OFFER.manifest()), old, NEW);
    }

    private static Device withTwoSlots() {
        return new Device(port -> options(port).withFirmware(TwoSlotFiles.inDirectory(FIRMWARE, port)));
    }

    /** Between link and firmware recovery is needed; what the link leads to is whole at any time. */
    private static Scenario withFirmware(
            String name,
            Device device,
            CrashDisk before,
            Scenario.Run run,
            View view,
            Function<CrashDisk, Verdict> firmware) {
        Scenario scenario = scenario(name, device, before, run, view);
        return scenario.judgedBy(both(scenario.judge(), firmware));
    }

    /** A device with {@link #OLD} in its first slot. */
    private static CrashDisk installed() {
        Offer old = offer("1.0.0").file("flash/main.py", "old main").file("flash/lib/gone.py", "gone");
        return after(disk(SAME), SLOTS.update("o", old.manifest()));
    }

    /** A device with {@link #NEW} in a slot that was made of a tree in place. */
    static CrashDisk switched() {
        return after(disk(OLD), SLOTS.update("u", OFFER.manifest()));
    }

    /** Once more updated, to {@link #NEWEST}. */
    private static CrashDisk updated() {
        return after(switched(), SLOTS.update("v", NEXT.manifest()));
    }

    private static Scenario undone(String name, CrashDisk before) {
        Device device = new Device(port -> options(port).withFirmware(new UpdateScenarios.RefusingWriter()));
        Scenario.Run update = device.update("x", OFFER.firmware("image").manifest());
        Scenario.Run run = port -> {
            try {
                update.on(port);
                throw new IllegalStateException("it should have been undone");
            } catch (UpdateUndoneException expected) {
                // and so it was
            }
        };
        return scenario(name, device, before, run, OLD, NEW).endingIn(Verdict.OLD);
    }

    private static Scenario scenario(
            String name, CrashDisk before, Scenario.Run run, Map<String, String> old, Map<String, String> then) {
        return scenario(name, SLOTS, before, run, old, then);
    }

    private static Scenario scenario(
            String name,
            Device device,
            CrashDisk before,
            Scenario.Run run,
            Map<String, String> old,
            Map<String, String> then) {
        return scenario(name, device, before, run, new View(disk(old), disk(then)));
    }

    private static Scenario scenario(String name, Device device, CrashDisk before, Scenario.Run run, View view) {
        Scenario.Run recovery = port -> {
            if (view.of(port) == Verdict.TORN) {
                throw new IllegalStateException("before recovery a reader finds neither the old tree nor the new one");
            }
            device.recover(port);
        };
        return Scenario.of("slots: " + name, before, run, recovery, disk -> {
            try {
                return isTidy(disk) ? view.of(disk) : Verdict.TORN;
            } catch (IOException e) {
                return Verdict.TORN;
            }
        });
    }

    /**
     * A scenario of {@link #OLD} and {@link #NEW} that asks for more: what is installed is what was installed, and both
     * ways are open. From the new tree a rollback leads to the old one, from the old one an update to the new one.
     */
    static Scenario whole(Scenario scenario) {
        View view = new View(disk(OLD), disk(NEW));
        return scenario.judgedBy(disk -> {
            Verdict verdict = scenario.judge().apply(disk);
            CrashDisk copy = disk.copy();
            try (Installation installation = SLOTS.open(copy, "judge")) {
                boolean isOld = verdict == Verdict.OLD;
                if (!installation.verify().isEmpty()) {
                    return Verdict.TORN;
                }
                if (isOld) {
                    Device.install(installation, OFFER.manifest());
                } else {
                    installation.rollBack();
                }
                return view.of(copy) == (isOld ? Verdict.NEW : Verdict.OLD) ? verdict : Verdict.TORN;
            } catch (IOException e) {
                return Verdict.TORN;
            }
        });
    }

    /** Every slot is known; there are slots that may be entered and a link, or neither; and the state knows which. */
    private static boolean isTidy(CrashDisk disk) throws IOException {
        StateFolder state = StateFolder.below(new Disk(disk), ROOT);
        List<String> slots = namesIn(disk, RELEASES);
        boolean hasSlots = state.readState().layout() instanceof Layout.Slots;
        Attributes open = disk.status(ROOT).attributes();
        boolean areOpen = slots.stream()
                .allMatch(
                        slot -> disk.status(RELEASES.resolve(slot)).attributes().equals(open));
        return slots.equals(namesIn(disk, state.slots()))
                && areOpen
                && (!hasSlots || disk.status(RELEASES).attributes().equals(open))
                && hasSlots != slots.isEmpty()
                && hasSlots == disk.status(CURRENT).isLink();
    }

    private static List<String> namesIn(CrashDisk disk, Path folder) throws IOException {
        return disk.status(folder).isFolder() ? disk.list(folder) : List.of();
    }

    /** What a program finds that goes through the link if there is one. */
    private record View(TreeImage old, TreeImage then) {
        View(CrashDisk old, CrashDisk then) {
            this(old.tree(ROOT), then.tree(ROOT));
        }

        Verdict of(FilePort port) throws IOException {
            TreeImage found = found(port);
            return found.equals(old) ? Verdict.OLD : found.equals(then) ? Verdict.NEW : Verdict.TORN;
        }

        private static TreeImage found(FilePort port) throws IOException {
            FileStatus current = port.status(CURRENT);
            if (current.isAbsent()) {
                TreeMap<String, TreeImage.Entry> inPlace =
                        new TreeMap<>(TreeImage.of(port, ROOT).entries());
                inPlace.keySet().removeIf(path -> path.equals("releases") || path.startsWith("releases/"));
                return new TreeImage(inPlace);
            }
            Path slot = ROOT.resolve(current.target());
            if (!port.status(slot).isFolder()) {
                throw new NoSuchFileException(slot.toString());
            }
            return TreeImage.of(port, slot);
        }
    }
}
