package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.manifest.FirmwareImage;
import io.overair.manifest.Manifest;
import io.overair.manifest.TargetFile;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** What becomes of a manifest: finds out what is missing for it, and makes what was staged one transaction. */
final class Updates {
    private final Tree tree;
    private final Disk disk;
    private final StateFolder state;
    private final InstallationOptions options;
    private final Journal journal;
    private final EventLog log;
    private final Ids ids;

    Updates(Tree tree, StateFolder state, InstallationOptions options, Journal journal, EventLog log, Ids ids) {
        this.tree = tree;
        this.disk = tree.disk();
        this.state = state;
        this.options = options;
        this.journal = journal;
        this.log = log;
        this.ids = ids;
    }

    /** What has to be staged for {@code manifest}, once it is known that nothing is in its way. */
    UpdateTransaction begin(Installation installation, Manifest manifest) throws IOException {
        Optional<FirmwareImage> firmware =
                manifest.firmware().filter(image -> options.firmware().isPresent());
        if (manifest.firmware().isPresent()
                && firmware.isEmpty()
                && options.unsupportedFirmware() == InstallationOptions.UnsupportedFirmware.REFUSE) {
            throw FirmwareNotSupportedException.toInstall(manifest.version());
        }
        checkStoresFor(pathsOf(manifest));
        if (state.readState().layout() instanceof Layout.InPlace) {
            new LegacyLeftovers(tree, log).restoreNamedBy(manifest);
        }
        Placement placement = placement();
        Tree now = placement.files();
        Release release = Release.of(manifest, now, state.readInstalled(), options);
        Placement.Needs needs = placement.check(release);
        Stores stores = needs.stores();

        Staging staging = new Staging(disk, options);
        for (StateFolder store : stores.all()) {
            staging.prepare(store);
        }
        release.checkNamesCanBeTold(stores);
        for (Map.Entry<TargetFile, DevicePath> missing : release.missing().entrySet()) {
            DevicePath place = missing.getValue();
            staging.expect(
                    missing.getKey(), stores.of(place), Release.attributesAt(place, now), Optional.of(now.at(place)));
        }
        if (firmware.isPresent()) {
            staging.expect(firmware.get(), state, Attributes.NONE, Optional.empty());
        }
        for (StateFolder store : stores.all()) {
            staging.removeOthers(store);
        }
        try {
            SpaceNeeded.of(release, needs, firmware, staging, options, disk.port())
                    .check();
        } catch (InsufficientSpaceException e) {
            staging.discardAfter(e);
            throw e;
        }
        return new UpdateTransaction(installation, manifest, release, firmware, staging);
    }

    private List<DevicePath> pathsOf(Manifest manifest) {
        List<DevicePath> paths = new ArrayList<>(manifest.removed());
        manifest.files().map(TargetFile::path).forEach(paths::add);
        if (options.versionFileRule() != InstallationOptions.VersionFileRule.NONE) {
            paths.add(options.versionFile());
        }
        return paths;
    }

    private void checkStoresFor(Collection<DevicePath> paths) throws IOException {
        InstalledFiles installed = installed();
        InstalledStores stores = InstalledStores.of(installed, tree, options.replacedStores());
        // A slot takes over whatever is installed, so it needs all of them.
        boolean staysInPlace = nextLayout() instanceof Layout.InPlace;
        stores.checkAreThere(staysInPlace ? paths : installed.files().keySet());
        if (state.readState().layout() instanceof Layout.InPlace) {
            stores.checkNothingIsHidden(paths);
        }
    }

    /** Without the stores that are gone for good. */
    private InstalledFiles installed() throws IOException {
        InstalledFiles installed = state.readInstalled();
        SortedMap<DevicePath, Optional<String>> stores = new TreeMap<>(installed.stores());
        stores.keySet().removeAll(options.replacedStores());
        return new InstalledFiles(installed.files(), stores);
    }

    private Layout nextLayout() throws IOException {
        return options.layout().orElse(state.readState().layout());
    }

    /** Where this installation has its files, or is to have them from the next update on. */
    private Placement placement() throws IOException {
        Tree all = tree.surveyed();
        Layout now = state.readState().layout();
        if (nextLayout() instanceof Layout.Slots wanted) {
            Tree files = new Slots(all).files().surveyed();
            return new SlotPlacement(wanted, all, files, options::isWrittenInPlace, ids);
        }
        if (now instanceof Layout.Slots) {
            throw new ConflictException(
                    Slots.CURRENT.value(),
                    "an update does not lead from slots to files in place: leave the layout out of the options, or copy what this leads to into another root and open that");
        }
        return new InPlace(all, options::isWrittenInPlace);
    }

