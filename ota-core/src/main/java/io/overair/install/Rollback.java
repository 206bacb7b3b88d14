package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The way back from what is installed: a transaction whose target is what the last one found. */
final class Rollback {
    private final Tree tree;
    private final Disk disk;
    private final StateFolder state;
    private final Optional<FirmwareWriter> firmware;
    private final DevicePath versionFile;
    private final Function<DevicePath, LocalChanges> localChanges;
    private final Set<DevicePath> replaced;
    private final Set<DevicePath> concessions = new TreeSet<>();

    Rollback(Tree tree, StateFolder state, InstallationOptions options) {
        this.tree = tree;
        this.disk = tree.disk();
        this.state = state;
        this.firmware = options.firmware();
        this.versionFile = options.versionFile();
        this.localChanges = options::localChanges;
        this.replaced = options.replacedStores();
    }

    /** {@code reason} and {@code after} are about the release that goes. */
    Draft draft(Optional<String> reason, AfterRollback after) throws IOException {
        State now = state.readState();
        if (now.wayBack().isEmpty()) {
            throw new NoWayBackException("no version before this one is known");
        }
        if (StatusReader.wasChangedByOthers(new Slots(tree).files(), state, versionFile)) {
            throw new NoWayBackException("another updater has installed a version since");
        }
        // A release on trial may have changed files, and cannot be left otherwise: whatever is there is better.
        boolean mayAsk = now.trial().isEmpty();
        String id = now.wayBack().get();
        TransactionFolder folder = state.transaction(id);
        Set<DevicePath> gone = leftOut();
        Plan done = doneOf(folder).without(gone);
        Stores stores = storesOf(done);

        SortedMap<DevicePath, Planner.Wanted> wanted = done.wantedBefore();
        Map<DevicePath, Draft.Source> sources = new HashMap<>();
        for (Step step : done.steps()) {
            if (step.backup().isPresent()) {
                Path backup = stores.of(step.place())
                        .transaction(id)
                        .backup(step.backup().getAsInt());
                Entry found = disk.entry(backup);
                if (!found.equals(step.before())) {
                    if (mayAsk || !(found instanceof Entry.File)) {
                        throw new NoWayBackException("the backup of %s is not what it was".formatted(step.place()));
                    }
                    // It shares its content with a file that the application before still has open, a log perhaps.
                    wanted.put(
                            step.place(),
                            Planner.Wanted.staged(found, step.backup().getAsInt()));
                    concessions.add(step.place());
                }
                sources.put(step.place(), place -> disk.linkOrCopy(backup, place));
            }
        }
        if (now.layout() instanceof Layout.Slots) {
            SlotWayBack slots = new SlotWayBack(tree, done);
            if (mayAsk) {
                slots.checkIsWhatItWas();
                slots.checkLocalChanges(localChanges);
            } else {
                slots.checkIsThere();
            }
        } else if (mayAsk) {
            checkLocalChanges(done);
        } else {
            clearTheWay(wanted);
        }
        Planner.Steps steps = Planner.plan(tree, disk::entry, wanted, done.lastPut());
        InstalledFiles installed = state.readInstalled(folder.installedBack())
                .orElseThrow(() -> new NoWayBackException("the list of what was installed before is missing"));
        State then = state.readState(folder.stateBack())
                .orElseThrow(() -> new NoWayBackException("the state before the last update is missing"));
        return new Draft(
                done.to(),
                done.from(),
                steps,
                switchBack(done, now),
                Optional.empty(),
                sources,
                installed.without(gone),
                Outcome.ROLLED_BACK,
                (before, own) -> before.rolledBack(done.from(), then, reason, after));
    }

    private Plan doneOf(TransactionFolder folder) throws IOException {
        return state.readPlan(folder.done())
                .orElseThrow(() -> new NoWayBackException("the plan of the last update is missing"));
    }

