package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Carries out a plan that is on the disk, from wherever an earlier run was cut: each step tells from the disk whether it
 * is done, and each changes one thing at once.
 */
final class PlanRunner {
    private static final int TRIES = 3;

    /** Which of the two plans of a transaction it is. */
    enum Direction {
        FORWARD,
        BACKWARD
    }

    /** How it is found out whether a file is the one that a step is about. */
    enum Comparison {
        /** By type, size and mode: nobody but this run has been here since the plan was made. */
        BY_STATUS,
        /** By content, too. */
        BY_CONTENT
    }

    private final Tree tree;
    private final Disk disk;
    private final FilePort port;
    private final Stores stores;
    private final Plan plan;
    private final Direction direction;
    private final Comparison comparison;
    private final Optional<FirmwareWriter> firmware;
    private final TransactionFolder folder;

    PlanRunner(
            Tree tree,
            Stores stores,
            Plan plan,
            Direction direction,
            Comparison comparison,
            Optional<FirmwareWriter> firmware) {
        this.tree = tree;
        this.disk = tree.disk();
        this.port = disk.port();
        this.stores = stores;
        this.plan = plan;
        this.direction = direction;
        this.comparison = comparison;
        this.firmware = firmware;
        this.folder = stores.root().transaction(plan.id());
    }

    /**
     * Changes the tree as the plan says, as far as that is left to do, forces it and checks it.
     *
     * @throws UncertainDiskException if it is not known whether a change is on the disk; then nothing may be concluded from
     *     what can be read
     * @throws IOException if a change cannot be made, or was not made; the way back is open
     */
    void changeTree() throws IOException {
        for (Step step : plan.steps()) {
            if (step.kind() != Step.Kind.ACTIVATE) {
                change(step);
            }
        }
        for (Path touched : touchedFolders()) {
            force(touched);
        }
        verify();
    }

    /**
     * Whether the firmware of the plan, once active, stays so: nobody can tell what to switch back to, or the writer cannot
     * switch. Then its activation comes last, when nobody can object any more.
     */
    boolean activatesForGood() {
        return plan.activation()
                .filter(step -> step.before() == Entry.ABSENT
                        || firmware.filter(writer -> writer.wayBack() == FirmwareWriter.WayBack.SWITCHES)
                                .isEmpty())
                .isPresent();
    }

    /** Whether this run or an earlier one has begun to make such firmware active. Only forward leads to files that fit it. */
    boolean hasBegunForGood() throws IOException {
        return activatesForGood() && !port.status(folder.activating()).isAbsent();
    }

    /**
     * Makes firmware active that stays so.
     *
     * @throws IOException if that failed; {@link #hasBegunForGood} tells whether the way back is closed
     */
    void activateForGood() throws IOException {
        boolean isFirst = !hasBegunForGood();
        if (isFirst) {
            disk.write(folder.activating(), new byte[0]);
        }
        port.forceFolder(folder.path());
        Step step = plan.activation().orElseThrow();
        try {
            activate(step);
        } catch (IOException e) {
            boolean refused = isFirst && !(e instanceof UncertainActivationException);
            if (refused || isActive(step.before())) {
                disk.removeFile(folder.activating());
            }
            throw e;
        }
    }

    private boolean isActive(Entry entry) {
        try {
            return entry instanceof Entry.Slot slot
                    && firmware.orElseThrow().active().equals(Optional.of(slot.slot()));
        } catch (IOException notKnown) {
            return false;
        }
    }

    /** Makes the firmware of the plan active, if there is any, and checks that the tree has not changed meanwhile. */
    void activate() throws IOException {
        if (plan.activation().isPresent()) {
            activate(plan.activation().get());
            verify();
        }
    }

    /** Makes the change that ends the transaction, and forces it. */
    void end() throws IOException {
        boolean forward = direction == Direction.FORWARD;
        StateFolder state = stores.root();
        moveIfThere(forward ? folder.installed() : folder.installedBack(), state.installed());
        moveIfThere(forward ? folder.state() : folder.stateBack(), state.state());
        port.forceFolder(state.path());
        if (forward) {
            moveIfThere(folder.plan(), folder.done());
        } else {
            disk.removeFile(folder.plan());
        }
        port.forceFolder(folder.path());
    }

    /** Whether every file that has still to be put is there to be put. */
    boolean hasAllStagedFiles() throws IOException {
        for (Step step : plan.steps()) {
            if (step.movesStagedFile()
                    && port.status(staged(step)).isAbsent()
                    && !matches(tree.status(step.place()), step.place(), step.after())) {
                return false;
            }
        }
        return true;
    }