    /** Makes what was staged the change from version {@code from}, and commits it. */
    void commit(Optional<LooseVersion> from, Release release, Optional<FirmwareImage> firmware, Staging staging)
            throws IOException {
        List<DevicePath> named = new ArrayList<>(release.paths());
        named.addAll(release.gone());
        checkStoresFor(named);
        staging.force();
        Placement placement = placement();
        // What no manifest tells the size of is here now.
        SpaceNeeded.of(release, placement.check(release), firmware, staging, options, disk.port())
                .check();
        Tree now = placement.files();
        Map<DevicePath, Entry.File> files = new HashMap<>();
        Map<DevicePath, Draft.Source> sources = new HashMap<>();
        release.missing().forEach((target, place) -> {
            Staging.Staged staged = staging.staged(target).orElseThrow();
            files.put(place, fileEntry(staged));
            sources.put(place, download(staged.part()));
        });
        for (Map.Entry<DevicePath, Entry.File> present : release.present().entrySet()) {
            if (!now.entry(present.getKey()).equals(present.getValue())) {
                throw new ConflictException(present.getKey().value(), "it was changed while the update was prepared");
            }
        }
        if (release.versionFile().isPresent()) {
            DevicePath path = release.versionFile().get();
            byte[] content = VersionFile.content(release.version());
            Attributes attributes = Release.attributesAt(path, now);
            Path replaced = now.at(path);
            String sha256 = Digest.ofContent(Digest.Algorithm.SHA256, content).hex();
            files.put(path, new Entry.File(sha256, content.length, attributes.mode()));
            sources.put(path, place -> disk.write(place, content, attributes, replaced));
        }
        SortedMap<DevicePath, Planner.Wanted> wanted = release.wanted(files);
        Placement.TreeChange change = placement.change(wanted, sources, release.versionFile());
        InstalledFiles installed = installedAfter(release, files, placement.layout(), change.steps());

        Optional<Step> activate = Optional.empty();
        Optional<Draft.Source> source = Optional.empty();
        if (firmware.isPresent()) {
            Staging.Staged image = staging.staged(firmware.get()).orElseThrow();
            activate = Optional.of(writeFirmware(image, change.staged().size()));
            source = Optional.of(download(image.part()));
        }
        journal.commit(new Draft(
                from,
                Optional.of(release.version()),
                change.steps(),
                activate,
                source,
                change.staged(),
                installed,
                Outcome.UPDATED,
                (known, id) -> known.updated(from, release.version(), placement.layout(), id, options.trial())));
    }

    private InstalledFiles installedAfter(
            Release release, Map<DevicePath, Entry.File> put, Layout layout, Planner.Steps steps) throws IOException {
        InstalledFiles before = installed();
        SortedMap<DevicePath, Entry.File> files = new TreeMap<>(before.files());
        files.keySet().removeAll(release.removed());
        files.keySet().removeAll(release.gone());
        files.putAll(release.present());
        files.putAll(put);
        // In a slot nothing is mounted.
        return layout instanceof Layout.InPlace
                ? InstalledStores.of(new InstalledFiles(files, before.stores()), tree, options.replacedStores())
                        .noted(steps.mounts(), ids, log)
                : new InstalledFiles(files);
    }

    private Draft.Source download(Path part) {
        return new Draft.Source() {
            @Override
            public void bring(Path place) throws IOException {
                disk.port().move(part, place);
            }

            @Override
            public void takeBack(Path place) throws IOException {
                disk.port().move(place, part);
            }
        };
    }

    private static Entry.File fileEntry(Staging.Staged staged) {
        return new Entry.File(
                staged.sha256().hex(), staged.size(), staged.attributes().mode());
    }

    /** Writes the image to the slot that does not run, which is where the firmware of the version before is. */
    private Step writeFirmware(Staging.Staged image, int number) throws IOException {
        FirmwareWriter writer = options.firmware().orElseThrow();
        State now = state.readState();
        if (now.wayBack().isPresent() && now.previousFirmware() == State.PreviousFirmware.INTACT) {
            disk.writeAtomically(
                    state.state(),
                    now.withPreviousFirmware(State.PreviousFirmware.LOST).toBytes());
        }
        Entry before = writer.active().<Entry>map(Entry.Slot::new).orElse(Entry.ABSENT);
        FirmwareSlot slot = writer.write(image.part(), image.sha256());
        if (!slot.sha256().equals(Optional.of(image.sha256()))) {
            throw new IOException("the firmware writer wrote another image than the one it was given");
        }
        return new Step(
                Step.Kind.ACTIVATE,
                Optional.empty(),
                before,
                new Entry.Slot(slot),
                OptionalInt.of(number),
                OptionalInt.empty());
    }
}
