package io.overair.install;

import static io.overair.install.Device.FIRMWARE;
import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.after;
import static io.overair.install.Device.offer;

import io.overair.install.CrashDisk.Lack;
import io.overair.install.Device.Offer;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What an installation is put through: each case of an update and of a rollback that the crash tests cut. */
final class UpdateScenarios {
    private static final Device PLAIN = Device.plain();
    static final Map<String, String> OLD = Map.of(
            "flash/main.py", "old main",
            "flash/lib/gone.py", "gone",
            "flash/OTA_VERSION.py", "VERSION = '1.0.0'\n");
    static final Offer OFFER = offer("1.0.1")
            .file("flash/main.py", "new main!")
            .file("flash/new/deep/er.py", "deep")
            .without("flash/lib/gone.py");
    static final Map<String, String> NEW = Map.of(
            "flash/main.py", "new main!",
            "flash/new/deep/er.py", "deep",
            "flash/OTA_VERSION.py", "VERSION = '1.0.1'\n");

    private static final Offer OFFER_WITH_CARD = offer("2")
            .file("main", "new")
            .file("sd/data", "new data")
            .file("sd/more/x", "x")
            .without("sd/old/gone");
    private static final Map<String, String> OLD_WITH_CARD =
            Map.of("main", "old", "sd/data", "old", "sd/old/gone", "gone");
    private static final Map<String, String> NEW_WITH_CARD =
            Map.of("main", "new", "sd/data", "new data", "sd/more/x", "x");

    private UpdateScenarios() {}

    static List<Scenario> all() {
        return List.of(
                replaceAddRemove(),
                oneFileOfTheSameLength(),
                fileBecomesFolder(),
                folderBecomesFile(),
                linksAreReplacedAndRemoved(),
                firstInstallIntoAnEmptyRoot(),
                treeThatDoesNotFitTheManifest(),
                mountPoint(),
                mountPointWithoutLinks(),
                cardThatWasRightAlready(),
                cardThatIsGoneForGood(),
                bindMount(),
                folderMountedOnItself(),
                withoutHardLinks(),
                withoutLinksAndModes(),
                firmwareWithFiles(),
                firmwareRollback(),
                firmwareThatCannotBeActivated(),
                undoneUpdateThatIsTold(),
                rollback(),
                rollbackThatIsUndone(),
                rollbackOfTypeChanges(),
                rollbackByAnUnprivilegedUpdater(),
                secondUpdate(),
                updateAfterRollback(),
                updateAfterUndoneUpdate(),
                writtenInPlace(),
                extendedAttributes(),
                extendedAttributesOfCopies(),
                locallyChangedFileIsKept(),
                halfWayTreeOfThePycomClient(),
                updateOfAHalfWayTree(),
                firmwareThatCannotBeAskedFor(),
                hookThatFailsBesideFirmwareThatCannotBeAskedFor(),
                everythingAtOnce());
    }

    static Scenario replaceAddRemove() {
        return update("replace, add and remove", disk(OLD), OFFER, NEW);
    }

    static Scenario oneFileOfTheSameLength() {
        return update(
                "one file, of the same length",
                disk(Map.of("a", "old")),
                offer("2").file("a", "new"),
                Map.of("a", "new"));
    }

    static Scenario fileBecomesFolder() {
        return update(
                "a file becomes a folder",
                disk(Map.of("a", "file", "b", "b")),
                offer("2").without("a").file("a/x", "x").file("a/y/z", "z"),
                Map.of("a/x", "x", "a/y/z", "z", "b", "b"));
    }

    static Scenario folderBecomesFile() {
        return update(
                "a folder becomes a file",
                disk(Map.of("a/x", "x", "a/y/z", "z", "a/empty/", "")),
                offer("2").without("a/x").without("a/y/z").file("a", "file"),
                Map.of("a", "file"));
    }

    private static Scenario linksAreReplacedAndRemoved() {
        return update(
                "links are replaced and removed",
                disk(Map.of("a", "-> target", "b", "-> nowhere", "target", "t")),
                offer("2").file("a", "file").without("b"),
                Map.of("a", "file", "target", "t"));
    }

