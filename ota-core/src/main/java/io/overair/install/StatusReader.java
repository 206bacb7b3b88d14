package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
        for (String id : state.transactionIds()) {
            TransactionFolder own = state.transaction(id);
            if (tree.disk().port().status(own.plan()).isAbsent()) {
                continue;
            }
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
        return new InstallationStatus(
                version(files, state, versionFile),
                known.previous(),
                phase,
                known.report(),
                known.trial(),
                known.blocked(),
                new EventLog(state, Clock.systemUTC()).lastRecovery(),
                known.wayBack().isPresent() && !wasChangedByOthers(files, state, versionFile)
                        ? InstallationStatus.WayBack.OPEN
                        : InstallationStatus.WayBack.NONE,
                holder(tree, state),
                obstacle,
                warnings(tree));
    }

    private static List<StoreWarning> warnings(Tree tree) throws IOException {
        FilePort port = tree.disk().port();
        Set<Path> stores = new LinkedHashSet<>(List.of(tree.root()));
        for (Path mount : new TreeSet<>(port.mounts())) {
            if (mount.startsWith(tree.root())
                    && StateFolder.below(tree.disk(), mount).exists()) {
                stores.add(mount);
            }
        }
        List<StoreWarning> warnings = new ArrayList<>();
        for (Path store : stores) {
            port.weaknesses(store).forEach(weakness -> warnings.add(new StoreWarning(store, weakness)));
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

    private static String reason(byte[] stuck) {
        try {
            return SealedText.decode(SealedText.parse(stuck).get(0).get(1));
        } catch (IOException | IndexOutOfBoundsException e) {
            return "the reason is not known";
        }
    }
}
