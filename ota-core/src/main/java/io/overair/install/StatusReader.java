package io.overair.install;

import io.overair.install.InstallationStatus.Presence;
import io.overair.install.InstallationStatus.Store;
import io.overair.install.InstallationStatus.WayBack;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads what is known about an installation; changes nothing. */
final class StatusReader {
    private StatusReader() {}

    static InstallationStatus read(Tree tree, DevicePath versionFile) throws IOException {
        StateFolder state = tree.state();
        State known = state.readState();
        Tree files = new Slots(tree).filesAsSeen();
        InstallationStatus.Phase phase =
                known.trial().isPresent() ? InstallationStatus.Phase.TRIAL : InstallationStatus.Phase.IDLE;
        Optional<String> obstacle = Optional.empty();
        Optional<LooseVersion> target = Optional.empty();
        EventLog log = new EventLog(state, Clock.systemUTC());
        if (known.trial().filter(TrialStatus::isRejected).isPresent()) {
            obstacle = log.whyNotTakenBack();
        }
        List<String> openHooks = new ArrayList<>();
        SortedMap<DevicePath, Store> stores = presence(state.readInstalled().stores(), tree);
        for (String id : state.transactionIds()) {
            TransactionFolder own = state.transaction(id);
            if (tree.disk().port().status(own.done()).isAbsent()) {
                openHooks.addAll(startedHooks(own, tree));
            }
            if (tree.disk().port().status(own.plan()).isAbsent()) {
                continue;
            }
            Optional<Plan> plan = unlessSpoilt(own.plan(), state);
            target = plan.flatMap(Plan::to);
            plan.ifPresent(it -> stores.putAll(presence(it.mountedStores(), tree)));
            Optional<byte[]> stuck = tree.disk().read(own.stuck());
            if (stuck.isPresent()) {
                phase = InstallationStatus.Phase.STUCK;
                obstacle = Optional.of(reason(stuck.get()));
            } else {
                phase = tree.disk().port().status(own.planBack()).isAbsent()
                        ? InstallationStatus.Phase.APPLYING
                        : InstallationStatus.Phase.ROLLING_BACK;
            }
        }
        WayBack wayBack = WayBack.NONE;
        Optional<Plan> done = doneOf(known, state);
        if (done.isPresent() && !wasChangedByOthers(files, state, versionFile)) {
            SortedMap<DevicePath, Store> needed = presence(done.get().mountedStores(), tree);
            stores.putAll(needed);
            boolean waits = needed.values().stream().anyMatch(store -> store.presence() == Presence.MISSING);
            wayBack = waits ? WayBack.WAITING : WayBack.OPEN;
        }
        for (DevicePath mount : hiding(known, tree)) {
            stores.putIfAbsent(mount, new Store(mount, Optional.empty(), Presence.HIDING));
        }
        return new InstallationStatus(
                version(files, state, versionFile),
                known.previous(),
                phase,
                target,
                openHooks,
                known.report(),
                known.trial(),
                known.blocked(),
                log.lastRecovery(),
                wayBack,
                holder(tree, state),
                obstacle,
                List.copyOf(stores.values()),
                warnings(tree));
    }

    private static SortedMap<DevicePath, Store> presence(Map<DevicePath, Optional<String>> ids, Tree tree) {
        SortedMap<DevicePath, Store> stores = new TreeMap<>();
        for (Map.Entry<DevicePath, Optional<String>> id : ids.entrySet()) {
            DevicePath mount = id.getKey();
            stores.put(mount, new Store(mount, id.getValue(), presence(mount, id.getValue(), tree)));
        }
        return stores;
    }

    private static Presence presence(DevicePath mount, Optional<String> id, Tree tree) {
        try {
            return Stores.isThere(tree, mount, id) ? Presence.THERE : Presence.MISSING;
        } catch (IOException notReadable) {
            // A card that fails must not hide all the rest.
            return Presence.MISSING;
        }
    }

    private static Set<DevicePath> hiding(State known, Tree tree) {
        try {
            return known.layout() instanceof Layout.InPlace
                    ? InstalledStores.of(tree.state().readInstalled(), tree, Set.of())
                            .hiding()
                    : Set.of();
        } catch (IOException notReadable) {
            return Set.of();
        }
    }

