package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/** What a rollback by slots leads to: the files that the current slot was made of. */
final class SlotWayBack {
    private final StateFolder state;
    private final Tree before;
    private final Tree now;
    private final SlotNote note;

    /** The way back from the swap that {@code done} made. */
    SlotWayBack(Tree tree, Plan done) throws IOException {
        Slots slots = new Slots(tree);
        Step swap = done.steps().get(0);
        Entry.Link current = (Entry.Link) swap.after();
        this.state = tree.state();
        this.before = swap.before() instanceof Entry.Link link ? slots.files(link) : tree;
        this.now = slots.files(current);
        this.note = slots.note(current);
    }

    /**
     * Checks that it is still what it was when the slots were swapped.
     *
     * @throws NoWayBackException if it is not
     */
    void checkIsWhatItWas() throws IOException {
        for (Map.Entry<DevicePath, Entry> file : note.before().entrySet()) {
            Entry found = before.entry(file.getKey());
            // What is the same in both slots is none of this rollback's business.
            if (!found.equals(file.getValue()) && !found.equals(now.entry(file.getKey()))) {
                throw new NoWayBackException("%s of the slot before is not what it was".formatted(file.getKey()));
            }
        }
    }

    /**
     * Checks that it can be gone back to from a release that cannot stay, though files may have changed: the application before
     * may have gone on writing until it was ended.
     *
     * @throws NoWayBackException if it cannot
     */
    void checkIsThere() throws IOException {
        for (Map.Entry<DevicePath, Entry> file : note.before().entrySet()) {
            Entry found = before.entry(file.getKey());
            if (!found.getClass().equals(file.getValue().getClass()) && !found.equals(now.entry(file.getKey()))) {
                throw new NoWayBackException("%s of the slot before is missing".formatted(file.getKey()));
            }
        }
    }

    /**
     * There is no copy of what a rollback leaves behind, so it asks before it leaves what somebody has changed.
     *
     * @throws ConflictException if a file that was changed since would be lost
     */
    void checkLocalChanges(Function<DevicePath, LocalChanges> localChanges) throws IOException {
        for (Map.Entry<DevicePath, Entry.File> file :
                state.readInstalled().files().entrySet()) {
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
