package io.overair.install;

import io.overair.install.PowerLoss.Unforced;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is on a {@link CrashDisk}, by number: files, folders and links as programs see them, what of them is durable, and
 * the history of names that are not. Copies are cheap, since all but the table itself is shared.
 */
final class Inodes {
    static final int ROOT = 0;
    /** For a change that needs no other. */
    static final int NO_CHANGE = -1;

    /**
     * One atomic change of the names in a folder that is not durable yet.
     *
     * @param inode what {@code name} stands for from now on, or {@link Names#NOTHING}
     * @param vacated another name in the folder that ends with it; empty if none
     * @param needs the number of a change without which this one does not happen, or {@link #NO_CHANGE}
     */
    private record Change(
            int number, int folder, String name, int inode, String vacated, int needs, String what, Path path) {
        Names applyTo(Names names) {
            Names rest = vacated.isEmpty() ? names : names.without(vacated);
            return inode == Names.NOTHING ? rest.without(name) : rest.with(name, inode);
        }

        @Override
        public String toString() {
            return what + " " + path;
        }
    }

    private Inode[] table;
    private int size;
    private int changes;
    private final List<Change> pending;
    /** By the number of a folder, that of the folder mounted on it. */
    private Map<Integer, Integer> mounts;

    Inodes(Inode root) {
        this.table = new Inode[64];
        this.pending = new ArrayList<>();
        this.mounts = Map.of();
        add(root);
    }

    private Inodes(Inodes other) {
        this.table = Arrays.copyOf(other.table, other.size + 16);
        this.size = other.size;
        this.changes = other.changes;
        this.pending = new ArrayList<>(other.pending);
        this.mounts = other.mounts;
    }

    Inodes copy() {
        return new Inodes(this);
    }

    Inode get(int id) {
        return table[id];
    }

    void set(int id, Inode inode) {
        table[id] = inode;
    }

    /** Takes in something that has no name yet. */
    int add(Inode inode) {
        if (size == table.length) {
            table = Arrays.copyOf(table, 2 * size);
        }
        table[size] = inode;
        return size++;
    }

    /** Changes names in a folder at once; the number of this change. */
    int change(String what, Path path, int folder, String name, int inode, String vacated, int needs) {
        Change change = new Change(changes++, folder, name, inode, vacated, needs, what, path);
        Inode changed = table[folder];
        table[folder] =
                changed.with(changed.now().with(change.applyTo(changed.now().names())));
        pending.add(change);
        return change.number();
    }

    // Mounts

    /** The folder that programs see where this one is: itself, or the root of what is mounted on it. */
    int mountedAt(int id) {
        return mounts.isEmpty() ? id : mounts.getOrDefault(id, id);
    }

    void mount(int root, int folder) {
        Map<Integer, Integer> more = new HashMap<>(mounts);
        more.put(folder, root);
        mounts = Map.copyOf(more);
    }

    void unmount(int root) {
        Map<Integer, Integer> fewer = new HashMap<>(mounts);
        fewer.values().remove(root);
        mounts = Map.copyOf(fewer);
    }

    // Forcing

    /** Makes everything durable. */
    void settle() {
        pending.clear();
        for (int i = 0; i < size; i++) {
            table[i] = table[i].forced();
        }
    }

    /** Makes the names in a folder and its own attributes durable. */
    void forceFolder(int id) {
        force(id, Integer.MAX_VALUE);
        table[id] = table[id].forced();
    }

    /** Makes the changes in a folder up to one of them durable, and before each of them what it needs. */
    private void force(int folder, int lastNumber) {
        for (Change change : List.copyOf(pending)) {
            if (change.folder() == folder && change.number() <= lastNumber && pending.contains(change)) {
                int needed = placeOf(change.needs());
                if (needed != NO_CHANGE) {
                    force(pending.get(needed).folder(), change.needs());
                }
                pending.remove(change);
                Inode inode = table[folder];
                table[folder] = inode.withDurable(
                        inode.durable().with(change.applyTo(inode.durable().names())));
            }
        }
    }

    // Cuts

    /**
     * What a power cut may leave: of the pending changes of names all, none, those up to any moment, all but any one, or
     * any one alone; with each of these, of bytes and attributes everything, only what was forced, half, or zeros.
     */
    List<PowerLoss> powerLosses() {
        int count = pending.size();
        Set<BitSet> survivors = new LinkedHashSet<>();
        for (int kept = count; kept >= 0; kept--) {
            survivors.add(range(0, kept));
        }
        for (int i = 0; i < count; i++) {
            BitSet allButOne = range(0, count);
            allButOne.clear(i);
            survivors.add(withoutOrphans(allButOne));
            survivors.add(withNeeded(range(i, i + 1)));
        }
        Unforced[] bytes = hasUnforcedContent() ? Unforced.values() : new Unforced[] {Unforced.PRESENT};
        List<PowerLoss> losses = new ArrayList<>();
        for (BitSet kept : survivors) {
            for (Unforced unforced : bytes) {
                losses.add(new PowerLoss(kept, unforced));
            }
        }
        return losses;
    }

