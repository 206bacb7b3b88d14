package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Files that come to lie in a slot of their own: what a transaction changes is only the link that leads to it.
 *
 * @param tree all of the device, surveyed
 * @param files the slot that is installed, or the tree in place that is to be left
 */
record SlotPlacement(Layout.Slots layout, Tree tree, Tree files, Predicate<DevicePath> writtenInPlace, Ids ids)
        implements Placement {
    /** Room for a folder, in bytes: a block of most file systems. */
    private static final int FOLDER_BYTES = 4096;

    /** Room for a name in a folder of the slot, and for what is written down of it, in bytes. */
    private static final int NAME_BYTES = 512;

    @Override
    public Needs check(Release release) throws IOException {
        Slots slots = new Slots(tree);
        slots.checkNames();
        Planner.Steps steps = release.check(files);
        Stores stores = Stores.at(tree, Set.of(Plan.ROOT));
        stores.checkUsable(tree);
        boolean hasHardLinks = slots.hasHardLinks();
        LinkProbe links = new LinkProbe(tree);
        long bytes = 0;
        for (Inventory.Item item : Inventory.of(files, steps.steps())) {
            bytes += NAME_BYTES;
            if (item.status().isFolder()) {
                bytes += FOLDER_BYTES;
            } else if (item.status().isFile()
                    && (!hasHardLinks
                            || item.isOneOf(writtenInPlace)
                            || !links.mayLink(files.root().resolve(item.path()), item.status(), stores.root()))) {
                bytes += item.status().size();
            }
        }
        return new Needs(stores, steps.steps().size(), Map.of(stores.root(), bytes), Map.of());
    }

    @Override
    public TreeChange change(
            SortedMap<DevicePath, Planner.Wanted> wanted,
            Map<DevicePath, Draft.Source> sources,
            Optional<DevicePath> last)
            throws IOException {
        String id = ids.next();
        Planner.Steps inTheSlot = Planner.plan(files, files.disk()::entry, wanted, last);
        SlotBuilder builder = new SlotBuilder(id, tree, files, inTheSlot.steps(), sources, writtenInPlace);
        Planner.Steps steps = Planner.plan(
                tree,
                tree.disk()::entry,
                new TreeMap<>(Map.of(Slots.CURRENT, Planner.Wanted.staged(Slots.linkTo(id), 0))),
                Optional.empty());
        return new TreeChange(steps, Map.of(Slots.CURRENT, builder));
    }
}
