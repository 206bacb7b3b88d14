package io.overair.install;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.overair.manifest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The folder {@code .ota} at the root of the tree, or of a file store that is mounted in it: what lies where. */
record StateFolder(Disk disk, Path path) {
    static final String NAME = ".ota";

    private static final int OTHERS = 0077;

    /** What Linux tells of this program; the last of the four users is the one that files are made as. */
    private static final Path SELF = Path.of("/proc/self/status");

    private static final Pattern FILE_USER = Pattern.compile("(?m)^Uid:\\s+\\d+\\s+\\d+\\s+\\d+\\s+(\\d+)$");
    private static final int LARGEST_STATUS = 1 << 16;

    static StateFolder below(Disk disk, Path mount) {
        return new StateFolder(disk, mount.resolve(NAME));
    }

    /** Root of the tree or of the file store. */
    Path mount() {
        return Disk.parent(path);
    }

    Path lock() {
        return path.resolve("lock");
    }

    Path lockOwner() {
        return path.resolve("lock.owner");
    }

    Path state() {
        return path.resolve("state");
    }

    Path installed() {
        return path.resolve("installed");
    }

    Path log() {
        return path.resolve("log");
    }

    /** Room for a rollback. */
    Path reserve() {
        return path.resolve("reserve");
    }

    Path reserveOfWords() {
        return path.resolve("reserve.words");
    }

    /** A folder to try something with; empty, and there for as long as that takes. */
    Path probe() {
        return path.resolve("probe");
    }

    /** What the firmware writer keeps for itself. */
    Path firmware() {
        return path.resolve("firmware");
    }

    /** Where the commands of hooks print while they run. */
    Path hookOutputs() {
        return path.resolve("hook-output");
    }

    /** Where downloads lie until they are whole, and until they are needed. */
    Path parts() {
        return path.resolve("part");
    }

    Path part(String name) {
        return parts().resolve(name);
    }

    Path transactions() {
        return path.resolve("txn");
    }

    TransactionFolder transaction(String id) {
        return new TransactionFolder(transactions().resolve(id));
    }

    /** What is known of each slot. */
    Path slots() {
        return path.resolve("slots");
    }

    Path slot(String id) {
        return slots().resolve(id);
    }

    private Path store() {
        return path.resolve("store");
    }

    /**
     * Makes the folder if it is missing.
     *
     * @throws UntrustedStateException if others may look or write into it
     */
    void make() throws IOException {
        try {
            disk.makeFolder(path);
        } catch (FileAlreadyExistsException e) {
            // Another updater was faster; what it made is checked like anything else.
        }
        check();
    }

    boolean exists() throws IOException {
        return !disk.port().status(path).isAbsent();
    }

    /** Whether this store takes names that differ in case only for two names. The folder must be there. */
    boolean tellsCasesApart() throws IOException {
        String upper = NAME.toUpperCase(Locale.ROOT);
        return disk.port().status(mount().resolve(upper)).isAbsent()
                || disk.port().list(mount()).contains(upper);
    }

    /** That nobody else can have put anything into it. */
    void check() throws IOException {
        FileStatus status = disk.port().status(path);
        if (!status.isFolder()) {
            throw new UntrustedStateException(path, "it is not a folder");
        }
        int mode = status.attributes().mode();
        if (mode != Attributes.NO_MODE && (mode & OTHERS) != 0) {
            throw new UntrustedStateException(
                    path, "others have access to it (mode %s, must be 700)".formatted(Integer.toOctalString(mode)));
        }
    }

    /**
     * That it belongs to whoever runs this program, where the system says who that is: nobody who may change names in it can
     * have a say in that. To be called before anything is made in it.
     */
    void checkOwner() throws IOException {
        if (!disk.port().status(SELF).isFile()) {
            return;
        }
        try (InputStream status = disk.port().read(SELF)) {
            Matcher user = FILE_USER.matcher(new String(status.readNBytes(LARGEST_STATUS), US_ASCII));
            if (user.find()) {
                checkUser(user.group(1));
            }
        }
    }

    /** That it belongs to whoever runs this program: {@code own} is a file that this program has just made. */
    void checkOwnerIsThatOf(Path own) throws IOException {
        String expected = disk.port().status(own).attributes().owner();
        if (!expected.equals(Attributes.NO_OWNER)) {
            checkUser(user(expected));
        }
    }