    private void change(Step step) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                changeOnce(step);
                return;
            } catch (UncertainDiskException e) {
                throw e;
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private void changeOnce(Step step) throws IOException {
        DevicePath path = step.place();
        Tree.Place place = tree.locate(path);
        Path file = place.file();
        FileStatus status = place.missing().isEmpty() ? port.status(file) : FileStatus.ABSENT;
        if (isDone(step, status)) {
            if (step.kind() == Step.Kind.MKDIR) {
                force(file);
                force(Disk.parent(file));
            }
            return;
        }
        switch (step.kind()) {
            case DEL -> delete(step, file, status);
            case RMDIR -> {
                if (status.isFolder() && port.list(file).isEmpty()) {
                    port.removeFolder(file);
                }
            }
            case MKDIR -> makeFolder(tree.reach(path), status, step.after());
            case PUT, LINK -> port.move(staged(step), tree.reach(path));
            case ACTIVATE -> throw new IllegalStateException("no change of the tree");
        }
    }

    /** A file may look like the one that is to replace it: by status alone, one that is still staged was not put. */
    private boolean isDone(Step step, FileStatus status) throws IOException {
        return matches(status, step.place(), step.after())
                && (comparison == Comparison.BY_CONTENT
                        || !step.movesStagedFile()
                        || port.status(staged(step)).isAbsent());
    }

    private void delete(Step step, Path file, FileStatus status) throws IOException {
        if (matches(status, step.place(), step.before())) {
            port.unlink(file);
        } else if (status.isFile() || status.isLink()) {
            // Not what the backup holds: somebody wrote it in the meantime.
            port.move(
                    file,
                    stores.of(step.place())
                            .transaction(plan.id())
                            .late(plan.steps().indexOf(step)));
        }
    }

    private void makeFolder(Path file, FileStatus status, Entry after) throws IOException {
        if (status.isAbsent()) {
            port.makeFolder(file);
        }
        port.setAttributes(file, ((Entry.Folder) after).attributes());
        force(file);
        // Before anything is moved into it: the move uses up the staged file.
        force(Disk.parent(file));
    }

    private Path staged(Step step) {
        TransactionFolder own = stores.of(step.place()).transaction(plan.id());
        int number = step.staged().orElseThrow();
        return direction == Direction.FORWARD ? own.staged(number) : own.back(number);
    }

    /** Folders in which a name has changed, the deepest first. */
    private List<Path> touchedFolders() throws IOException {
        Set<Path> folders = new TreeSet<>(
                Comparator.comparingInt(Path::getNameCount).reversed().thenComparing(Comparator.naturalOrder()));
        for (Step step : plan.steps()) {
            if (step.kind() == Step.Kind.ACTIVATE) {
                continue;
            }
            Tree.Place place = tree.locate(step.place());
            if (place.missing().isEmpty()) {
                folders.add(Disk.parent(place.file()));
            }
        }
        return List.copyOf(folders);
    }

    private void activate(Step step) throws IOException {
        if (firmware.isEmpty()) {
            throw new IOException("the plan needs the firmware writer with which it was made");
        }
        FirmwareWriter writer = firmware.get();
        boolean cannot = direction == Direction.BACKWARD && writer.wayBack() != FirmwareWriter.WayBack.SWITCHES;
        if (cannot
                || !(step.after() instanceof Entry.Slot after)
                || writer.active().equals(Optional.of(after.slot()))) {
            return;
        }
        Optional<Path> image = step.staged().isPresent() && direction == Direction.FORWARD
                ? Optional.of(folder.staged(step.staged().getAsInt()))
                : Optional.empty();
        writer.activate(after.slot(), image);
    }

    private void verify() throws IOException {
        for (Map.Entry<DevicePath, Step> entry : plan.lastOfEachPath().entrySet()) {
            DevicePath path = entry.getKey();
            Step step = entry.getValue();
            FileStatus status = tree.status(path);
            boolean stays = step.after() == Entry.ABSENT && status.isFolder();
            if (!stays && !matches(status, path, step.after())) {
                throw new IOException("%s is not what it should be after the update".formatted(path));
            }
        }
    }

    private boolean matches(FileStatus status, DevicePath path, Entry entry) throws IOException {
        return switch (status.kind()) {
            case ABSENT -> entry == Entry.ABSENT;
            case FOLDER ->
                entry instanceof Entry.Folder folderEntry
                        && folderEntry.attributes().admit(status.attributes());
            case LINK -> entry.equals(new Entry.Link(status.target()));
            case FILE ->
                entry instanceof Entry.File file
                        && file.size() == status.size()
                        && file.mode() == status.attributes().mode()
                        && (comparison == Comparison.BY_STATUS || file.equals(disk.entry(tree.at(path))));
            case OTHER -> false;
        };
    }

    /** It is not there if it was moved before a cut. */
    private void moveIfThere(Path from, Path to) throws IOException {
        if (!port.status(from).isAbsent()) {
            port.move(from, to);
        }
    }

    private void force(Path touched) throws UncertainDiskException {
        try {
            port.forceFolder(touched);
        } catch (IOException e) {
            throw new UncertainDiskException(e);
        }
    }
}
