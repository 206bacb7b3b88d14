package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The slots of an installation. Each is known by a {@linkplain SlotNote note} in the state folder, which is there before the
 * slot is and until it is gone: what lies in {@code releases} without one belongs to somebody else.
 */
final class Slots {
    static final DevicePath CURRENT = new DevicePath("current");
    static final DevicePath RELEASES = new DevicePath("releases");

    private static final String TARGET = RELEASES + "/";
    private static final int WRITABLE = 0700;

    private final Tree tree;
    private final Disk disk;
    private final FilePort port;
    private final StateFolder state;

    Slots(Tree tree) {
        this.tree = tree;
        this.disk = tree.disk();
        this.port = disk.port();
        this.state = tree.state();
    }

    Path folder() {
        return tree.root().resolve(RELEASES.value());
    }

    Path folder(String id) {
        return folder().resolve(id);
    }

    static Entry.Link linkTo(String id) {
        return new Entry.Link(TARGET + id);
    }

    /** The folder through which the files of an installation with this layout are reached. */
    Path entrance(Layout layout) {
        return layout instanceof Layout.Slots ? tree.root().resolve(CURRENT.value()) : tree.root();
    }

    /** The files that are installed, wherever they lie. */
    Tree files() throws IOException {
        return state.readState().layout() instanceof Layout.Slots ? files(current()) : tree;
    }

    /** Like {@link #files}, for an onlooker: while a rollback leads to the files in place, the link goes before the state. */
    Tree filesAsSeen() throws IOException {
        boolean hasSlots = state.readState().layout() instanceof Layout.Slots;
        return hasSlots && tree.entry(CURRENT) instanceof Entry.Link link ? files(link) : tree;
    }

    /** The files that a {@code current} like this leads to. */
    Tree files(Entry.Link current) throws IOException {
        return tree.below(folder(known(current)));
    }

    private Entry.Link current() throws IOException {
        if (tree.entry(CURRENT) instanceof Entry.Link link) {
            return link;
        }
        throw new ConflictException(CURRENT.value(), "it has to be a link to the slot that is installed");
    }

    private String known(Entry.Link link) throws IOException {
        return id(link).filter(notes()::contains)
                .orElseThrow(() -> new ConflictException(
                        CURRENT.value(), "it leads to %s, which is no slot of this device".formatted(link.target())));
    }

    private static Optional<String> id(Entry.Link link) {
        return link.target().startsWith(TARGET)
                ? Optional.of(link.target().substring(TARGET.length()))
                : Optional.empty();
    }

    /** What was written down of the slot that a {@code current} like this leads to. */
    SlotNote note(Entry.Link current) throws IOException {
        return state.readSlot(known(current));
    }

    /** The ids of all slots, also of those that are not whole. */
    private List<String> notes() throws IOException {
        return names().stream().filter(name -> !name.endsWith(Disk.TEMPORARY)).toList();
    }

    private List<String> names() throws IOException {
        return port.status(state.slots()).isFolder() ? port.list(state.slots()) : List.of();
    }

    int nextNumber() throws IOException {
        return numbers().values().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
    }

    private Map<String, Integer> numbers() throws IOException {
        Map<String, Integer> numbers = new TreeMap<>();
        for (String id : notes()) {
            numbers.put(id, state.readSlot(id).number());
        }
        return numbers;
    }

    /**
     * Checks that the names of the link and of the folder for slots are free, or ours.
     *
     * @throws ConflictException if they are not, or if the store has no symbolic links
     */
    void checkNames() throws IOException {
        if (state.readState().layout() instanceof Layout.Slots) {
            checkIsNoMount(new DevicePath(TARGET + known(current())));
        } else if (!tree.status(CURRENT).isAbsent()) {
            throw new ConflictException(CURRENT.value(), "slots need this name");
        }
        FileStatus releases = tree.status(RELEASES);
        if (!releases.isAbsent()) {
            if (!releases.isFolder() || !notes().containsAll(port.list(folder()))) {
                throw new ConflictException(RELEASES.value(), "slots need this name for themselves");
            }
            checkIsNoMount(RELEASES);
        }
        tree.checkFoldersOf(List.of(
                Step.on(CURRENT, Step.Kind.LINK, Entry.ABSENT, Entry.ABSENT),
                Step.on(new DevicePath(TARGET + "id"), Step.Kind.MKDIR, Entry.ABSENT, Entry.ABSENT)));
    }

