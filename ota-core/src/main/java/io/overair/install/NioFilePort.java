package io.overair.install;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The disk of this machine.
 *
 * <p>A thread that is interrupted finishes what it is doing here and stays interrupted: half-way through an update is no
 * place to stop, and a channel would be closed by it. Where folders cannot be forced (Windows), they are not.
 */
final class NioFilePort implements FilePort {
    private static final String UNIX_ATTRIBUTES = "unix:mode,size,uid,gid,dev,ino";
    private static final int PERMISSIONS = 0777;
    private static final int SET_ID_AND_STICKY = 07000;

    /** Stores that have neither modes nor links, though the kernel makes modes up for them. */
    private static final Set<String> FAT = Set.of("vfat", "msdos", "exfat", "fat", "fat32");

    /** Stores of other machines. */
    private static final Set<String> SHARES = Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs");

    /** With less than a block, a store has no room. */
    private static final long LEAST_ROOM = 4096;

    /** English, as launchers and units have it with LC_ALL=C.UTF-8; in any other language {@link #LEAST_ROOM} tells. */
    private static final Set<String> FULL =
            Set.of("no space left on device", "disk quota exceeded", "there is not enough space on the disk");

    /** Whether the store with this device number is one of {@link #FAT}: asking means reading the mount table. */
    private final Map<Object, Boolean> fat = new ConcurrentHashMap<>();

    private final Path mountTable;

    NioFilePort() {
        this(Path.of("/proc/self/mountinfo"));
    }

    /** Only tests have another mount table. */
    NioFilePort(Path mountTable) {
        this.mountTable = mountTable;
    }

    private record Inode(Object device, Object number) {}

    @Override
    public FileStatus status(Path path) throws IOException {
        try {
            return isUnix(path) ? unixStatus(path) : basicStatus(path);
        } catch (NoSuchFileException e) {
            return FileStatus.ABSENT;
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) {
            if (hasNoFolderAbove(path)) {
                return FileStatus.ABSENT;
            }
            throw e;
        }
    }