    private static Scenario firstInstallIntoAnEmptyRoot() {
        return update(
                "first install into an empty root",
                disk(Map.of()),
                offer("1.0.0").file("flash/main.py", "main").file("flash/lib/a.py", "a"),
                Map.of("flash/main.py", "main", "flash/lib/a.py", "a", "flash/OTA_VERSION.py", "VERSION = '1.0.0'\n"));
    }

    private static Scenario treeThatDoesNotFitTheManifest() {
        return update(
                "a tree that does not fit the manifest",
                disk(Map.of("here", "already", "lib/mine", "not of the release", "lib/gone", "gone")),
                offer("2")
                        .file("here", "already")
                        .file("missing/changed", "changed")
                        .without("never/there")
                        .without("lib/gone"),
                Map.of("here", "already", "missing/changed", "changed", "lib/mine", "not of the release"));
    }

    static Scenario mountPoint() {
        return mounted("a mount point");
    }

    private static Scenario mountPointWithoutLinks() {
        return mounted("a mount point without links and modes", Lack.LINKS, Lack.MODES);
    }

    private static Scenario mounted(String name, Lack... lacks) {
        return update(
                name,
                mountedDisk(Map.of("main", "old"), Map.of("data", "old", "old/gone", "gone"), lacks),
                OFFER_WITH_CARD,
                mountedDisk(Map.of("main", "new"), Map.of("data", "new data", "more/x", "x"), lacks));
    }

    /** Nothing is changed on it, but the list of what is installed says afterwards which one it is. */
    static Scenario cardThatWasRightAlready() {
        Map<String, String> card = Map.of("data", "right");
        Scenario update = update(
                "a card that was right already",
                mountedDisk(Map.of("main", "old"), card),
                offer("2").file("main", "new").file("sd/data", "right"),
                mountedDisk(Map.of("main", "new"), card));
        return update.judgedBy(disk -> {
            Verdict verdict = update.judge().apply(disk);
            return verdict != Verdict.NEW || knowsCard(disk) ? verdict : Verdict.TORN;
        });
    }