    private static List<String> startedHooks(TransactionFolder folder, Tree tree) {
        try {
            Optional<byte[]> bytes = tree.disk().read(folder.hooks());
            return bytes.isEmpty() ? List.of() : StartedHooks.parse(bytes.get()).names();
        } catch (IOException spoilt) {
            // Opening the installation says so.
            return List.of();
        }
    }

    /** The plan whose backups lead back. */
    private static Optional<Plan> doneOf(State known, StateFolder state) throws IOException {
        return known.wayBack().isEmpty()
                ? Optional.empty()
                : unlessSpoilt(state.transaction(known.wayBack().get()).done(), state);
    }

    /** A plan. One that is spoilt leads nowhere, and hides nothing else. */
    private static Optional<Plan> unlessSpoilt(Path plan, StateFolder state) throws IOException {
        try {
            return state.readPlan(plan);
        } catch (UntrustedStateException spoilt) {
            return Optional.empty();
        }
    }

    private static List<StoreWarning> warnings(Tree tree) throws IOException {
        FilePort port = tree.disk().port();
        Set<Path> stores = new LinkedHashSet<>(List.of(tree.root()));
        for (Path mount : new TreeSet<>(port.mounts())) {
            if (mount.startsWith(tree.root())) {
                stores.add(mount);
            }
        }
        List<StoreWarning> warnings = new ArrayList<>();
        for (Path store : stores) {
            try {
                if (store.equals(tree.root())
                        || StateFolder.below(tree.disk(), store).exists()) {
                    port.weaknesses(store).forEach(weakness -> warnings.add(new StoreWarning(store, weakness)));
                }
            } catch (IOException notReadable) {
                // That it is missing is told, and more is not known of it.
            }
        }
        return warnings;
    }

    private static Optional<InstallationStatus.Holder> holder(Tree tree, StateFolder state) throws IOException {
        return tree.disk()
                .read(state.lockOwner())
                .flatMap(LockHolder::parse)
                .filter(LockHolder::isAlive)
                .map(holder -> new InstallationStatus.Holder(holder.pid(), holder.program()));
    }

    /** Whether another updater, the Pycom client, has installed a version since this library did. */
    static boolean wasChangedByOthers(Tree tree, StateFolder state, DevicePath versionFile) throws IOException {
        Optional<LooseVersion> known = state.readState().version();
        return known.isPresent() && !version(tree, state, versionFile).equals(known);
    }

    /** The version, which the Pycom client may have changed since. */
    static Optional<LooseVersion> version(Tree tree, StateFolder state, DevicePath versionFile) throws IOException {
        Optional<LooseVersion> known = state.readState().version();
        Optional<Plan> unfinished = unfinished(state);
        if (unfinished.isPresent()) {
            // The file may be there already, and others not yet.
            return unfinished.get().from();
        }
        FileStatus status = tree.status(versionFile);
        if (!status.isFile() || status.size() > VersionFile.LARGEST_BYTES) {
            return known;
        }
        byte[] content = tree.disk().read(tree.at(versionFile)).orElse(new byte[0]);
        Entry.File ours = state.readInstalled().files().get(versionFile);
        boolean asWeLeftIt = ours != null
                && ours.sha256()
                        .equals(Digest.ofContent(Digest.Algorithm.SHA256, content)
                                .hex());
        return asWeLeftIt ? known : VersionFile.parse(content).or(() -> known);
    }

    /** The plan of the change that is not over. */
    private static Optional<Plan> unfinished(StateFolder state) throws IOException {
        for (String id : state.transactionIds()) {
            Optional<Plan> plan = unlessSpoilt(state.transaction(id).plan(), state);
            if (plan.isPresent()) {
                return plan;
            }
        }
        return Optional.empty();
    }

    private static String reason(byte[] stuck) {
        try {
            return SealedText.decode(SealedText.parse(stuck).get(0).get(1));
        } catch (IOException | IndexOutOfBoundsException e) {
            return "the reason could not be written down; opening the installation tells it again";
        }
    }
}