    private FileStatus unixStatus(Path path) throws IOException {
        Map<String, Object> values = Files.readAttributes(path, UNIX_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        int mode = (int) value(values, "mode");
        // The file type in st_mode, as POSIX systems have it.
        FileStatus.Kind kind = switch (mode & 0170000) {
            case 0100000 -> FileStatus.Kind.FILE;
            case 0040000 -> FileStatus.Kind.FOLDER;
            case 0120000 -> FileStatus.Kind.LINK;
            default -> FileStatus.Kind.OTHER;
        };
        Object device = value(values, "dev");
        Attributes attributes = isFat(device, path)
                ? Attributes.NONE
                : new Attributes(mode & bitsOf(kind), value(values, "uid") + ":" + value(values, "gid"));
        Object identity = new Inode(device, value(values, "ino"));
        return status(path, kind, (long) value(values, "size"), attributes, device, identity);
    }

    /** Set-id bits were given to the content of a file, not to what comes in its place; those of a folder are its own. */
    private static int bitsOf(FileStatus.Kind kind) {
        return kind == FileStatus.Kind.FOLDER ? PERMISSIONS | SET_ID_AND_STICKY : PERMISSIONS;
    }

    private static Object value(Map<String, Object> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static FileStatus basicStatus(Path path) throws IOException {
        BasicFileAttributes values = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        FileStatus.Kind kind = values.isRegularFile()
                ? FileStatus.Kind.FILE
                : values.isDirectory()
                        ? FileStatus.Kind.FOLDER
                        : values.isSymbolicLink() ? FileStatus.Kind.LINK : FileStatus.Kind.OTHER;
        Object identity = values.fileKey() == null ? path : values.fileKey();
        return status(path, kind, values.size(), Attributes.NONE, Files.getFileStore(path), identity);
    }

    private static FileStatus status(
            Path path, FileStatus.Kind kind, long size, Attributes attributes, Object store, Object identity)
            throws IOException {
        return new FileStatus(
                kind,
                kind == FileStatus.Kind.FILE ? size : 0,
                attributes,
                kind == FileStatus.Kind.LINK ? Files.readSymbolicLink(path).toString() : "",
                store,
                identity);
    }

    @Override
    public Set<Path> mounts() throws IOException {
        try (BufferedReader table = Files.newBufferedReader(mountTable, StandardCharsets.ISO_8859_1)) {
            return MountTable.points(table);
        } catch (NoSuchFileException | AccessDeniedException e) {
            // No Linux, or one that shows no /proc: then only device numbers tell one store from another.
            return Set.of();
        }
    }

    @Override
    public Set<StoreWarning.Weakness> weaknesses(Path folder) {
        Set<StoreWarning.Weakness> weaknesses = weaknesses(storeType(folder));
        if (!isUnix(folder)) {
            weaknesses.add(StoreWarning.Weakness.FOLDERS_CANNOT_BE_FORCED);
        }
        return weaknesses;
    }

    /** Those of a store of this type, whatever machine it is. */
    static Set<StoreWarning.Weakness> weaknesses(String storeType) {
        Set<StoreWarning.Weakness> weaknesses = EnumSet.noneOf(StoreWarning.Weakness.class);
        if (FAT.contains(storeType)) {
            weaknesses.add(StoreWarning.Weakness.RENAMES_ARE_NOT_ATOMIC);
        }
        if (SHARES.contains(storeType)) {
            weaknesses.add(StoreWarning.Weakness.LOCKS_ARE_LOCAL);
        }
        return weaknesses;
    }

    /** Told by the folders and not by the error's text, which is in the language of the machine. */
    private static boolean hasNoFolderAbove(Path path) {
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (Files.exists(above)) {
                return !Files.isDirectory(above);
            }
        }
        return false;
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        requireFolder(folder);
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                names.add(nameOf(path));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(null);
        return names;
    }

    private static String nameOf(Path path) {
        return Objects.requireNonNull(path.getFileName()).toString();
    }

    @Override
    public InputStream read(Path file) throws IOException {
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public Output create(Path file) throws IOException {
        writing(file, () -> Files.createFile(file, onlyForOwner(file, "rw-------")));
        return new FileOutput(file);
    }

    @Override
    public Output append(Path file) throws IOException {
        requireFile(file);
        return new FileOutput(file);
    }

    /**
     * By a channel that no interrupt closes: one that an interrupt closes reports that instead of a failure, and to force
     * once more would prove nothing. It needs no threads for this.
     */
    @Override
    public void forceFolder(Path folder) throws IOException {
        requireFolder(folder);
        try (AsynchronousFileChannel channel =
                AsynchronousFileChannel.open(folder, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            if (isUnix(folder)) {
                throw e;
            }
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        writing(to, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    @Override
    public void link(Path existing, Path added) throws IOException {
        try {
            writing(added, () -> Files.createLink(added, existing));
        } catch (FileSystemException e) {
            if (leavesReasonOpen(e) && sharesMount(existing, Disk.parent(added))) {
                throw new UnsupportedOperationException(e);
            }
            throw e;
        }
    }

    /**
     * Whether the store may have said that it has no links, or no more for this file, or none for this user: Java has no type
     * for these, and the text is in the language of the machine. A copy fails as well where it was something worse.
     */
    static boolean leavesReasonOpen(FileSystemException e) {
        return e.getClass() == FileSystemException.class;
    }

    /** Whether {@code folder} is one, and in the same mount as {@code file}: out of that no link leads, whatever the store. */
    private boolean sharesMount(Path file, Path folder) throws IOException {
        FileStatus status = status(folder);
        Set<Path> mounts = mounts();
        return status.isFolder()
                && status.store().equals(status(file).store())
                && mountOf(folder, mounts).equals(mountOf(file, mounts));
    }

    /** The deepest of {@code mounts} that leads to {@code path}. */
    private static Optional<Path> mountOf(Path path, Set<Path> mounts) {
        return mounts.stream().filter(path::startsWith).max(Comparator.comparingInt(Path::getNameCount));
    }

    @Override
    public void symlink(Path link, String target) throws IOException {
        Path text = link.getFileSystem().getPath(target);
        writing(link, () -> Files.createSymbolicLink(link, text));
    }

    @Override
    public void unlink(Path file) throws IOException {
        if (status(file).isFolder()) {
            throw new FileSystemException(file.toString(), null, "is a folder");
        }
        Files.delete(file);
    }

    @Override
    public void removeFolder(Path folder) throws IOException {
        requireFolder(folder);
        Files.delete(folder);
    }

    private static void requireFolder(Path folder) throws IOException {
        if (!Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isDirectory()) {
            throw new NotDirectoryException(folder.toString());
        }
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        writing(folder, () -> Files.createDirectory(folder, onlyForOwner(folder, "rwx------")));
    }

    @Override
    public void setAttributes(Path path, Attributes attributes) throws IOException {
        FileStatus found = status(path);
        if (found.isAbsent()) {
            throw new NoSuchFileException(path.toString());
        }
        if (found.attributes().equals(Attributes.NONE)) {
            return;
        }
        // The owner first: changing it may take bits of the mode away.
        String owner = attributes.owner();
        if (!owner.equals(Attributes.NO_OWNER)
                && !owner.equals(found.attributes().owner())) {
            String[] userAndGroup = owner.split(":", 2);
            set(path, "unix:uid", Integer.parseInt(userAndGroup[0]));
            set(path, "unix:gid", Integer.parseInt(userAndGroup[1]));
        }
        if (attributes.mode() != Attributes.NO_MODE) {
            set(path, "unix:mode", attributes.mode());
        }
    }

    private static void set(Path path, String attribute, int value) throws IOException {
        Files.setAttribute(path, attribute, value, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void copyUserAttributes(Path from, Path to) throws IOException {
        UserDefinedFileAttributeView old = userAttributes(from);
        UserDefinedFileAttributeView now = userAttributes(to);
        List<String> wanted = namesOf(from, old);
        for (String name : namesOf(to, now)) {
            if (!wanted.contains(name)) {
                now.delete(name);
            }
        }
        for (String name : wanted) {
            ByteBuffer value = ByteBuffer.allocate(old.size(name));
            old.read(name, value);
            writing(to, () -> now.write(name, value.flip()));
        }
    }

    private static UserDefinedFileAttributeView userAttributes(Path file) {
        return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<String> namesOf(Path file, UserDefinedFileAttributeView view) throws IOException {
        if (view == null) {
            return List.of();
        }
        try {
            return view.list();
        } catch (FileSystemException e) {
            if (!hasUserAttributes(file)) {
                return List.of();
            }
            throw e;
        }
    }

    private static boolean hasUserAttributes(Path file) {
        try {
            return Files.getFileStore(file).supportsFileAttributeView(UserDefinedFileAttributeView.class);
        } catch (IOException e) {
            // No mount table to read: then what the file itself answered counts.
            return false;
        }
    }

    @Override
    public boolean isWritable(Path folder) {
        return Files.isWritable(folder) && Files.isReadable(folder) && Files.isExecutable(folder);
    }

    @Override
    public long usableSpace(Path path) throws IOException {
        Path existing = path;
        while (status(existing).isAbsent()) {
            existing = Objects.requireNonNull(existing.getParent(), "the root exists");
        }
        return spaceAt(existing);
    }

    /** Asked this way since a {@code FileStore} wants to be found in a mount table, which not every device has. */
    private static long spaceAt(Path existing) {
        File file = existing.toFile();
        // A store that tells no size at all, such as a ramfs, has no room that could be told either.
        return file.getTotalSpace() == 0 ? Long.MAX_VALUE : file.getUsableSpace();
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        if (!status(file).isAbsent()) {
            requireFile(file);
        }
        return InstallationLock.take(file, onlyForOwner(file, "rw-------"));
    }

    private void requireFile(Path file) throws IOException {
        FileStatus found = status(file);
        if (found.isAbsent()) {
            throw new NoSuchFileException(file.toString());
        }
        if (!found.isFile()) {
            throw new FileSystemException(file.toString(), null, "is no file");
        }
    }

    private static boolean isUnix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private static FileAttribute<?>[] onlyForOwner(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private boolean isFat(Object device, Path path) {
        return fat.computeIfAbsent(device, unknown -> FAT.contains(storeType(path)));
    }

    private static String storeType(Path path) {
        try {
            return Files.getFileStore(path).type().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            // No mount table to read: then it is taken for a store as Unix has them.
            return "";
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    private static void writing(Path path, Change change) throws IOException {
        try {
            change.make();
        } catch (IOException e) {
            if (isFull(path, e)) {
                throw new InsufficientSpaceException("no room for " + path, e);
            }
            throw e;
        }
    }

    /** A failed force gives no reason, and what others give may be in another language. */
    private static boolean isFull(Path path, IOException e) {
        return says(e, FULL) || spaceAt(Files.exists(path) ? path : Disk.parent(path)) < LEAST_ROOM;
    }

    private static boolean says(IOException e, Set<String> reasons) {
        String text = e instanceof FileSystemException known ? known.getReason() : e.getMessage();
        return text != null && reasons.stream().anyMatch(text.toLowerCase(Locale.ROOT)::contains);
    }

    /**
     * A stream, since an interrupt closes a channel. It opens what is there already, so it appends: any other way of
     * opening would truncate.
     */
    private static final class FileOutput implements Output {
        private final Path file;
        private final FileOutputStream stream;

        FileOutput(Path file) throws IOException {
            this.file = file;
            this.stream = new FileOutputStream(file.toFile(), true);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writing(file, () -> stream.write(bytes, offset, length));
        }

        @Override
        public void force() throws IOException {
            writing(file, stream.getFD()::sync);
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
