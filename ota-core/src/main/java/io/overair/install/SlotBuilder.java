package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Makes a slot, and the link that leads to it: what is not changed is taken over from the tree before, under a second name
 * where that is possible. Nothing that the tree before shares is ever changed: the slot's folders are its own, and so is
 * each file that is put there. When it has brought the link, all of the slot is on the disk.
 */
final class SlotBuilder implements Draft.Source {
    private static final Comparator<Path> DEEPEST_FIRST =
            Comparator.comparingInt(Path::getNameCount).reversed().thenComparing(Comparator.naturalOrder());

    private final Slots slots;
    private final String id;
    private final Tree tree;
    private final Tree before;
    private final Tree slot;
    private final List<Step> steps;
    private final Map<DevicePath, Draft.Source> sources;
    private final Predicate<DevicePath> writtenInPlace;
    private final Disk disk;
    private final FilePort port;

    /** The attributes that the folders of the slot get when all is in them, for some are read-only. */
    private final SortedMap<Path, Attributes> folders = new TreeMap<>(DEEPEST_FIRST);

    private final Map<Path, Draft.Source> brought = new LinkedHashMap<>();

    SlotBuilder(
            String id,
            Tree tree,
            Tree before,
            List<Step> steps,
            Map<DevicePath, Draft.Source> sources,
            Predicate<DevicePath> writtenInPlace) {
        this.slots = new Slots(tree);
        this.id = id;
        this.tree = tree;
        this.before = before;
        this.slot = tree.below(slots.folder(id));
        this.steps = steps;
        this.sources = sources;
        this.writtenInPlace = writtenInPlace;
        this.disk = tree.disk();
        this.port = disk.port();
    }

    @Override
    public void bring(Path place) throws IOException {
        try {
            writeNote();
            takeOver();
            makeFoldersAndPut();
            finishFolders();
            port.symlink(place, Slots.linkTo(id).target());
        } catch (IOException e) {
            try {
                takeBack(place);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    @Override
    public void takeBack(Path place) throws IOException {
        for (Map.Entry<Path, Draft.Source> one : brought.entrySet()) {
            one.getValue().takeBack(one.getKey());
        }
        brought.clear();
        slots.remove(id);
    }

    private void writeNote() throws IOException {
        StateFolder state = tree.state();
        SortedMap<DevicePath, Entry> found = new TreeMap<>();
        for (DevicePath path : state.readInstalled().files().keySet()) {
            found.put(path, before.entry(path));
        }
        for (Step step : steps) {
            if (step.backup().isPresent()) {
                found.put(step.place(), step.before());
            }
        }
        disk.makeFolder(state.slots());
        port.forceFolder(state.path());
        disk.writeAtomically(state.slot(id), new SlotNote(slots.nextNumber(), found).toText()::writeTo);
    }

    private void takeOver() throws IOException {
        Attributes root = port.status(before.root()).attributes();
        if (port.status(slots.folder()).isAbsent()) {
            port.makeFolder(slots.folder());
            disk.give(slots.folder(), root);
        }
        makeFolder(slot.root(), root);
        for (Inventory.Item item : Inventory.of(before, steps)) {
            Path from = before.root().resolve(item.path());
            Path to = slot.root().resolve(item.path());
            if (item.status().isFolder()) {
                makeFolder(to, item.status().attributes());
            } else if (item.status().isFile() && item.isOneOf(writtenInPlace)) {
                disk.copy(from, to);
            } else {
                disk.linkOrCopy(from, to);
            }
        }
    }

    private void makeFolder(Path folder, Attributes attributes) throws IOException {
        port.makeFolder(folder);
        folders.put(folder, attributes);
    }

    private void makeFoldersAndPut() throws IOException {
        for (Step step : steps) {
            if (step.after() instanceof Entry.Folder folder) {
                makeFolder(slot.reach(step.place()), folder.attributes());
            } else if (step.movesStagedFile()) {
                Path place = slot.reach(step.place());
                Draft.Source source = Objects.requireNonNull(sources.get(step.place()), "staged");
                source.bring(place);
                brought.put(place, source);
            }
        }
    }

    /** The deepest first, and at last the names that lead to the slot. */
    private void finishFolders() throws IOException {
        for (Map.Entry<Path, Attributes> folder : folders.entrySet()) {
            disk.give(folder.getKey(), folder.getValue());
            port.forceFolder(folder.getKey());
        }
        port.forceFolder(slots.folder());
        port.forceFolder(tree.root());
    }
}