    /** It went with a power cut when its files were half changed; another one is in its place. */
    private static Scenario cardThatIsGoneForGood() {
        Path other = Path.of("/other");
        CrashDisk carded = new CrashDisk()
                .with(ROOT, Map.of("main", "old"))
                .mount(other)
                .with(other, Map.of("data", "of another"))
                .mount(ROOT.resolve("sd"))
                .with(ROOT.resolve("sd"), Map.of("data", "old", "old/gone", "gone"));
        FilePort cutting = new InterceptingPort(carded) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                call.run();
                if (operation.to().filter(ROOT.resolve("sd/data")::equals).isPresent()) {
                    throw new PowerCut("when all else is done");
                }
            }
        };
        try {
            PLAIN.update("u", OFFER_WITH_CARD.manifest()).on(cutting);
        } catch (PowerCut expected) {
            carded.settle();
        } catch (IOException e) {
            throw new IllegalStateException("the preparation failed", e);
        }
        CrashDisk left = carded.afterKill().unmount(ROOT.resolve("sd")).bind(other, ROOT.resolve("sd"));
        CrashDisk undone =
                after(left, port -> port.unlink(ROOT.resolve("main"))).with(ROOT, Map.of("main", "old"));
        Device replaced = new Device(port -> InstallationOptions.defaults().withReplacedStore(new DevicePath("sd")));
        return Scenario.of(
                        "a card that is gone for good when an update is cut",
                        left,
                        replaced::recover,
                        replaced::recover,
                        tree(undone, left))
                .endingIn(Verdict.OLD);
    }

    /** Without an id if the card refused one. */
    private static boolean knowsCard(CrashDisk disk) {
        try {
            Optional<String> id =
                    StateFolder.below(new Disk(disk), ROOT.resolve("sd")).storeId();
            Optional<String> known = StateFolder.below(new Disk(disk), ROOT)
                    .readInstalled()
                    .stores()
                    .get(new DevicePath("sd"));
            return known != null && (known.isEmpty() || known.equals(id));
        } catch (IOException e) {
            return false;
        }
    }

    /** A folder of the same store from elsewhere: renames end there all the same. */
    private static Scenario bindMount() {
        return update("a folder mounted by bind", boundDisk(OLD_WITH_CARD, "/data"), OFFER_WITH_CARD, NEW_WITH_CARD);
    }

    /** What a service manager does that makes all but some folders read-only. */
    private static Scenario folderMountedOnItself() {
        return update(
                "a folder mounted on itself", boundDisk(OLD_WITH_CARD, ROOT + "/sd"), OFFER_WITH_CARD, NEW_WITH_CARD);
    }

    private static CrashDisk boundDisk(Map<String, String> tree, String what) {
        Path folder = Path.of(what);
        CrashDisk disk = new CrashDisk().with(ROOT.resolve("sd"), Map.of()).with(folder, Map.of());
        return disk.bind(folder, ROOT.resolve("sd")).with(ROOT, tree);
    }

    private static CrashDisk mountedDisk(Map<String, String> tree, Map<String, String> card, Lack... lacks) {
        return new CrashDisk().with(ROOT, tree).mount(ROOT.resolve("sd"), lacks).with(ROOT.resolve("sd"), card);
    }

    private static Scenario withoutHardLinks() {
        return update("no hard links", disk(OLD, Lack.LINKS), OFFER, disk(NEW, Lack.LINKS));
    }

    private static Scenario withoutLinksAndModes() {
        return update(
                "no links, no modes", disk(OLD, Lack.LINKS, Lack.MODES), OFFER, disk(NEW, Lack.LINKS, Lack.MODES));
    }

    static Scenario firmwareWithFiles() {
        Device device = Device.withTwoSlots();
        return Scenario.of(
                "firmware with files",
                disk(OLD).with(FIRMWARE, Map.of("slot-a.img", "old image", "active", "a\n")),
                device.update("u", OFFER.firmware("new image").manifest()),
                device::recover,
                both(tree(disk(OLD), disk(NEW)), firmware("old image", "new image")));
    }

    static Scenario firmwareRollback() {
        Device device = Device.withTwoSlots();
        CrashDisk updated = after(
                disk(OLD).with(FIRMWARE, Map.of("slot-a.img", "old image", "active", "a\n")),
                device.update("u", OFFER.firmware("new image").manifest()));
        return Scenario.of(
                "rollback with firmware",
                updated,
                device.rollBack("b"),
                device::recover,
                both(tree(disk(NEW), disk(OLD)), firmware("new image", "old image")));
    }

    /** The firmware writer refuses, so everything has to go back. */
    static Scenario firmwareThatCannotBeActivated() {
        Device device = new Device(port -> InstallationOptions.defaults().withFirmware(new RefusingWriter()));
        Scenario.Run update = device.update("u", OFFER.firmware("image").manifest());
        return Scenario.of(
                        "firmware that cannot be activated",
                        disk(OLD),
                        port -> {
                            try {
                                update.on(port);
                                throw new IllegalStateException("it should have been undone");
                            } catch (UpdateUndoneException expected) {
                                // and so it was
                            }
                        },
                        device::recover,
                        tree(disk(OLD), disk(NEW)))
                .endingIn(Verdict.OLD);
    }

    /** That it was undone is known for good, once that has been said. */
    static Scenario undoneUpdateThatIsTold() {
        Scenario undone = firmwareThatCannotBeActivated();
        return undone.named("an update that is undone, and is known to be")
                .judgedBy(disk -> {
                    Verdict verdict = undone.judge().apply(disk);
                    boolean isKnown = state(disk).report().outcome() == Outcome.UNDONE;
                    return verdict != Verdict.OLD ? Verdict.TORN : isKnown ? Verdict.NEW : Verdict.OLD;
                })
                .endingIn(Verdict.NEW);
    }

    private static State state(CrashDisk disk) {
        try {
            return StateFolder.below(new Disk(disk), ROOT).readState();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As by a command: the verified image is what is made active, and nobody can tell afterwards. */
    static Scenario firmwareThatCannotBeAskedFor() {
        Device device = new Device(port -> InstallationOptions.defaults().withFirmware(new BlindWriter(port)));
        return Scenario.of(
                "firmware of which nobody can tell what is active",
                disk(OLD).with(FIRMWARE, Map.of("flashed", "old image")),
                device.update("u", OFFER.firmware("new image").manifest()),
                device::recover,
                both(tree(disk(OLD), disk(NEW)), flashed("old image", "new image")));
    }

    /** There is no way back from such firmware, so whoever may object is asked before. */
    static Scenario hookThatFailsBesideFirmwareThatCannotBeAskedFor() {
        Device device = new Device(port -> InstallationOptions.defaults()
                .withFirmware(new BlindWriter(port))
                .withHook(new HookScenarios.RefusingHook(HookEvent.AFTER_APPLY)));
        return Scenario.of(
                        "a hook fails beside firmware of which nobody can tell what is active",
                        disk(OLD).with(FIRMWARE, Map.of("flashed", "old image")),
                        Scenario.refused(
                                device.update("u", OFFER.firmware("new image").manifest()),
                                UpdateUndoneException.class),
                        device::recover,
                        both(tree(disk(OLD), disk(NEW)), flashed("old image", "new image")))
                .endingIn(Verdict.OLD);
    }

    private static Function<CrashDisk, Verdict> flashed(String before, String then) {
        return disk -> {
            try {
                String image = disk.text(FIRMWARE.resolve("flashed"));
                return image.equals(before) ? Verdict.OLD : image.equals(then) ? Verdict.NEW : Verdict.TORN;
            } catch (IOException e) {
                return Verdict.TORN;
            }
        };
    }

    /** Twelve files on two stores, every kind of change, links, firmware, a trial. */
    static Scenario everythingAtOnce() {
        Device device = new Device(port -> InstallationOptions.defaults()
                .withFirmware(TwoSlotFiles.inDirectory(FIRMWARE, port))
                .withTrial(Trial.of(2, Duration.ofMinutes(10))));
        Map<String, String> card = Map.of("data", "old", "old/gone", "gone");
        Map<String, String> newCard = Map.of("data", "new data", "more/x", "x");
        CrashDisk before = mountedDisk(
                Map.of(
                        "flash/main.py", "old main",
                        "flash/lib/gone.py", "gone",
                        "flash/OTA_VERSION.py", "VERSION = '1'\n",
                        "a", "file",
                        "b/x", "x",
                        "c", "-> a",
                        "here", "already"),
                card);
        CrashDisk then = mountedDisk(
                Map.of(
                        "flash/main.py", "new main!",
                        "flash/new/deep/er.py", "deep",
                        "flash/OTA_VERSION.py", "VERSION = '2'\n",
                        "a/y", "y",
                        "b", "file",
                        "c", "c",
                        "here", "already",
                        "more", "more"),
                newCard);
        Offer offer = offer("2")
                .file("flash/main.py", "new main!")
                .file("flash/new/deep/er.py", "deep")
                .without("flash/lib/gone.py")
                .without("a")
                .file("a/y", "y")
                .without("b/x")
                .file("b", "file")
                .file("c", "c")
                .file("here", "already")
                .file("more", "more")
                .file("sd/data", "new data")
                .file("sd/more/x", "x")
                .without("sd/old/gone")
                .firmware("new image");
        return Scenario.of(
                "everything at once",
                before.with(FIRMWARE, Map.of("slot-a.img", "old image", "active", "a\n")),
                device.update("u", offer.manifest()),
                device::recover,
                both(tree(before, then), firmware("old image", "new image")));
    }

    static Scenario rollback() {
        return Scenario.of(
                "rollback",
                after(disk(OLD), PLAIN.update("u", OFFER.manifest())),
                PLAIN.rollBack("b"),
                PLAIN::recover,
                tree(disk(NEW), disk(OLD)));
    }

    /** The firmware writer took the image and refuses to switch back. */
    static Scenario rollbackThatIsUndone() {
        Device device = new Device(port -> InstallationOptions.defaults()
                .withFirmware(new OneWayWriter(TwoSlotFiles.inDirectory(FIRMWARE, port))));
        Scenario.Run rollback = device.rollBack("b");
        CrashDisk before = disk(OLD).with(FIRMWARE, Map.of("slot-a.img", "old image", "active", "a\n"));
        return Scenario.of(
                        "rollback that is undone",
                        after(
                                before,
                                Device.withTwoSlots()
                                        .update("u", OFFER.firmware("new image").manifest())),
                        port -> {
                            try {
                                rollback.on(port);
                                throw new IllegalStateException("it should have been undone");
                            } catch (UpdateUndoneException expected) {
                                // and so it was
                            }
                        },
                        device::recover,
                        asIsKnown(tree(disk(NEW), disk(OLD))))
                .endingIn(Verdict.OLD);
    }

    /** As {@code judge} says, if version and list of files are those of {@link #NEW}, with a way back. */
    private static Function<CrashDisk, Verdict> asIsKnown(Function<CrashDisk, Verdict> judge) {
        return disk -> {
            try (Installation installation = PLAIN.open(disk.copy(), "judge")) {
                boolean isKnown = installation.version().equals(Optional.of(LooseVersion.parse("1.0.1")))
                        && installation.verify().isEmpty()
                        && !installed(disk).isEmpty()
                        && state(disk).wayBack().isPresent();
                return isKnown ? judge.apply(disk) : Verdict.TORN;
            } catch (IOException e) {
                return Verdict.TORN;
            }
        };
    }

    private static Scenario rollbackOfTypeChanges() {
        Map<String, String> before = Map.of("a", "file", "b/x", "x", "b/empty/", "", "c", "-> a");
        Map<String, String> then = Map.of("a/y", "y", "b", "file", "c", "c");
        Offer offer = offer("2")
                .without("a")
                .file("a/y", "y")
                .without("b/x")
                .file("b", "file")
                .file("c", "c");
        return Scenario.of(
                "rollback of type changes",
                after(disk(before), PLAIN.update("u", offer.manifest())),
                PLAIN.rollBack("b"),
                PLAIN::recover,
                tree(disk(then), disk(before)));
    }

    /** The folder that it brings back is of a group that it is in; its own group is another one. */
    private static Scenario rollbackByAnUnprivilegedUpdater() {
        CrashDisk before = after(
                disk(OLD).madeBy(Unprivileged.SELF),
                port -> port.setAttributes(
                        ROOT.resolve("flash/lib"), new Attributes(02775, "1000:" + Unprivileged.GROUP)));
        CrashDisk updated = after(before, unprivileged(PLAIN.update("u", OFFER.manifest())));
        CrashDisk undone = after(updated, unprivileged(PLAIN.rollBack("b")));
        return Scenario.of(
                "rollback by an updater that is not root",
                updated,
                unprivileged(PLAIN.rollBack("b")),
                unprivileged(PLAIN::recover),
                tree(updated, undone));
    }

    private static Scenario.Run unprivileged(Scenario.Run run) {
        return port -> run.on(new Unprivileged(port));
    }

    private static Scenario secondUpdate() {
        Map<String, String> then = new LinkedHashMap<>(NEW);
        then.put("flash/main.py", "newest");
        then.put("flash/OTA_VERSION.py", "VERSION = '1.0.2'\n");
        return Scenario.of(
                "second update",
                after(disk(OLD), PLAIN.update("u", OFFER.manifest())),
                PLAIN.update("v", offer("1.0.2").file("flash/main.py", "newest").manifest()),
                PLAIN::recover,
                tree(disk(NEW), disk(then)));
    }

    private static Scenario updateAfterRollback() {
        CrashDisk updated = after(disk(OLD), PLAIN.update("u", OFFER.manifest()));
        return Scenario.of(
                "update after a rollback",
                after(updated, PLAIN.rollBack("b")),
                PLAIN.update("v", OFFER.manifest()),
                PLAIN::recover,
                tree(disk(OLD), disk(NEW)));
    }

    private static Scenario updateAfterUndoneUpdate() {
        CrashDisk undone = after(disk(OLD), firmwareThatCannotBeActivated().action());
        return Scenario.of(
                "update after one that was undone",
                undone,
                PLAIN.update("v", OFFER.manifest()),
                PLAIN::recover,
                tree(disk(OLD), disk(NEW)));
    }

    private static Scenario writtenInPlace() {
        Device device = new Device(port -> InstallationOptions.defaults().withWrittenInPlace(path -> true));
        return Scenario.of(
                "files written in place",
                disk(OLD),
                device.update("u", OFFER.manifest()),
                device::recover,
                tree(disk(OLD), disk(NEW)));
    }

    static Scenario extendedAttributes() {
        CrashDisk before = withUserAttributes(disk(OLD));
        return Scenario.of(
                "extended attributes",
                before,
                PLAIN.update("u", OFFER.manifest()),
                PLAIN::recover,
                keepingUserAttributes(tree(disk(OLD), disk(NEW))));
    }

    private static Scenario extendedAttributesOfCopies() {
        CrashDisk before = withUserAttributes(disk(OLD, Lack.LINKS));
        return Scenario.of(
                "extended attributes of copies",
                after(before, PLAIN.update("u", OFFER.manifest())),
                PLAIN.rollBack("b"),
                PLAIN::recover,
                keepingUserAttributes(tree(disk(NEW, Lack.LINKS), disk(OLD, Lack.LINKS))));
    }

    private static CrashDisk withUserAttributes(CrashDisk disk) {
        return disk.withUserAttributes(ROOT.resolve("flash/main.py"), "origin=factory")
                .withUserAttributes(ROOT.resolve("flash/OTA_VERSION.py"), "backup=no");
    }

    private static Function<CrashDisk, Verdict> keepingUserAttributes(Function<CrashDisk, Verdict> judge) {
        return disk -> disk.userAttributes(ROOT.resolve("flash/main.py")).equals("origin=factory")
                        && disk.userAttributes(ROOT.resolve("flash/OTA_VERSION.py"))
                                .equals("backup=no")
                ? judge.apply(disk)
                : Verdict.TORN;
    }

    private static Scenario locallyChangedFileIsKept() {
        Device device = new Device(port -> InstallationOptions.defaults().withLocalChanges(path -> LocalChanges.KEEP));
        CrashDisk changed = after(
                after(
                        disk(Map.of()),
                        device.update(
                                "u", offer("1").file("a", "ours").file("b", "b").manifest())),
                port -> {
                    port.unlink(ROOT.resolve("a"));
                    new Disk(port)
                            .write(
                                    ROOT.resolve("a"),
                                    "mine".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                    new Attributes(0644, Attributes.NO_OWNER),
                                    ROOT.resolve("a"));
                });
        return Scenario.of(
                "a locally changed file is kept",
                changed,
                device.update(
                        "v", offer("2").file("a", "theirs").file("b", "b2").manifest()),
                device::recover,
                tree(disk(Map.of("a", "mine", "b", "b")), disk(Map.of("a", "mine", "a.ota-new", "theirs", "b", "b2"))));
    }

    private static final Map<String, String> HALF_WAY = Map.of(
            "flash/main.py.bak", "old main",
            "flash/main.py.new", "new main!",
            "flash/lib/gone.py", "gone",
            "flash/config.bak", "the user's",
            "flash/OTA_VERSION.py", "VERSION = '1.0.0'\n");
    private static final Map<String, String> RESTORED = Map.of(
            "flash/main.py", "old main",
            "flash/main.py.new", "new main!",
            "flash/lib/gone.py", "gone",
            "flash/config.bak", "the user's",
            "flash/OTA_VERSION.py", "VERSION = '1.0.0'\n");

    private static Scenario halfWayTreeOfThePycomClient() {
        return Scenario.of(
                "a half-way tree of the Pycom client",
                disk(HALF_WAY),
                PLAIN::recover,
                PLAIN::recover,
                tree(disk(HALF_WAY), disk(RESTORED)));
    }

    private static Scenario updateOfAHalfWayTree() {
        Map<String, String> then = new LinkedHashMap<>(NEW);
        then.put("flash/main.py.new", "new main!");
        then.put("flash/config.bak", "the user's");
        return Scenario.of(
                "update of a half-way tree",
                disk(HALF_WAY),
                PLAIN.update("u", OFFER.manifest()),
                PLAIN::recover,
                tree(disk(RESTORED), disk(then)));
    }

    /**
     * A scenario about {@link #OLD} and {@link #NEW} that asks for more than the tree: the version and the list of installed
     * files fit it, and both ways are open. From the new tree a rollback leads to the old one, unless it came from one;
     * from the old tree an update leads to the new one.
     */
    static Scenario whole(Scenario scenario) {
        TreeImage before = disk(OLD).tree(ROOT);
        TreeImage then = disk(NEW).tree(ROOT);
        return scenario.judgedBy(disk -> {
            Verdict verdict = scenario.judge().apply(disk);
            CrashDisk copy = disk.copy();
            try (Installation installation = PLAIN.open(copy, "judge")) {
                boolean isOld = copy.tree(ROOT).equals(before);
                String version = isOld ? "1.0.0" : "1.0.1";
                if (!installation.version().equals(Optional.of(LooseVersion.parse(version)))
                        || !installation.verify().isEmpty()
                        || isOld != installed(copy).isEmpty()) {
                    return Verdict.TORN;
                }
                if (isOld) {
                    Device.install(installation, OFFER.manifest());
                } else {
                    installation.rollBack();
                }
                return copy.tree(ROOT).equals(isOld ? then : before) ? verdict : Verdict.TORN;
            } catch (IOException e) {
                return Verdict.TORN;
            }
        });
    }

    private static Map<DevicePath, Entry.File> installed(CrashDisk disk) throws IOException {
        return StateFolder.below(new Disk(disk), ROOT).readInstalled().files();
    }

    private static Scenario update(String name, CrashDisk before, Offer offer, Map<String, String> then) {
        return update(name, before, offer, disk(then));
    }

    private static Scenario update(String name, CrashDisk before, Offer offer, CrashDisk then) {
        return Scenario.of(name, before, PLAIN.update("u", offer.manifest()), PLAIN::recover, tree(before, then));
    }

    static CrashDisk disk(Map<String, String> tree, Lack... lacks) {
        return new CrashDisk(lacks).with(ROOT, tree);
    }

    private static Function<CrashDisk, Verdict> tree(CrashDisk before, CrashDisk then) {
        return Scenario.judgeByTree(ROOT, before.tree(ROOT), then.tree(ROOT));
    }

    static Function<CrashDisk, Verdict> firmware(String before, String then) {
        return disk -> {
            try {
                String active = disk.text(FIRMWARE.resolve("active")).strip();
                String image = disk.text(FIRMWARE.resolve("slot-" + active + ".img"));
                return image.equals(before) ? Verdict.OLD : image.equals(then) ? Verdict.NEW : Verdict.TORN;
            } catch (IOException e) {
                return Verdict.TORN;
            }
        };
    }

    static Function<CrashDisk, Verdict> both(Function<CrashDisk, Verdict> first, Function<CrashDisk, Verdict> second) {
        return disk -> first.apply(disk) == second.apply(disk) ? first.apply(disk) : Verdict.TORN;
    }

    /** Takes an image, and fails when it is to be used. */
    static final class RefusingWriter implements FirmwareWriter {
        @Override
        public Optional<FirmwareSlot> active() {
            return Optional.of(new FirmwareSlot("only", Optional.empty()));
        }

        @Override
        public FirmwareSlot write(Path image, Digest sha256) {
            return new FirmwareSlot("other", Optional.of(sha256));
        }

        @Override
        public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
            throw new IOException("refused");
        }

        @Override
        public boolean holds(FirmwareSlot slot) {
            return true;
        }
    }

    /** Tells what is active, and makes nothing active any more. */
    private record OneWayWriter(FirmwareWriter slots) implements FirmwareWriter {
        @Override
        public Optional<FirmwareSlot> active() throws IOException {
            return slots.active();
        }

        @Override
        public FirmwareSlot write(Path image, Digest sha256) throws IOException {
            return slots.write(image, sha256);
        }

        @Override
        public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
            throw new IOException("refused");
        }

        @Override
        public boolean holds(FirmwareSlot slot) throws IOException {
            return slots.holds(slot);
        }
    }

    /** Flashes what it is given, as often as it is asked to. */
    record BlindWriter(FilePort port) implements FirmwareWriter {
        @Override
        public WayBack wayBack() {
            return WayBack.STAYS;
        }

        @Override
        public Optional<FirmwareSlot> active() {
            return Optional.empty();
        }

        @Override
        public FirmwareSlot write(Path image, Digest sha256) {
            return new FirmwareSlot("only", Optional.of(sha256));
        }

        @Override
        public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
            Disk disk = new Disk(port);
            try {
                disk.writeAtomically(
                        FIRMWARE.resolve("flashed"),
                        disk.read(image.orElseThrow()).orElseThrow());
            } catch (IOException e) {
                throw new UncertainActivationException(e);
            }
        }

        @Override
        public boolean holds(FirmwareSlot slot) {
            return false;
        }
    }
}