    private void checkUser(String expected) throws IOException {
        String actual = disk.port().status(path).attributes().owner();
        if (!actual.equals(Attributes.NO_OWNER) && !user(actual).equals(expected)) {
            throw new UntrustedStateException(
                    path, "it belongs to user %s, this program runs as %s".formatted(user(actual), expected));
        }
    }

    private static String user(String owner) {
        return owner.substring(0, Math.max(owner.indexOf(':'), 0));
    }

    Optional<String> storeId() throws IOException {
        Optional<byte[]> bytes = read(store());
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SealedText.parse(bytes.get()).get(0).get(1));
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new UntrustedStateException(store(), "it is spoilt", e);
        }
    }

    /** The id of this file store, which gets one now if it has none. */
    String storeIdOr(String fresh) throws IOException {
        Optional<String> known = storeId();
        if (known.isEmpty()) {
            disk.writeAtomically(
                    store(), new SealedText().line("OTASTORE", fresh).toBytes());
        }
        return known.orElse(fresh);
    }

    State readState() throws IOException {
        return readState(state()).orElse(State.FIRST);
    }

    /** A state of some time, if there is such a file. */
    Optional<State> readState(Path file) throws IOException {
        Optional<byte[]> bytes = read(file);
        try {
            return bytes.isEmpty() ? Optional.empty() : Optional.of(State.parse(bytes.get()));
        } catch (IOException e) {
            throw new UntrustedStateException(file, "it is spoilt", e);
        }
    }

    InstalledFiles readInstalled() throws IOException {
        return readInstalled(installed()).orElse(InstalledFiles.NONE);
    }

    /** A list of what was installed at some time, if there is such a file. */
    Optional<InstalledFiles> readInstalled(Path file) throws IOException {
        return read(file, InstalledFiles::parse);
    }

    /** A plan, if there is such a file. */
    Optional<Plan> readPlan(Path file) throws IOException {
        Optional<Plan> plan = read(file, Plan::parse);
        if (plan.isPresent() && !Disk.parent(file).endsWith(plan.get().id())) {
            throw new UntrustedStateException(file, "it belongs to another transaction");
        }
        return plan;
    }

    /** What is known of a slot. */
    SlotNote readSlot(String id) throws IOException {
        return read(slot(id), SlotNote::parse)
                .orElseThrow(() -> new UntrustedStateException(slot(id), "it is missing"));
    }

    private interface Parser<T> {
        T parse(InputStream input) throws IOException;
    }

    private <T> Optional<T> read(Path file, Parser<T> parser) throws IOException {
        checkIsFileOrAbsent(file);
        if (disk.port().status(file).isAbsent()) {
            return Optional.empty();
        }
        try (InputStream input = disk.port().read(file)) {
            return Optional.of(parser.parse(input));
        } catch (SpoiltException e) {
            throw new UntrustedStateException(file, "it is spoilt", e);
        }
    }

    private Optional<byte[]> read(Path file) throws IOException {
        checkIsFileOrAbsent(file);
        return disk.read(file);
    }

    private void checkIsFileOrAbsent(Path file) throws IOException {
        FileStatus status = disk.port().status(file);
        if (!status.isAbsent() && !status.isFile()) {
            throw new UntrustedStateException(file, "it is no file");
        }
    }

    List<String> transactionIds() throws IOException {
        return disk.port().status(transactions()).isFolder() ? disk.port().list(transactions()) : new ArrayList<>();
    }

    /** Whether the plan of this transaction is there, and not done. */
    boolean isCommitted(String id) throws IOException {
        return !disk.port().status(transaction(id).plan()).isAbsent();
    }

    /** Removes all of a transaction. A plan without the files it leans on must not be found. */
    void discard(String id) throws IOException {
        TransactionFolder own = transaction(id);
        if (isCommitted(id)) {
            disk.port().unlink(own.plan());
            disk.port().forceFolder(own.path());
        }
        disk.removeTree(own.path());
    }

    /** Removes all that is beside {@code kept} in a folder; whether there was anything. */
    boolean discardAllBut(Path kept) throws IOException {
        boolean found = false;
        for (String name : disk.port().list(Disk.parent(kept))) {
            Path other = kept.resolveSibling(name);
            if (!other.equals(kept)) {
                disk.removeTree(other);
                found = true;
            }
        }
        return found;
    }

    /** Name of a partial download: what it is to become tells one from the other across restarts. */
    static String partName(Digest digest, int duplicate) {
        return duplicate == 0 ? digest.hex() : digest.hex() + "." + duplicate;
    }
}
