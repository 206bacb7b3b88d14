package io.overair.install;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A model of a Linux disk that knows what a cut may leave of it.
 *
 * <p>Of each file it keeps the bytes and attributes that programs see and those that were forced; of names, a history of
 * changes of which those in a forced folder are durable. {@link #afterKill} is the disk when the program has ended: what
 * programs saw is there, and what was pending is pending still. {@link #powerLosses} are the ways a power cut may go;
 * {@link #after} is the disk after one, all of it durable. Every change is atomic and those of one folder become durable
 * in their order. A move between folders is two changes, of which the old name's end never comes without the new name:
 * after a cut the file may have both. That is less than journaling file systems give and as much as code should ask for.
 *
 * <p>Several stores are there by {@link #mount}, and folders and files of one store in other places by {@link #bind}: names
 * cannot be exchanged between what is mounted and its surroundings. What a store does not have is its {@link Lack}. Paths begin at the root
 * of the disk; links are followed in folders above the last component, as on Linux. Users and permissions are not
 * modelled, nor are moves of folders to another folder. For one thread at a time.
 */
final class CrashDisk implements FilePort {
    /** What a store can do without. */
    enum Lack {
        /** No hard and no symbolic links. */
        LINKS,
        /** No hard links. */
        HARD_LINKS,
        /** No modes and no owners: setting them does nothing. */
        MODES,
        /** Renames that are whole after a cut. The model knows no such cuts: it only says so. */
        ATOMIC_RENAMES
    }

    /** Where every path begins. */
    static final Path ROOT = Path.of("/");

    /** Who owns what is made here, unless told otherwise. */
    static final String OWNER = "1000:1000";

    private static final int MOST_LINKS = 40;

    private record Store(Set<Lack> lacks) {}

    private final Inodes inodes;
    private final List<Store> stores;
    /** Where something is mounted; what is there goes by inode, what a rename can cross by path. */
    private final Set<Path> mounts;

    private long capacity;
    private String owner = OWNER;
    /** The paths that this disk and its copies, which may be with other threads, were asked for, taken apart. */
    private final Map<Path, String[]> parts;

    private final Set<Integer> locked = new HashSet<>();

    /** An empty disk whose root store lacks these things. */
    CrashDisk(Lack... lacks) {
        this.stores = new ArrayList<>(List.of(new Store(Set.of(lacks))));
        this.inodes = new Inodes(Inode.created(FileStatus.Kind.FOLDER, 0, "", attributes(0, 0755)));
        this.mounts = new TreeSet<>();
        this.capacity = Long.MAX_VALUE;
        this.parts = new ConcurrentHashMap<>();
    }

    private CrashDisk(CrashDisk other, Inodes inodes) {
        this.inodes = inodes;
        this.stores = new ArrayList<>(other.stores);
        this.mounts = new TreeSet<>(other.mounts);
        this.capacity = other.capacity;
        this.owner = other.owner;
        this.parts = other.parts;
    }

    // What tests do with a disk

    /**
     * Puts a tree below {@code root}, all of it durable. Keys are paths below it; one that ends in a slash is an empty
     * folder, a value that begins with <code>-&gt; </code> a link, any other value the content of a file. Folders get
     * mode 0755, files 0644.
     */
    CrashDisk with(Path root, Map<String, String> tree) {
        try {
            makeFolders(root);
            for (Map.Entry<String, String> entry : tree.entrySet()) {
                Path path = root.resolve(entry.getKey());
                if (entry.getKey().endsWith("/")) {
                    makeFolders(path);
                } else {
                    makeFolders(parentOf(path));
                    put(path, entry.getValue());
                }
            }
            settle();
            return this;
        } catch (IOException e) {
            throw new IllegalArgumentException("no tree that can be", e);
        }
    }

    private void put(Path path, String value) throws IOException {
        if (value.startsWith("-> ")) {
            symlink(path, value.substring(3));
        } else {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            try (Output out = create(path)) {
                out.write(bytes, 0, bytes.length);
            }
            setAttributes(path, new Attributes(0644, Attributes.NO_OWNER));
        }
    }

    private void makeFolders(Path path) throws IOException {
        if (path.getNameCount() > 0 && status(path).isAbsent()) {
            makeFolders(parentOf(path));
            makeFolder(path);
            setAttributes(path, new Attributes(0755, Attributes.NO_OWNER));
        }
    }

    /** Mounts a new, empty store at a folder, which is made if it is missing. */
    CrashDisk mount(Path folder, Lack... lacks) {
        with(folder, Map.of());
        int store = stores.size();
        stores.add(new Store(Set.of(lacks)));
        int root = inodes.add(Inode.created(FileStatus.Kind.FOLDER, store, "", attributes(store, 0755)));
        inodes.mount(root, find(folder));
        mounts.add(folder);
        return this;
    }

    /** Mounts a file on a file, or a folder on a folder, that are there; it may be the same. */
    CrashDisk bind(Path what, Path place) {
        inodes.mount(find(what), find(place));
        mounts.add(place);
        return this;
    }

    /** Takes away what is mounted at a place; what is below the mount point shows again. */
    CrashDisk unmount(Path place) {
        if (!mounts.remove(place)) {
            throw new IllegalArgumentException("nothing is mounted at " + place);
        }
        inodes.unmount(find(place));
        return this;
    }

    /** How many bytes all files together may have; without it, any number. */
    CrashDisk capacity(long bytes) {
        capacity = bytes;
        return this;
    }

    /** Who owns what is made from now on, as {@code uid:gid}. */
    CrashDisk madeBy(String other) {
        owner = other;
        return this;
    }

    /** Makes everything durable, as after a long time without a cut. */
    CrashDisk settle() {
        inodes.settle();
        return this;
    }

    /** The same disk once more, held by nobody. */
    CrashDisk copy() {
        return new CrashDisk(this, inodes.copy());
    }

    /** The tree below {@code root} as programs see it. */
    TreeImage tree(Path root) {
        try {
            return TreeImage.of(this, root);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The content of a file as text. */
    String text(Path file) throws IOException {
        try (InputStream in = read(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Equal for disks that no program and no later cut can tell apart; else different, as far as 64 bits reach. */
    long fingerprint() {
        return inodes.fingerprint();
    }

    /** Gives a file extended attributes, whatever they are, durably. */
    CrashDisk withUserAttributes(Path file, String userAttributes) {
        int id = find(file);
        inodes.set(id, inodes.get(id).with(inodes.get(id).now().withUserAttributes(userAttributes)));
        return settle();
    }

    /** What extended attributes a file has; empty if it has none or there is no file. */
    String userAttributes(Path file) {
        int id = find(file);
        return id == Names.NOTHING ? "" : inodes.get(id).now().userAttributes();
    }

    // Cuts

    /** The disk after the program was killed: nothing is lost yet, and nothing has become safe. */
    CrashDisk afterKill() {
        return copy();
    }

    /** All that a power cut may leave. */
    List<PowerLoss> powerLosses() {
        return inodes.powerLosses();
    }

    /** The disk after this power cut, when the machine is up again. */
    CrashDisk after(PowerLoss loss) {
        return new CrashDisk(this, inodes.after(loss));
    }

    /** What of the pending {@code loss} takes away, for people. */
    String describe(PowerLoss loss) {
        return inodes.describe(loss);
    }

    // The port

    @Override
    public FileStatus status(Path path) {
        int id = find(path);
        if (id == Names.NOTHING) {
            return FileStatus.ABSENT;
        }
        Inode inode = inodes.get(id);
        return new FileStatus(
                inode.kind(),
                inode.now().bytes().length(),
                inode.now().attributes(),
                inode.now().target(),
                inode.store(),
                id);
    }

    @Override
    public Set<Path> mounts() {
        return Set.copyOf(mounts);
    }

    @Override
    public Set<StoreWarning.Weakness> weaknesses(Path folder) throws IOException {
        return lacks(inodes.get(folder(folder)).store(), Lack.ATOMIC_RENAMES)
                ? Set.of(StoreWarning.Weakness.RENAMES_ARE_NOT_ATOMIC)
                : Set.of();
    }

    /** Where that is mounted which {@code path} is in, seen without following links. */
    private Path mountAbove(Path path) {
        Path above = path;
        while (above.getParent() != null && !mounts.contains(above)) {
            above = above.getParent();
        }
        return above;
    }

    private void requireSameMount(Path from, Path to) throws IOException {
        boolean same = mountAbove(from).equals(mountAbove(parentOf(to)));
        if (!same
                || inodes.get(existing(from)).store()
                        != inodes.get(folderOf(to)).store()) {
            throw new AtomicMoveNotSupportedException(from.toString(), to.toString(), "Invalid cross-device link");
        }
    }

    private void requireNotMounted(Path... paths) throws IOException {
        for (Path path : paths) {
            if (mounts.contains(path)) {
                throw new FileSystemException(path.toString(), null, "Device or resource busy");
            }
        }
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        Names names = inodes.get(folder(folder)).now().names();
        List<String> list = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            list.add(names.name(i));
        }
        return list;
    }

    @Override
    public InputStream read(Path file) throws IOException {
        return inodes.get(file(file)).now().bytes().open();
    }

    @Override
    public Output create(Path file) throws IOException {
        int folder = folderForNew(file);
        int store = inodes.get(folder).store();
        int id = inodes.add(Inode.created(FileStatus.Kind.FILE, store, "", attributes(store, 0600)));
        inodes.change("create", file, folder, nameOf(file), id, "", Inodes.NO_CHANGE);
        return new OpenFile(file, id);
    }

    @Override
    public Output append(Path file) throws IOException {
        return new OpenFile(file, file(file));
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        inodes.forceFolder(folder(folder));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        int moved = existing(from);
        int folder = folderOf(from);
        int newFolder = folderOf(to);
        requireNotMounted(from, to);
        requireSameMount(from, to);
        int replaced = find(to);
        if (replaced == moved) {
            return;
        }
        requireReplaceable(moved, replaced, from, to);
        if (folder == newFolder) {
            inodes.change("move to", to, folder, nameOf(to), moved, nameOf(from), Inodes.NO_CHANGE);
        } else if (inodes.get(moved).kind() == FileStatus.Kind.FOLDER) {
            throw new UnsupportedOperationException("a folder moved to another folder is not modelled: " + from);
        } else {
            int arrival = inodes.change("move to", to, newFolder, nameOf(to), moved, "", Inodes.NO_CHANGE);
            inodes.change("move from", from, folder, nameOf(from), Names.NOTHING, "", arrival);
        }
    }

    private void requireReplaceable(int moved, int replaced, Path from, Path to) throws IOException {
        if (replaced == Names.NOTHING) {
            return;
        }
        boolean movesFolder = inodes.get(moved).kind() == FileStatus.Kind.FOLDER;
        boolean replacesFolder = inodes.get(replaced).kind() == FileStatus.Kind.FOLDER;
        if (movesFolder != replacesFolder) {
            throw new FileSystemException(
                    from.toString(), to.toString(), replacesFolder ? "Is a directory" : "Not a directory");
        }
        if (replacesFolder && inodes.get(replaced).now().names().size() > 0) {
            throw new DirectoryNotEmptyException(to.toString());
        }
    }

    @Override
    public void link(Path existing, Path added) throws IOException {
        int id = existing(existing);
        int folder = folderForNew(added);
        requireSameMount(existing, added);
        int store = inodes.get(id).store();
        if (lacks(store, Lack.LINKS)
                || lacks(store, Lack.HARD_LINKS)
                || inodes.get(id).kind() == FileStatus.Kind.FOLDER) {
            throw new UnsupportedOperationException(added.toString());
        }
        inodes.change("link", added, folder, nameOf(added), id, "", Inodes.NO_CHANGE);
    }

    @Override
    public void symlink(Path link, String target) throws IOException {
        int folder = folderForNew(link);
        int store = inodes.get(folder).store();
        if (lacks(store, Lack.LINKS)) {
            throw new FileSystemException(link.toString(), null, "Operation not permitted");
        }
        int id = inodes.add(Inode.created(FileStatus.Kind.LINK, store, target, attributes(store, 0777)));
        inodes.change("symlink", link, folder, nameOf(link), id, "", Inodes.NO_CHANGE);
    }

    @Override
    public void unlink(Path file) throws IOException {
        if (inodes.get(existing(file)).kind() == FileStatus.Kind.FOLDER) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
        }
        requireNotMounted(file);
        inodes.change("unlink", file, folderOf(file), nameOf(file), Names.NOTHING, "", Inodes.NO_CHANGE);
    }

    @Override
    public void removeFolder(Path folder) throws IOException {
        int id = folder(folder);
        requireNotMounted(folder);
        if (inodes.get(id).now().names().size() > 0) {
            throw new DirectoryNotEmptyException(folder.toString());
        }
        inodes.change("remove folder", folder, folderOf(folder), nameOf(folder), Names.NOTHING, "", Inodes.NO_CHANGE);
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        int parent = folderForNew(folder);
        int store = inodes.get(parent).store();
        int id = inodes.add(Inode.created(FileStatus.Kind.FOLDER, store, "", attributes(store, 0700)));
        inodes.change("make folder", folder, parent, nameOf(folder), id, "", Inodes.NO_CHANGE);
    }

    @Override
    public void setAttributes(Path path, Attributes attributes) throws IOException {
        int id = existing(path);
        Inode inode = inodes.get(id);
        Attributes present = inode.now().attributes();
        if (!lacks(inode.store(), Lack.MODES)) {
            int mode = attributes.mode() == Attributes.NO_MODE ? present.mode() : attributes.mode();
            String owner = attributes.owner().equals(Attributes.NO_OWNER) ? present.owner() : attributes.owner();
            inodes.set(id, inode.with(inode.now().with(new Attributes(mode, owner))));
        }
    }

    @Override
    public void copyUserAttributes(Path from, Path to) throws IOException {
        String userAttributes = inodes.get(file(from)).now().userAttributes();
        int id = file(to);
        Inode inode = inodes.get(id);
        inodes.set(id, inode.with(inode.now().withUserAttributes(userAttributes)));
    }

    @Override
    public boolean isWritable(Path folder) {
        return status(folder).isFolder();
    }

    @Override
    public long usableSpace(Path path) {
        return capacity == Long.MAX_VALUE ? capacity : Math.max(0, capacity - inodes.used());
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        if (find(file) == Names.NOTHING) {
            create(file).close();
        }
        int id = file(file);
        if (!locked.add(id)) {
            throw new InstallationLockedException(parentOf(parentOf(file)), "another process");
        }
        return new Lock(id);
    }

    private final class Lock implements Closeable {
        private final int id;
        private boolean closed;

        Lock(int id) {
            this.id = id;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                locked.remove(id);
            }
        }
    }

    private final class OpenFile implements Output {
        private final Path path;
        private final int id;
        private boolean closed;

        OpenFile(Path path, int id) {
            this.path = path;
            this.id = id;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            requireOpen();
            if (usableSpace(path) < length) {
                throw Fault.ENOSPC.exception(path);
            }
            Inode inode = inodes.get(id);
            inodes.set(id, inode.with(inode.now().with(inode.now().bytes().plus(bytes, offset, length))));
        }

        @Override
        public void force() throws IOException {
            requireOpen();
            inodes.set(id, inodes.get(id).forced());
        }

        private void requireOpen() throws IOException {
            if (closed) {
                throw new IOException("Stream Closed");
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    // Inodes and names

    private boolean lacks(int store, Lack lack) {
        return stores.get(store).lacks().contains(lack);
    }

    private Attributes attributes(int store, int mode) {
        return lacks(store, Lack.MODES) ? Attributes.NONE : new Attributes(mode, owner);
    }

    /** What is at {@code path}; {@link Names#NOTHING} also below what is no folder. */
    private int find(Path path) {
        return find(path, 0);
    }

    private int find(Path path, int linksFollowed) {
        String[] names = partsOf(path);
        int id = inodes.mountedAt(Inodes.ROOT);
        for (int i = 0; i < names.length && id != Names.NOTHING; i++) {
            Inode inode = inodes.get(id);
            if (inode.kind() == FileStatus.Kind.LINK) {
                return linksFollowed == MOST_LINKS
                        ? Names.NOTHING
                        : find(behindLink(path, i, inode.now().target()), linksFollowed + 1);
            }
            id = inodes.mountedAt(inode.now().names().get(names[i]));
        }
        return id;
    }

    /** Where {@code path} leads whose first {@code depth} names are a link. */
    private static Path behindLink(Path path, int depth, String target) {
        Path root = Objects.requireNonNull(path.getRoot(), "an absolute path");
        Path behind = root.resolve(path.subpath(0, depth)).resolveSibling(target);
        return behind.resolve(path.subpath(depth, path.getNameCount())).normalize();
    }

    private String[] partsOf(Path path) {
        return parts.computeIfAbsent(path, unknown -> {
            if (!unknown.isAbsolute()) {
                throw new IllegalArgumentException("no absolute path: " + unknown);
            }
            String[] names = new String[unknown.getNameCount()];
            for (int i = 0; i < names.length; i++) {
                names[i] = unknown.getName(i).toString();
            }
            return names;
        });
    }

    private String nameOf(Path path) {
        String[] names = partsOf(path);
        return names[names.length - 1];
    }

    private static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent(), "a path below the root");
    }

    private int existing(Path path) throws IOException {
        int id = find(path);
        if (id == Names.NOTHING) {
            // As on Linux, where what is above decides which error it is.
            if (path.getParent() != null) {
                folderOf(path);
            }
            throw new NoSuchFileException(path.toString());
        }
        return id;
    }

    /** The folder that {@code path} is in, which may be reached through links. */
    private int folderOf(Path path) throws IOException {
        Path parent = parentOf(path);
        int id = existing(parent);
        return inodes.get(id).kind() == FileStatus.Kind.LINK
                ? folderOf(behindLink(
                        path, path.getNameCount() - 1, inodes.get(id).now().target()))
                : folder(parent);
    }

    private int folder(Path path) throws IOException {
        int id = existing(path);
        if (inodes.get(id).kind() != FileStatus.Kind.FOLDER) {
            throw new NotDirectoryException(path.toString());
        }
        return id;
    }

    private int file(Path path) throws IOException {
        int id = existing(path);
        if (inodes.get(id).kind() != FileStatus.Kind.FILE) {
            throw new FileSystemException(path.toString(), null, "is no file");
        }
        return id;
    }

    private int folderForNew(Path path) throws IOException {
        int folder = folderOf(path);
        if (find(path) != Names.NOTHING) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return folder;
    }
}