    private void checkIsNoMount(DevicePath folder) throws IOException {
        if (tree.isMount(folder)) {
            throw new ConflictException(folder.value(), "slots lie on the file store of the root, and it is mounted");
        }
    }

    /**
     * Whether the store has hard links, tried where downloads lie.
     *
     * @throws ConflictException if it has no symbolic ones
     */
    boolean hasHardLinks() throws IOException {
        disk.makeFolder(state.parts());
        Path file = state.part("probe");
        Path link = state.part("probe.link");
        disk.removeFile(link);
        try {
            port.symlink(link, TARGET);
        } catch (FileSystemException | UnsupportedOperationException e) {
            throw new ConflictException(CURRENT.value(), "slots need a file store that has symbolic links", e);
        }
        disk.write(file, new byte[0]);
        try {
            disk.removeFile(link);
            port.link(file, link);
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        } finally {
            disk.removeFile(link);
            disk.removeFile(file);
        }
    }

    /**
     * Removes every slot that neither {@code current} nor a transaction names, except the old ones that are to be kept;
     * whether there was any. One that cannot be removed keeps no other from it.
     */
    boolean removeUnneeded() throws IOException {
        boolean found = removeUnwrittenNotes();
        Map<String, Integer> numbers = numbers();
        Collection<String> unneeded = new HashSet<>(numbers.keySet());
        if (!unneeded.isEmpty()) {
            unneeded.removeAll(needed(numbers));
        }
        List<IOException> failures = new ArrayList<>();
        for (String id : unneeded) {
            try {
                remove(id);
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            IOException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
        return found || !unneeded.isEmpty();
    }

    /** Notes that a cut kept from being written have no slot yet. */
    private boolean removeUnwrittenNotes() throws IOException {
        boolean found = false;
        for (String name : names()) {
            if (name.endsWith(Disk.TEMPORARY)) {
                disk.removeFile(state.slot(name));
                found = true;
            }
        }
        return found;
    }

    private Set<String> needed(Map<String, Integer> numbers) throws IOException {
        Set<String> needed = new HashSet<>();
        for (String id : state.transactionIds()) {
            TransactionFolder own = state.transaction(id);
            for (Path file : List.of(own.plan(), own.done())) {
                state.readPlan(file).ifPresent(plan -> needed.addAll(namedBy(plan)));
            }
        }
        if (state.readState().layout() instanceof Layout.Slots layout) {
            String current = known(current());
            int number = state.readSlot(current).number();
            needed.add(current);
            numbers.entrySet().stream()
                    .filter(slot -> slot.getValue() < number)
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                    .limit(layout.old())
                    .forEach(slot -> needed.add(slot.getKey()));
        }
        return needed;
    }

    private static Set<String> namedBy(Plan plan) {
        Set<String> named = new HashSet<>();
        for (Step step : plan.steps()) {
            for (Entry entry : List.of(step.before(), step.after())) {
                if (entry instanceof Entry.Link link) {
                    id(link).ifPresent(named::add);
                }
            }
        }
        return named;
    }

    /** Removes a slot, and its note only when the slot is gone for good. */
    void remove(String id) throws IOException {
        makeWritable(folder(id));
        disk.removeTree(folder(id));
        if (port.status(folder()).isFolder()) {
            port.forceFolder(folder());
            if (port.list(folder()).isEmpty()) {
                port.removeFolder(folder());
            }
        }
        if (port.status(folder()).isAbsent()) {
            // Also if a run that was killed removed it: it may have gone from memory only.
            port.forceFolder(tree.root());
        }
        disk.removeFile(state.slot(id));
    }

    /** Nothing can be removed from a folder that is read-only. */
    private void makeWritable(Path folder) throws IOException {
        FileStatus status = port.status(folder);
        if (!status.isFolder()) {
            return;
        }
        int mode = status.attributes().mode();
        if (mode != Attributes.NO_MODE && (mode & WRITABLE) != WRITABLE) {
            port.setAttributes(folder, new Attributes(mode | WRITABLE, Attributes.NO_OWNER));
        }
        for (String name : port.list(folder)) {
            // What this JVM cannot express it cannot remove either, and that is told then.
            Optional<Path> child = Disk.child(folder, name);
            if (child.isPresent()) {
                makeWritable(child.get());
            }
        }
    }
}
