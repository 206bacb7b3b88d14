package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/** What a rollback by slots leads to: the files that the current slot was made of. */
final class SlotWayBack {
    private final Slots slots;
    private final Tree tree;
    private final Function<DevicePath, LocalChanges> localChanges;

    SlotWayBack(Tree tree, Function<DevicePath, LocalChanges> localChanges) {
        this.slots = new Slots(tree);
        this.tree = tree;
        this.localChanges = localChanges;
    }

    /**
     * Checks that it is still what it was when {@code done} replaced it.
     *
     * @throws NoWayBackException if it is not
     * @throws ConflictException if a file that was changed since would be lost
     */
    void check(Plan done) throws IOException {
        Step swap = done.steps().get(0);
        Tree before = swap.before() instanceof Entry.Link link ? slots.files(link) : tree;
        Tree now = slots.files((Entry.Link) swap.after());
        SlotNote note = slots.note((Entry.Link) swap.after());
        for (Map.Entry<DevicePath, Entry> file : note.before().entrySet()) {
            Entry found = before.entry(file.getKey());
            // What is the same in both slots is none of this rollback's business.
            if (!found.equals(file.getValue()) && !found.equals(now.entry(file.getKey()))) {
                throw new NoWayBackException("%s of the slot before is not what it was".formatted(file.getKey()));
            }
        }
        checkLocalChanges(before, now);
    }

    /** There is no copy of what a rollback leaves behind, so it asks before it leaves what somebody has changed. */
    private void checkLocalChanges(Tree before, Tree now) throws IOException {
        for (Map.Entry<DevicePath, Entry.File> file :
                tree.state().readInstalled().files().entrySet()) {
            DevicePath path = file.getKey();
            if (localChanges.apply(path) != LocalChanges.REPLACE
                    && now.status(path).isFile()) {
                Entry found = now.entry(path);
                if (!found.equals(file.getValue()) && !found.equals(before.entry(path))) {
                    throw new ConflictException(path.value(), "it was changed on the device since it was installed");
                }
            }
        }
    }
}