    /** Where stores are gone for good, and with them what would lead back there: nothing is changed on what is there now. */
    Set<DevicePath> leftOut() throws IOException {
        Optional<String> wayBack = state.readState().wayBack();
        return wayBack.isPresent() ? Stores.gone(doneOf(state.transaction(wayBack.get())), tree, replaced) : Set.of();
    }

    private Stores storesOf(Plan done) throws IOException {
        try {
            return Stores.of(done, tree);
        } catch (MissingStoreException e) {
            throw e;
        } catch (IOException missing) {
            throw NoWayBackException.forNow(String.valueOf(missing.getMessage()));
        }
    }

    /** What the release has put where folders were: a link to a card, say, on which it has gone on with what was in there. */
    private void clearTheWay(SortedMap<DevicePath, Planner.Wanted> wanted) throws IOException {
        Set<DevicePath> obstacles = new TreeSet<>();
        for (Map.Entry<DevicePath, Planner.Wanted> entry : wanted.entrySet()) {
            Tree.Place place = tree.locate(entry.getKey());
            boolean isPut = entry.getValue().entry() != Entry.ABSENT;
            if (isPut && (place.obstacle().isLink() || place.obstacle().isFile())) {
                obstacles.add(place.missing().orElseThrow());
            }
        }
        for (DevicePath obstacle : obstacles) {
            Planner.Wanted found = wanted.putIfAbsent(obstacle, Planner.Wanted.ABSENT);
            if (found == null || found.entry() instanceof Entry.Folder) {
                concessions.add(obstacle);
            }
        }
    }

    /** What the last draft does not bring back as it was, or what it removes, since a release on trial cannot stay for that. */
    Set<DevicePath> concessions() {
        return concessions;
    }

    /** There is no copy of what a rollback replaces, so it asks before it replaces what somebody has changed. */
    private void checkLocalChanges(Plan done) throws IOException {
        for (Map.Entry<DevicePath, Step> entry : done.lastOfEachPath().entrySet()) {
            DevicePath path = entry.getKey();
            if (localChanges.apply(path) != LocalChanges.REPLACE
                    && tree.status(path).isFile()
                    && !tree.entry(path).equals(entry.getValue().after())) {
                throw new ConflictException(path.value(), "it was changed on the device since it was installed");
            }
        }
    }

    private Optional<Step> switchBack(Plan done, State now) throws IOException {
        Optional<Step> activation = done.activation();
        if (activation.isEmpty()) {
            return Optional.empty();
        }
        FirmwareWriter writer = firmware.orElseThrow(
                () -> NoWayBackException.forNow("the last update brought firmware, and there is no firmware writer"));
        if (writer.wayBack() == FirmwareWriter.WayBack.STAYS) {
            return Optional.empty();
        }
        if (writer.wayBack() == FirmwareWriter.WayBack.REFUSED) {
            throw new NoWayBackException("the firmware writer cannot switch back");
        }
        if (now.previousFirmware() == State.PreviousFirmware.LOST) {
            throw new NoWayBackException("the slot of the firmware before was overwritten since");
        }
        Step step = activation.get();
        Entry before = slotBefore(step);
        if (!(before instanceof Entry.Slot slot) || !writer.holds(slot.slot())) {
            throw new NoWayBackException("the firmware before is no longer in its slot");
        }
        Entry active = writer.active().<Entry>map(Entry.Slot::new).orElse(Entry.ABSENT);
        return Optional.of(new Step(
                Step.Kind.ACTIVATE, Optional.empty(), active, before, OptionalInt.empty(), OptionalInt.empty()));
    }

    /** A writer that cannot be asked what is active may still know the way back from what it made active. */
    private static Entry slotBefore(Step activation) {
        return activation.before() == Entry.ABSENT && activation.after() instanceof Entry.Slot after
                ? new Entry.Slot(new FirmwareSlot(after.slot().name(), Optional.empty()))
                : activation.before();
    }
}