    private static BitSet range(int from, int to) {
        BitSet range = new BitSet();
        range.set(from, to);
        return range;
    }

    private BitSet withoutOrphans(BitSet kept) {
        for (int i = 0; i < pending.size(); i++) {
            int needed = placeOf(pending.get(i).needs());
            if (needed != NO_CHANGE && !kept.get(needed)) {
                kept.clear(i);
            }
        }
        return kept;
    }

    private BitSet withNeeded(BitSet kept) {
        for (int i = 0; i < pending.size(); i++) {
            int needed = placeOf(pending.get(i).needs());
            if (kept.get(i) && needed != NO_CHANGE) {
                kept.set(needed);
            }
        }
        return kept;
    }

    private int placeOf(int number) {
        for (int i = 0; number != NO_CHANGE && i < pending.size(); i++) {
            if (pending.get(i).number() == number) {
                return i;
            }
        }
        return NO_CHANGE;
    }

    private boolean hasUnforcedContent() {
        for (int i = 0; i < size; i++) {
            Inode inode = table[i];
            if (!inode.isForced()
                    && (inode.kind() == FileStatus.Kind.FILE
                            || !inode.now().attributes().equals(inode.durable().attributes()))) {
                return true;
            }
        }
        return false;
    }

    /** The inodes after this power cut, all of them durable. */
    Inodes after(PowerLoss loss) {
        Inodes after = copy();
        after.pending.clear();
        for (int i = 0; i < size; i++) {
            if (!table[i].isForced()) {
                after.table[i] = table[i].after(loss.bytes());
            }
        }
        for (int i = loss.kept().nextSetBit(0); i >= 0; i = loss.kept().nextSetBit(i + 1)) {
            Change change = pending.get(i);
            Inode folder = after.table[change.folder()];
            after.table[change.folder()] = folder.with(
                            folder.now().with(change.applyTo(folder.now().names())))
                    .forced();
        }
        return after;
    }

    /** What of the pending {@code loss} takes away, for people. */
    String describe(PowerLoss loss) {
        List<Change> lost = new ArrayList<>();
        for (int i = loss.kept().nextClearBit(0);
                i < pending.size();
                i = loss.kept().nextClearBit(i + 1)) {
            lost.add(pending.get(i));
        }
        String names = lost.isEmpty()
                ? "no names lost"
                : lost.stream().map(Change::toString).collect(Collectors.joining(", ", "lost: ", ""));
        return hasUnforcedContent() ? names + "; unforced bytes " + loss.bytes() : names;
    }

    // What is there

    /** The bytes of all files that have a name. */
    long used() {
        BitSet reached = new BitSet();
        collect(ROOT, reached);
        return reached.stream()
                .mapToLong(id -> table[id].now().bytes().length())
                .sum();
    }

    private void collect(int id, BitSet reached) {
        if (id == Names.NOTHING || reached.get(id)) {
            return;
        }
        reached.set(id);
        Names names = table[id].now().names();
        for (int i = 0; i < names.size(); i++) {
            collect(names.inode(i), reached);
        }
        collect(mounts.getOrDefault(id, Names.NOTHING), reached);
    }

    /** Equal where no program and no later cut can tell the difference; else different, as far as 64 bits reach. */
    long fingerprint() {
        return new Walk().fingerprint();
    }

    private final class Walk {
        private final Fingerprint print = new Fingerprint();
        private final int[] numbers = new int[size];
        private int visited;

        long fingerprint() {
            visit(ROOT);
            for (Change change : pending) {
                visit(change.folder());
                print.add(change.name()).add(change.vacated()).add(change.needs() == NO_CHANGE ? 0 : 1);
                visit(change.inode());
            }
            return print.value();
        }

        /** Inodes are numbered as they are met, so that two names of one file are not two equal files. */
        private void visit(int id) {
            if (id == Names.NOTHING || numbers[id] != 0) {
                print.add(id == Names.NOTHING ? 0 : numbers[id]);
                return;
            }
            numbers[id] = ++visited;
            Inode inode = table[id];
            print.add(inode.kind().ordinal()).add(inode.store());
            visit(inode.now());
            if (!inode.isForced()) {
                visit(inode.durable());
            }
            visit(mounts.getOrDefault(id, Names.NOTHING));
        }

        private void visit(Inode.Content content) {
            print.add(content.attributes().mode())
                    .add(content.attributes().owner().hashCode())
                    .add(content.bytes().fingerprint())
                    .add(content.target())
                    .add(content.userAttributes());
            Names names = content.names();
            print.add(names.size());
            for (int i = 0; i < names.size(); i++) {
                print.add(names.name(i));
                visit(names.inode(i));
            }
        }
    }
}
